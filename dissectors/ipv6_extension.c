/* SPDX-License-Identifier: BSD-3-Clause */
/* Fragment and routing headers: RFC 8200, RFC 6275, RFC 8754. */
#include "dissectors/ipv6_extension.h"

#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum {
	ROUTE_SOURCE = 0, /* deprecated by RFC 5095 */
	ROUTE_MOBILE = 2,
	ROUTE_SEGMENTS = 4,
	OFFSET_MASK = 0xfff8,
};

static void decode_fragment(struct dissection *d)
{
	struct ipv6_extension *e = &d->layer->extension;

	e->next_header = cursor_u8(&d->cursor);
	cursor_skip(&d->cursor, 1);
	e->fragment = cursor_be16(&d->cursor);
	e->identifier = cursor_be32(&d->cursor);
	d->layer->flags |= LAYER_FRAGMENT;
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else if (!(e->fragment & OFFSET_MASK) &&
		 cursor_left(&d->cursor))
		e->size = 8;
}

static void text_fragment(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	uint32_t offset = layer->extension.fragment & OFFSET_MASK;
	uint64_t rest = 40 + (uint64_t)ip->ipv6.payload_length -
			(uint64_t)(layer->data - ip->data) - 8;

	t->protocol = "frag6";
	if (layer->captured < (t->options->verbose ? 8u : 4u)) {
		text_stop(t);
		return;
	}
	if (t->options->verbose)
		put(t, "frag (0x%08x:%u|%lu)", layer->extension.identifier,
		    offset, rest);
	else
		put(t, "frag (%u|%lu)", offset, rest);
	if (!offset)
		put_char(t, ' ');
}

static void json_fragment(struct json *json, const struct packet *packet,
			  const struct layer *layer)
{
	const struct ipv6_extension *e = &layer->extension;

	(void)packet;
	json_u64(json, "next_header", e->next_header);
	json_u64(json, "offset", e->fragment & OFFSET_MASK);
	json_bool(json, "more_fragments", e->fragment & 1);
	json_u64(json, "id", e->identifier);
}

const struct dissector ipv6_fragment_dissector = {
	.name = "ipv6_fragment",
	.decode = decode_fragment,
	.text = text_fragment,
	.json = json_fragment,
};

static void decode_routing(struct dissection *d)
{
	struct ipv6_extension *e = &d->layer->extension;
	uint8_t length;
	bool known;

	e->next_header = cursor_u8(&d->cursor);
	length = cursor_u8(&d->cursor);
	e->type = cursor_u8(&d->cursor);
	cursor_skip(&d->cursor, 5);
	cursor_skip(&d->cursor, (size_t)(length / 2) * 16);
	known = e->type == ROUTE_SOURCE || e->type == ROUTE_MOBILE ||
		e->type == ROUTE_SEGMENTS;
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else if (!known || length % 2)
		d->layer->flags |= LAYER_BAD_LENGTH;
	else
		e->size = ((uint32_t)length + 1) * 8;
}

static void text_addresses(struct text *t, struct cursor *c, uint8_t length)
{
	if (length % 2) {
		put(t, " (invalid length %u)", length);
		text_invalid(t);
		return;
	}
	for (unsigned int i = 0; i < length / 2u && !t->stopped; i++) {
		const uint8_t *address = text_take(t, c, 16);

		if (!address)
			return;
		put(t, ", [%u]", i);
		put_ipv6(t, address);
	}
	put_text(t, ") ");
}

static void text_source_route(struct text *t, struct cursor *c, uint8_t length)
{
	uint32_t reserved = text_be32(t, c);

	if (reserved || t->options->verbose)
		put(t, ", rsv=0x%0x", reserved);
	text_addresses(t, c, length);
}

static void text_segments(struct text *t, struct cursor *c, uint8_t length)
{
	uint8_t last = text_u8(t, c), flags;

	put(t, ", last-entry=%u", last);
	flags = text_u8(t, c);
	if (flags || t->options->verbose)
		put(t, ", flags=0x%0x", flags);
	put(t, ", tag=%x", text_be16(t, c));
	text_addresses(t, c, length);
}

static void text_routing(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint8_t length, type;

	t->protocol = "rt6";
	if (!text_has(t, &c, 1))
		return;
	put_text(t, "RT6");
	cursor_skip(&c, 1);
	length = text_u8(t, &c);
	put(t, " (len=%u", length);
	type = text_u8(t, &c);
	put(t, ", type=%u", type);
	if (type == ROUTE_SOURCE)
		put_text(t, " [Deprecated]");
	put(t, ", segleft=%u", text_u8(t, &c));
	if (type == ROUTE_SOURCE || type == ROUTE_MOBILE) {
		text_source_route(t, &c, length);
	} else if (type == ROUTE_SEGMENTS) {
		text_segments(t, &c, length);
	} else {
		put_text(t, " (unknown type)");
		text_invalid(t);
	}
}

static void json_routing(struct json *json, const struct packet *packet,
			 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	const uint8_t *address;

	(void)packet;
	json_u64(json, "next_header", layer->extension.next_header);
	json_u64(json, "type", layer->extension.type);
	cursor_skip(&c, 3);
	json_u64(json, "segments_left", cursor_u8(&c));
	cursor_skip(&c, 4);
	json_open_array(json, "addresses");
	for (uint32_t at = 8; at + 16 <= layer->extension.size; at += 16)
		if ((address = cursor_take(&c, 16)))
			json_ipv6(json, NULL, address);
	json_close_array(json);
}

const struct dissector ipv6_routing_dissector = {
	.name = "ipv6_routing",
	.decode = decode_routing,
	.text = text_routing,
	.json = json_routing,
};
