/* SPDX-License-Identifier: BSD-3-Clause */
/* GRE: RFC 1701, RFC 2784, RFC 2890; version 1, for PPTP: RFC 2637. */
#include "dissectors/dissector.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum {
	CHECKSUM = 0x8000,
	ROUTING = 0x4000,
	KEY = 0x2000,
	SEQUENCE = 0x1000,
	ACKNOWLEDGMENT = 0x0080,
	VERSION = 0x0007,

	ROUTE_IP = 0x0800,
	ROUTE_AS = 0xfffe,
};

static const struct label flag_labels[] = {
	{CHECKSUM, "checksum present"},
	{ROUTING, "routing present"},
	{KEY, "key present"},
	{SEQUENCE, "sequence# present"},
	{0x0800, "source routing present"},
	{ACKNOWLEDGMENT, "ack present"},
	{0, NULL},
};

/* A header being read: what the snapshot holds, and what there was. */
struct walk {
	struct cursor c;
	uint32_t left;
};

static struct walk walk_begin(const struct layer *layer)
{
	return (struct walk){text_cursor(layer), layer->length};
}

/* Are @n bytes there, captured and on the wire? */
static bool walk_has(const struct walk *w, uint32_t n)
{
	return cursor_has(&w->c, n) && w->left >= n;
}

static uint32_t walk_number(struct walk *w, uint32_t size)
{
	w->left -= size;
	return size == 2 ? cursor_be16(&w->c) : cursor_be32(&w->c);
}

/* The optional words, as flags announce them; false where they end early. */
static bool walk_fields(struct walk *w, uint16_t flags,
			bool (*field)(struct text *t, uint16_t flag,
				      uint32_t value),
			struct text *t)
{
	static const struct {
		uint16_t flag;
		uint8_t size, count;
	} fields[2][3] = {
		{{CHECKSUM | ROUTING, 2, 2}, {KEY, 4, 1}, {SEQUENCE, 4, 1}},
		{{KEY, 4, 1}, {SEQUENCE, 4, 1}, {ACKNOWLEDGMENT, 4, 1}},
	};
	bool pptp = flags & VERSION;

	for (int i = 0; i < 3; i++) {
		uint16_t flag = fields[pptp][i].flag;

		for (int k = 0; flags & flag && k < fields[pptp][i].count;
		     k++) {
			uint32_t value;

			if (!walk_has(w, fields[pptp][i].size))
				return false;
			value = walk_number(w, fields[pptp][i].size);
			/* The second word of its kind is the offset. */
			if (field)
				field(t, k ? ROUTING : flag, value);
		}
	}
	return true;
}

static bool is_last_route(uint16_t family, uint8_t length)
{
	return !family && !length;
}

/* Pass the routes; false where they end early. */
static bool walk_routes(struct walk *w)
{
	for (;;) {
		uint16_t family;
		uint8_t length;

		if (!walk_has(w, 4))
			return false;
		family = (uint16_t)walk_number(w, 2);
		length = walk_number(w, 2) & 0xff;
		if (is_last_route(family, length))
			return true;
		if (!walk_has(w, length))
			return false;
		cursor_skip(&w->c, length);
		w->left -= length;
	}
}

static const struct dissector *payload_dissector(const struct gre *gre)
{
	if (gre->flags & VERSION)
		return gre->protocol == 0x880b ? &ppp_dissector : NULL;
	switch (gre->protocol) {
	case 0x0800:
		return &ipv4_dissector;
	case 0x86dd:
		return &ipv6_dissector;
	case 0x8847:
		return &mpls_dissector;
	case 0x6558:
		return &ethernet_dissector;
	default:
		return NULL;
	}
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct gre *gre = &layer->gre;
	struct walk w = walk_begin(layer);

	layer->flags |= LAYER_TRUNCATED;
	if (!walk_has(&w, 4))
		return;
	gre->flags = (uint16_t)walk_number(&w, 2);
	gre->protocol = (uint16_t)walk_number(&w, 2);
	if ((gre->flags & VERSION) > 1) {
		layer->flags |= LAYER_BAD_VERSION;
		return;
	}
	if (!walk_fields(&w, gre->flags, NULL, NULL))
		return;
	if (!(gre->flags & VERSION) && gre->flags & ROUTING &&
	    !walk_routes(&w))
		return;
	layer->flags &= (uint16_t)~LAYER_TRUNCATED;
	gre->header_length = (uint16_t)(layer->length - w.left);
	if (gre->flags & VERSION && !(gre->flags & SEQUENCE))
		return;
	d->cursor = w.c;
	dissect_payload(d, payload_dissector(gre), window_rest(d, w.left));
}

static bool text_field_0(struct text *t, uint16_t flag, uint32_t value)
{
	if (flag == (CHECKSUM | ROUTING)) {
		if (t->options->verbose)
			put(t, ", sum 0x%x", value);
	} else if (flag == ROUTING) {
		put(t, ", off 0x%x", value);
	} else if (flag == KEY) {
		put(t, ", key=0x%x", value);
	} else {
		put(t, ", seq %u", value);
	}
	return true;
}

