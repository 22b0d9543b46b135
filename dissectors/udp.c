/* SPDX-License-Identifier: BSD-3-Clause */
/* UDP: RFC 768. */
#include "dissectors/checksum.h"
#include "dissectors/ip.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"

#include <netinet/in.h>

enum { HEADER = 8 };

/* What the length field means: 0 in a jumbogram is the datagram's length. */
static uint32_t udp_length(const struct layer *layer)
{
	if (!layer->udp.length && layer->length > 65535)
		return layer->length;
	return layer->udp.length;
}

/* Bytes of data: what both the field and the datagram have. */
static uint32_t data_length(const struct layer *layer)
{
	uint32_t by_field = udp_length(layer) - HEADER;
	uint32_t there = layer->length - HEADER;

	return by_field < there ? by_field : there;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct udp *udp = &layer->udp;
	struct cursor c = d->cursor;
	const struct dissector *payload;

	udp->source = cursor_be16(&c);
	udp->destination = cursor_be16(&c);
	udp->length = cursor_be16(&c);
	udp->checksum = cursor_be16(&c);
	d->cursor = c;
	if (c.overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (layer->length < HEADER || udp_length(layer) < HEADER) {
		layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	if (d->options->as != DISSECT_AS_PORTS)
		payload = registry_find(REGISTRY_AS, d->options->as);
	else
		payload = registry_find_ports(
			REGISTRY_UDP, udp->source, udp->destination,
			(struct slice){c.at, cursor_left(&c)});
	dissect_payload(d, payload, window_rest(d, data_length(layer)));
}

/* "a.53 > b.1024: ": without addresses behind an extension header. */
static void put_ends(struct text *t, const struct layer *layer,
		     const struct layer *ip, bool ports)
{
	uint8_t next = ip->dissector == &ipv6_dissector ? ip->ipv6.next_header
							: ip->ipv4.protocol;
	bool addresses = next == IPPROTO_UDP;

	if (!addresses && !ports)
		return;
	if (addresses && ports &&
	    put_ends_numeric(t, ip, layer->udp.source, layer->udp.destination))
		return;
	if (addresses)
		put_source(t, ip);
	if (addresses && ports)
		put_char(t, '.');
	if (ports)
		put_udp_port(t, layer->udp.source);
	put_text(t, " > ");
	if (addresses)
		put_destination(t, ip);
	if (addresses && ports)
		put_char(t, '.');
	if (ports)
		put_udp_port(t, layer->udp.destination);
	put_text(t, ": ");
}

/* IPv4 may go without a checksum, and is checked with -vv only. */
static void put_checksum(struct text *t, const struct layer *layer,
			 const struct layer *ip)
{
	bool four = ip->dissector == &ipv4_dissector;
	uint32_t length = data_length(layer) + HEADER;
	uint16_t sum;

	if (four && t->options->verbose < 2)
		return;
	if (four && !layer->udp.checksum) {
		put_text(t, "[no cksum] ");
		return;
	}
	if (layer->captured < length)
		return;
	sum = checksum_transport(ip, IPPROTO_UDP, layer->data, length, length);
	if (sum)
		put(t, "[bad udp cksum 0x%04x -> 0x%04x!] ",
		    layer->udp.checksum,
		    checksum_expected(layer->udp.checksum, sum));
	else
		put_text(t, "[udp sum ok] ");
}

static void put_length(struct text *t, uint32_t length)
{
	char *to = strbuf_room(t->out, 12 + WRITE_U32 + WRITE_SLOP);

	if (to)
		strbuf_added(t->out, write_u32(write_literal(to, "UDP, length "),
					       length));
}

static void text_data(struct text *t, const struct layer *layer)
{
	uint32_t length = data_length(layer);
	uint32_t by_field = udp_length(layer) - HEADER;

	if (!t->options->quiet && text_payload(t, layer))
		return;
	if (by_field > length && !(layer->flags & LAYER_FRAGMENT))
		put(t, "UDP, bad length %u > %u", by_field, length);
	else
		put_length(t, by_field);
}

/* NFS is printed without a look at the checksum. */
static bool carries_nfs(const struct text *t, const struct layer *layer)
{
	const struct layer *payload = layer_payload(t->packet, layer);

	return payload && payload->dissector == &nfs_dissector;
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);

	t->protocol = "udp";
	if (!ip)
		return;
	/* RPC has its own form of them. */
	if (t->options->as != DISSECT_AS_RPC || layer->captured < HEADER)
		put_ends(t, layer, ip, layer->captured >= 4);
	if (layer->captured < 4) {
		text_trunc(t);
	} else if (layer->length < HEADER) {
		put(t, "truncated-udp %u", layer->length);
	} else if (layer->captured < 6) {
		text_trunc(t);
	} else if (udp_length(layer) < HEADER) {
		put(t, "truncated-udplength %u", udp_length(layer));
	} else if (layer->captured < HEADER) {
		text_trunc(t);
	} else if (t->options->as != DISSECT_AS_PORTS) {
		text_payload(t, layer);
	} else if (!t->options->quiet && carries_nfs(t, layer)) {
		text_payload(t, layer);
	} else {
		if (t->options->verbose && !t->options->no_checksum &&
		    !(layer->flags & LAYER_FRAGMENT))
			put_checksum(t, layer, ip);
		text_data(t, layer);
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "source_port", layer->udp.source);
	json_u64(json, "destination_port", layer->udp.destination);
	json_u64(json, "udp_length", layer->udp.length);
	json_u64(json, "checksum", layer->udp.checksum);
}

const struct dissector udp_dissector = {
	.name = "udp",
	.decode = decode,
	.text = text,
	.json = json,
};
