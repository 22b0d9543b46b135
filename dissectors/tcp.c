/* SPDX-License-Identifier: BSD-3-Clause */
/* TCP: RFC 9293. Its options are in tcp_options.c. */
#include "dissectors/tcp.h"

#include <netinet/in.h>

#include "dissectors/checksum.h"
#include "dissectors/ip.h"
#include "dissectors/printer.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"
#include "dissectors/sequences.h"

enum { HEADER = 20, RESET_TEXT = 30 };

/* The dissector of the payload; -T overrides the ports. */
static const struct dissector *payload_dissector(const struct dissection *d)
{
	struct slice data = {d->cursor.at, cursor_left(&d->cursor)};
	const struct tcp *tcp = &d->layer->tcp;

	switch (d->options->as) {
	case DISSECT_AS_PORTS:
		return registry_find_ports(REGISTRY_TCP, tcp->source,
					   tcp->destination, data);
	case DISSECT_AS_DOMAIN:
		return &dns_tcp_dissector;
	case DISSECT_AS_ZMTP1:
	case DISSECT_AS_RESP:
		return registry_find(REGISTRY_AS, d->options->as);
	default:
		return NULL;
	}
}

static void decode_header(struct tcp *tcp, struct cursor *cursor)
{
	struct cursor c = *cursor; /* of its own: it stays in registers */

	tcp->source = cursor_be16(&c);
	tcp->destination = cursor_be16(&c);
	tcp->sequence = cursor_be32(&c);
	tcp->acknowledgment = cursor_be32(&c);
	tcp->header_length = (uint8_t)((cursor_u8(&c) >> 4) * 4);
	tcp->flags = cursor_u8(&c);
	tcp->window = cursor_be16(&c);
	tcp->checksum = cursor_be16(&c);
	tcp->urgent = cursor_be16(&c);
	*cursor = c;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct tcp *tcp = &layer->tcp;
	struct cursor *c = &d->cursor;

	decode_header(tcp, c);
	if (c->overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (tcp->header_length < HEADER || tcp->header_length > layer->length) {
		layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	if (!cursor_has(c, tcp->header_length - HEADER)) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	cursor_skip(c, tcp->header_length - HEADER);
	if (layer->length > tcp->header_length)
		dissect_payload(
			d, payload_dissector(d),
			window_rest(d, layer->length - tcp->header_length));
}

/* The conversation's fingerprint, and whether this packet goes the other way
 * round than it does. */
struct side {
	uint64_t fingerprint;
	bool reversed;
};

static struct side find_side(const struct sequences *sequences,
			     const struct layer *layer, const struct layer *ip)
{
	const struct tcp *tcp = &layer->tcp;
	bool six = ip->dissector == &ipv6_dissector;
	struct conversation c = {.address_size = six ? 16 : 4};
	const uint8_t *source = six ? ip->ipv6.source : ip->ipv4.source;
	const uint8_t *destination =
		six ? ip->ipv6.destination : ip->ipv4.destination;
	bool r = tcp->source > tcp->destination ||
		 (tcp->source == tcp->destination &&
		  memcmp(source, destination, c.address_size) > 0);

	c.addresses[r] = source;
	c.addresses[!r] = destination;
	c.ports = r ? (uint32_t)tcp->destination << 16 | tcp->source
		    : (uint32_t)tcp->source << 16 | tcp->destination;
	return (struct side){
		.fingerprint = sequences_fingerprint(sequences, &c),
		.reversed = r,
	};
}

/* What is printed of a segment's numbers, and where SACK's count from. */
struct numbers {
	uint32_t sequence, acknowledgment, sack_origin;
};

/*
 * Count from where the conversation began. The first segment seen, and every
 * SYN that acknowledges, sets the origin and is printed as it is.
 */
static struct numbers relative_numbers(struct text *t,
				       const struct layer *layer,
				       const struct layer *ip)
{
	const struct tcp *tcp = &layer->tcp;
	struct numbers n = {tcp->sequence, tcp->acknowledgment, 0};
	struct sequence_origin *origin;
	struct side side;
	bool found;
	uint32_t *mine, *other;

	if (t->options->absolute_sequence || !(tcp->flags & TCP_ACK))
		return n;
	side = find_side(t->printer->sequences, layer, ip);
	origin = sequences_get(t->printer->sequences, side.fingerprint, &found);
	if (!origin)
		return n;
	mine = side.reversed ? &origin->acknowledgment : &origin->sequence;
	other = side.reversed ? &origin->sequence : &origin->acknowledgment;
	if (!found || tcp->flags & TCP_SYN) {
		*mine = tcp->sequence;
		*other = tcp->acknowledgment - 1;
	} else {
		n.sequence -= *mine;
		n.acknowledgment -= *other;
	}
	n.sack_origin = *other;
	return n;
}

static void put_ends(struct text *t, const struct layer *layer,
		     const struct layer *ip)
{
	uint8_t next = ip->dissector == &ipv6_dissector ? ip->ipv6.next_header
							: ip->ipv4.protocol;
	bool addresses = next == IPPROTO_TCP;

	if (addresses && put_ends_numeric(t, ip, layer->tcp.source,
					  layer->tcp.destination))
		return;
	if (addresses) {
		put_source(t, ip);
		put_char(t, '.');
	}
	put_tcp_port(t, layer->tcp.source);
	put_text(t, " > ");
	if (addresses) {
		put_destination(t, ip);
		put_char(t, '.');
	}
	put_tcp_port(t, layer->tcp.destination);
	put_text(t, ": ");
}

static void put_checksum(struct text *t, const struct layer *layer,
			 const struct layer *ip)
{
	uint16_t sum;
	char *to;

	if (layer->captured < layer->length)
		return;
	sum = checksum_transport(ip, IPPROTO_TCP, layer->data, layer->length,
				 layer->length);
	to = strbuf_room(t->out, 48);
	if (!to)
		return;
	to = write_literal(to, ", cksum 0x");
	to = write_hex_u16(to, layer->tcp.checksum);
	if (sum) {
		to = write_literal(to, " (incorrect -> 0x");
		to = write_hex_u16(to, checksum_expected(layer->tcp.checksum,
							 sum));
		to = write_char(to, ')');
	} else {
		to = write_literal(to, " (correct)");
	}
	strbuf_added(t->out, to);
}

static void put_numbers(struct text *t, const struct layer *layer,
			const struct numbers *n, uint32_t length)
{
	const struct tcp *tcp = &layer->tcp;
	char *to = strbuf_room(t->out, 5 * (WRITE_U32 + 6) + WRITE_SLOP);

	if (!to)
		return;
	if (t->options->verbose > 1 || length ||
	    tcp->flags & (TCP_SYN | TCP_FIN | TCP_RST)) {
		to = write_u32(write_literal(to, ", seq "), n->sequence);
		if (length)
			to = write_u32(write_char(to, ':'),
				       n->sequence + length);
	}
	if (tcp->flags & TCP_ACK)
		to = write_u32(write_literal(to, ", ack "), n->acknowledgment);
	to = write_u32(write_literal(to, ", win "), tcp->window);
	if (tcp->flags & TCP_URG)
		to = write_u32(write_literal(to, ", urg "), tcp->urgent);
	strbuf_added(t->out, to);
}

/* What a reset says of its reason: RFC 1122, 4.2.2.12. */
static void text_reset(struct text *t, const struct layer *layer,
		       uint32_t length)
{
	const uint8_t *data = layer->data + layer->tcp.header_length;
	const uint8_t *end = layer->data + layer->captured;

	put_text(t, (size_t)(end - data) >= length ? " [RST" : " [!RST");
	if (length > RESET_TEXT) {
		length = RESET_TEXT;
		put_char(t, '+');
	}
	put_char(t, ' ');
	put_visible_bytes(t, data, length, end);
	put_char(t, ']');
}

static void text_data(struct text *t, const struct layer *layer,
		      uint32_t length)
{
	const struct tcp *tcp = &layer->tcp;

	if (layer->captured < tcp->header_length) {
		put(t, " [remaining caplen(%u) < header length(%u)]",
		    layer->captured, tcp->header_length);
		text_stop(t);
		return;
	}
	if (tcp->flags & TCP_RST && t->options->verbose)
		text_reset(t, layer, length);
	else
		text_payload(t, layer);
}

static void put_flags(struct text *t, unsigned int flags)
{
	static const char letters[8] = "FSRP.UEW";
	char *to = strbuf_room(t->out, 32);

	if (!to)
		return;
	to = write_literal(to, "Flags [");
	if (!flags)
		to = write_literal(to, "none");
	for (; flags; flags &= flags - 1)
		*to++ = letters[__builtin_ctz(flags)];
	strbuf_added(t->out, write_char(to, ']'));
}

static void put_length(struct text *t, uint32_t length)
{
	char *to = strbuf_room(t->out, 9 + WRITE_U32 + WRITE_SLOP);

	if (to)
		strbuf_added(t->out,
			     write_u32(write_literal(to, ", length "), length));
}

static void text_segment(struct text *t, const struct layer *layer,
			 const struct layer *ip)
{
	const struct tcp *tcp = &layer->tcp;
	uint32_t length = layer->length - tcp->header_length;
	struct numbers n;

	put_flags(t, tcp->flags);
	n = relative_numbers(t, layer, ip);
	if (tcp->header_length > layer->length) {
		put(t, " [bad hdr length %u - too long, > %u]",
		    tcp->header_length, layer->length);
		return;
	}
	if (t->options->verbose && !t->options->no_checksum &&
	    !(layer->flags & LAYER_FRAGMENT))
		put_checksum(t, layer, ip);
	put_numbers(t, layer, &n, length);
	if (tcp->header_length > HEADER &&
	    !tcp_text_options(t, layer, n.sack_origin))
		return;
	put_length(t, length);
	if (length)
		text_data(t, layer, length);
}

void tcp_text_prepare(const struct text_printer *printer,
		      const struct packet *packet, const struct layer *layer)
{
	const struct layer *ip = layer_ip(packet, layer);

	if (!ip || printer->options.absolute_sequence)
		return;
	sequences_prefetch(
		printer->sequences,
		find_side(printer->sequences, layer, ip).fingerprint);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	const struct tcp *tcp = &layer->tcp;

	t->protocol = "tcp";
	if (!ip)
		return;
	if (layer->captured < 4) {
		put_source(t, ip);
		put_text(t, " > ");
		put_destination(t, ip);
		put_char(t, ':');
		text_trunc(t);
		return;
	}
	put_ends(t, layer, ip);
	if (layer->captured < HEADER) {
		text_trunc(t);
	} else if (tcp->header_length < HEADER) {
		put(t, " tcp %u [bad hdr length %u - too short, < %u]",
		    layer->length - tcp->header_length, tcp->header_length,
		    HEADER);
	} else if (t->options->quiet) {
		put(t, "tcp %u", layer->length - tcp->header_length);
		if (tcp->header_length > layer->length)
			put(t, " [bad hdr length %u - too long, > %u]",
			    tcp->header_length, layer->length);
	} else {
		text_segment(t, layer, ip);
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct tcp *tcp = &layer->tcp;

	(void)packet;
	json_u64(json, "source_port", tcp->source);
	json_u64(json, "destination_port", tcp->destination);
	json_u64(json, "sequence", tcp->sequence);
	json_u64(json, "acknowledgment", tcp->acknowledgment);
	json_u64(json, "header_length", tcp->header_length);
	json_u64(json, "flags", tcp->flags);
	json_u64(json, "window", tcp->window);
	json_u64(json, "checksum", tcp->checksum);
	json_u64(json, "urgent_pointer", tcp->urgent);
	if (layer->length >= tcp->header_length)
		json_u64(json, "payload_length",
			 layer->length - tcp->header_length);
	tcp_json_options(json, layer);
}

const struct dissector tcp_dissector = {
	.name = "tcp",
	.decode = decode,
	.text = text,
	.json = json,
};