static bool text_field_1(struct text *t, uint16_t flag, uint32_t value)
{
	if (flag == KEY)
		put(t, ", call %u", value & 0xffff);
	else
		put(t, flag == SEQUENCE ? ", seq %u" : ", ack %u", value);
	return true;
}

/* The hops of a route, @size bytes each. False where they end early. */
static bool text_hops(struct text *t, struct walk w, uint8_t offset,
		      uint8_t length, uint32_t size)
{
	if (offset & (size - 1)) {
		put(t, ", badoffset=%u", offset);
		return true;
	}
	if (length & (size - 1)) {
		put(t, ", badlength=%u", length);
		return true;
	}
	if (offset >= length) {
		put(t, ", badoff/len=%u/%u", offset, length);
		return true;
	}
	for (uint32_t at = 0; at < length; at += size) {
		if (!walk_has(&w, size))
			return false;
		put_text(t, at == offset ? " *" : " ");
		if (size == 4)
			addr_put_ipv4(t->out, w.c.at);
		else
			put(t, "%x", load_be16(w.c.at));
		walk_number(&w, size);
	}
	return true;
}

static bool text_routes(struct text *t, struct walk *w)
{
	for (;;) {
		uint16_t family;
		uint8_t offset, length;
		bool whole = true;

		if (!walk_has(w, 4))
			return false;
		family = (uint16_t)walk_number(w, 2);
		offset = w->c.at[0];
		length = w->c.at[1];
		walk_number(w, 2);
		if (is_last_route(family, length))
			return true;
		if (family == ROUTE_IP || family == ROUTE_AS) {
			put(t, ", (rtaf=%s", family == ROUTE_IP ? "ip" : "asn");
			whole = text_hops(t, *w, offset, length,
					  family == ROUTE_IP ? 4 : 2);
			put_char(t, ')');
		} else {
			put(t, ", (rtaf=0x%x)", family);
		}
		if (!whole || w->left < length)
			return false;
		if (!cursor_has(&w->c, length))
			return false;
		cursor_skip(&w->c, length);
		w->left -= length;
	}
}

static void text_tail(struct text *t, const struct layer *layer)
{
	const struct gre *gre = &layer->gre;
	bool empty = gre->flags & VERSION && !(gre->flags & SEQUENCE);

	if (empty)
		put_text(t, ", no-payload");
	if (t->options->link_header)
		put(t, ", proto %s (0x%04x)",
		    label_or(ethertype_labels, gre->protocol, "unknown"),
		    gre->protocol);
	put(t, ", length %u", layer->length);
	if (empty)
		return;
	put_text(t, t->options->verbose ? "\n\t" : ": ");
	if (!text_payload(t, layer))
		put(t, "gre-proto-0x%x", gre->protocol);
}

static void text(struct text *t, const struct layer *layer)
{
	struct walk w = walk_begin(layer);
	uint16_t flags;

	t->protocol = "gre";
	if (!walk_has(&w, 2)) {
		text_trunc(t);
		return;
	}
	flags = (uint16_t)walk_number(&w, 2);
	put(t, "GREv%u", flags & VERSION);
	if ((flags & VERSION) > 1) {
		put_text(t, " ERROR: unknown-version");
		return;
	}
	if (t->options->verbose) {
		put_text(t, ", Flags [");
		put_bits(t, flag_labels, flags, "none", ", ");
		put_char(t, ']');
	}
	if (!walk_has(&w, 2)) {
		text_trunc(t);
		return;
	}
	walk_number(&w, 2);
	if (!walk_fields(&w, flags,
			 flags & VERSION ? text_field_1 : text_field_0, t) ||
	    (!(flags & VERSION) && flags & ROUTING && !text_routes(t, &w))) {
		text_trunc(t);
		return;
	}
	text_tail(t, layer);
}

/* The optional words, up to a source route. */
static void json_words(struct json *json, const struct layer *layer)
{
	uint16_t flags = layer->gre.flags;
	bool pptp = (flags & VERSION) == 1;
	struct cursor c = text_cursor(layer);

	cursor_skip(&c, 4);
	if (!pptp && flags & (CHECKSUM | ROUTING) && cursor_has(&c, 4)) {
		json_u64(json, "checksum", cursor_be16(&c));
		json_u64(json, "routing_offset", cursor_be16(&c));
	}
	if (pptp && cursor_has(&c, 4)) {
		json_u64(json, "payload_length", cursor_be16(&c));
		json_u64(json, "call_id", cursor_be16(&c));
	} else if (flags & KEY && cursor_has(&c, 4)) {
		json_u64(json, "key", cursor_be32(&c));
	}
	if (flags & SEQUENCE && cursor_has(&c, 4))
		json_u64(json, "sequence", cursor_be32(&c));
	if (pptp && flags & ACKNOWLEDGMENT && cursor_has(&c, 4))
		json_u64(json, "acknowledgment", cursor_be32(&c));
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "flags", layer->gre.flags);
	json_u64(json, "version", layer->gre.flags & VERSION);
	json_u64(json, "protocol_type", layer->gre.protocol);
	json_words(json, layer);
}

const struct dissector gre_dissector = {
	.name = "gre",
	.decode = decode,
	.text = text,
	.json = json,
};
