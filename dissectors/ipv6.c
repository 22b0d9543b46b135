/* SPDX-License-Identifier: BSD-3-Clause */
/* IPv6: RFC 8200; jumbograms: RFC 2675. */
#include "dissectors/ip.h"

#include <netinet/in.h>

#include "dissectors/ipv6_extension.h"
#include "dissectors/labels.h"
#include "dissectors/protocols.h"

enum { HEADER = 40, PROTOCOL_MOBILITY_OLD = 62 };

static const struct dissector *extension_dissector(uint8_t next_header)
{
	switch (next_header) {
	case IPPROTO_HOPOPTS:
		return &ipv6_hop_dissector;
	case IPPROTO_DSTOPTS:
		return &ipv6_destination_dissector;
	case IPPROTO_FRAGMENT:
		return &ipv6_fragment_dissector;
	case IPPROTO_ROUTING:
		return &ipv6_routing_dissector;
	case IPPROTO_MH:
	case PROTOCOL_MOBILITY_OLD:
		return &ipv6_mobility_dissector;
	default:
		return NULL;
	}
}

/*
 * Where a walk through the extension headers stands. Decoding and printing
 * take the same steps.
 */
struct walk {
	uint32_t captured; /* from the IPv6 header, in the datagram */
	uint32_t offset;   /* of the header that is due */
	uint32_t left;	   /* of the datagram, from there */
	uint8_t next_header;
	bool found_extension, found_hop;
	uint32_t jumbo;
};

static struct walk walk_begin(const struct layer *layer)
{
	const struct ipv6 *ip = &layer->ipv6;
	uint32_t total = HEADER + (ip->payload_length ? ip->payload_length
						      : layer->length);

	return (struct walk){
		.captured = layer->captured < total ? layer->captured : total,
		.left = total,
		.next_header = ip->next_header,
	};
}

/* Pass @size bytes; false if the datagram has fewer. */
static bool walk_pass(struct walk *w, uint32_t size)
{
	if (w->left < size)
		return false;
	w->offset += size;
	w->left -= size;
	return true;
}

/* The lengths of what follows the last extension header; false if they cannot
 * be. Also whether the datagram is longer than the frame. */
static bool walk_end(struct walk *w, const struct layer *layer)
{
	uint32_t total;

	if (w->jumbo)
		total = w->jumbo + HEADER;
	else if (layer->ipv6.payload_length)
		return true;
	else if (w->found_extension)
		return false;
	else
		total = HEADER;
	if (total < w->offset)
		return false;
	w->captured = layer->captured < total ? layer->captured : total;
	w->left = total - w->offset;
	return true;
}

static void decode_header(struct ipv6 *ip, struct cursor *c)
{
	const uint8_t *address;

	ip->flow = cursor_be32(c);
	ip->payload_length = cursor_be16(c);
	ip->next_header = cursor_u8(c);
	ip->hop_limit = cursor_u8(c);
	if ((address = cursor_take(c, 16)))
		memcpy(ip->source, address, 16);
	if ((address = cursor_take(c, 16)))
		memcpy(ip->destination, address, 16);
}

static struct window walk_window(const struct walk *w,
				 const struct layer *layer)
{
	uint32_t there = w->captured > w->offset ? w->captured - w->offset : 0;

	return (struct window){layer->data + w->offset, there, w->left};
}

/* Decode the extension header that is due; false if the walk ends there. */
static bool decode_extension(struct dissection *d, struct walk *w,
			     const struct layer *ip,
			     const struct dissector *extension)
{
	const struct layer *layer;

	if (extension == &ipv6_hop_dissector && w->found_extension)
		return false;
	dissect_payload(d, extension, walk_window(w, ip));
	if (d->layer->next == LAYER_NONE)
		return false;
	d->layer = &d->packet->layers[d->layer->next];
	layer = d->layer;
	if (extension == &ipv6_hop_dissector) {
		w->jumbo = layer->extension.identifier;
		if (!ip->ipv6.payload_length && !w->jumbo)
			return false;
	}
	w->found_extension = true;
	w->next_header = layer->extension.next_header;
	return layer->extension.size && extension != &ipv6_mobility_dissector &&
	       walk_pass(w, layer->extension.size);
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	const struct dissector *extension;
	struct walk w;

	layer->flags &= (uint16_t)~LAYER_FRAGMENT;
	decode_header(&layer->ipv6, &d->cursor);
	if (d->cursor.overrun || layer->length < HEADER) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (layer->ipv6.flow >> 28 != 6) {
		layer->flags |= LAYER_BAD_VERSION;
		return;
	}
	w = walk_begin(layer);
	if (!walk_pass(&w, HEADER))
		return;
	while ((extension = extension_dissector(w.next_header)))
		if (!decode_extension(d, &w, layer, extension))
			return;
	layer->ipv6.jumbo_length = w.jumbo;
	if (!walk_end(&w, layer)) {
		layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	ip_decode_payload(d, 6, w.next_header, walk_window(&w, layer));
}

/* The last address of a routing header at @c, or NULL. */
static const uint8_t *last_of_route(struct cursor c)
{
	uint8_t length, type;
	const uint8_t *last = NULL;

	cursor_skip(&c, 1);
	length = cursor_u8(&c);
	type = cursor_u8(&c);
	cursor_skip(&c, 5);
	if (length % 2 || c.overrun)
		return NULL;
	if (type == 4)
		return cursor_take(&c, 16);
	if (type != 0 && type != 2)
		return NULL;
	for (int i = 0; i < length / 2; i++) {
		const uint8_t *address = cursor_take(&c, 16);

		if (!address)
			break;
		last = address;
	}
	return last;
}

const uint8_t *ipv6_final_destination(const struct layer *layer)
{
	struct cursor c = cursor_make(layer->data, layer->captured);
	const uint8_t *last = NULL;
	uint8_t next_header = layer->ipv6.next_header;

	cursor_skip(&c, HEADER);
	while (cursor_has(&c, 2)) {
		uint32_t size = ((uint32_t)c.at[1] + 1) * 8;

		if (next_header == IPPROTO_ROUTING) {
			last = last_of_route(c);
			break;
		}
		if (!extension_dissector(next_header))
			break;
		if (next_header == IPPROTO_FRAGMENT)
			size = 8;
		next_header = c.at[0];
		cursor_skip(&c, size);
		if (c.overrun)
			break;
	}
	return last ? last : layer->ipv6.destination;
}

static void text_header(struct text *t, const struct ipv6 *ip)
{
	put_char(t, '(');
	if (ip->flow & 0x0ff00000)
		put(t, "class 0x%02x, ", ip->flow >> 20 & 0xff);
	if (ip->flow & 0x000fffff)
		put(t, "flowlabel 0x%05x, ", ip->flow & 0x000fffff);
	put(t, "hlim %u, next-header %s (%u) payload length: %u) ",
	    ip->hop_limit,
	    label_or(ip_protocol_labels, ip->next_header, "unknown"),
	    ip->next_header, ip->payload_length);
}

/* Print the extension header that is due; false if the packet ends there. */
static bool text_extension(struct text *t, struct walk *w,
			   const struct layer *ip, const struct layer **at,
			   const struct dissector *extension)
{
	const struct layer *layer;
	const char *wrong = NULL;

	if (extension == &ipv6_hop_dissector) {
		if (w->found_hop)
			wrong = "[The Hop-by-Hop Options header was already "
				"found]";
		else if (w->found_extension)
			wrong = "[The Hop-by-Hop Options header don't follow "
				"the IPv6 header]";
	}
	layer = layer_payload(t->packet, *at);
	if (!wrong && !layer)
		return false;
	if (!wrong && extension == &ipv6_routing_dissector &&
	    !layer->captured) {
		text_trunc(t);
		return false;
	}
	if (!wrong) {
		extension->text(t, layer);
		*at = layer;
		if (extension == &ipv6_hop_dissector) {
			w->found_hop = true;
			w->jumbo = layer->extension.identifier;
			if (!ip->ipv6.payload_length && !w->jumbo)
				wrong = "[No valid Jumbo Payload Hop-by-Hop "
					"option found]";
		}
	}
	if (wrong) {
		put_text(t, wrong);
		text_invalid(t);
		return false;
	}
	w->found_extension = true;
	w->next_header = layer->extension.next_header;
	if (extension == &ipv6_destination_dissector && t->options->verbose &&
	    layer->flags & LAYER_BAD_LENGTH)
		return false;
	return layer->extension.size && extension != &ipv6_mobility_dissector;
}

static void text_missing(struct text *t, const struct layer *layer,
			 uint32_t total)
{
	if (layer->length < total)
		put(t, "truncated-ip6 - %u bytes missing!",
		    total - layer->length);
}

static void text_payloads(struct text *t, const struct layer *layer)
{
	const struct ipv6 *ip = &layer->ipv6;
	const struct dissector *extension;
	const struct layer *at = layer;
	struct walk w = walk_begin(layer);

	walk_pass(&w, HEADER);
	if (!ip_transport_prints_addresses(w.next_header)) {
		put_ipv6(t, ip->source);
		put_text(t, " > ");
		put_ipv6(t, ip->destination);
		put_text(t, ": ");
	}
	while ((extension = extension_dissector(w.next_header))) {
		if (!text_extension(t, &w, layer, &at, extension))
			return;
		t->protocol = "ip6";
		if (w.offset >= w.captured)
			return;
		if (!walk_pass(&w, at->extension.size)) {
			text_trunc(t);
			return;
		}
	}
	if (!walk_end(&w, layer)) {
		text_trunc(t);
		return;
	}
	if (w.jumbo)
		text_missing(t, layer, w.jumbo + HEADER);
	ip_text_payload(t, at, 6, w.next_header, w.left);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct ipv6 *ip = &layer->ipv6;

	t->protocol = "ip6";
	if (layer->captured < HEADER) {
		text_trunc(t);
		return;
	}
	if (layer->length < HEADER) {
		put(t, "truncated-ip6 %u", layer->length);
		return;
	}
	if (!t->options->link_header)
		put_text(t, "IP6 ");
	if (ip->flow >> 28 != 6) {
		put(t, "version error: %u != 6", ip->flow >> 28);
		return;
	}
	if (ip->payload_length)
		text_missing(t, layer, (uint32_t)ip->payload_length + HEADER);
	if (t->options->verbose)
		text_header(t, ip);
	text_payloads(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct ipv6 *ip = &layer->ipv6;

	(void)packet;
	json_ipv6(json, "source", ip->source);
	json_ipv6(json, "destination", ip->destination);
	json_u64(json, "version", ip->flow >> 28);
	json_u64(json, "traffic_class", ip->flow >> 20 & 0xff);
	json_u64(json, "flow_label", ip->flow & 0xfffff);
	json_u64(json, "payload_length", ip->payload_length);
	json_u64(json, "next_header", ip->next_header);
	json_u64(json, "hop_limit", ip->hop_limit);
	if (ip->jumbo_length)
		json_u64(json, "jumbo_length", ip->jumbo_length);
}

const struct dissector ipv6_dissector = {
	.name = "ipv6",
	.decode = decode,
	.text = text,
	.json = json,
};
