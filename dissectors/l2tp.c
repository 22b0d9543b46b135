/* SPDX-License-Identifier: BSD-3-Clause */
/* L2TP: RFC 2661, RFC 3145. What the attributes hold is in l2tp_avp.c. */
#include "dissectors/l2tp.h"

#include "dissectors/protocols.h"

enum {
	FLAG_CONTROL = 0x8000,
	FLAG_LENGTH = 0x4000,
	FLAG_SEQUENCE = 0x0800,
	FLAG_OFFSET = 0x0200,
	FLAG_PRIORITY = 0x0100,
	VERSION_MASK = 0x000f,
	VERSION_L2F = 1,
	VERSION_L2TP = 2,
};

static void decode(struct dissection *d)
{
	struct l2tp *l2tp = &d->layer->l2tp;
	struct cursor *c = &d->cursor;

	l2tp->flags = cursor_be16(c);
	if ((l2tp->flags & VERSION_MASK) != VERSION_L2TP)
		return;
	l2tp->length = d->layer->length;
	if (l2tp->flags & FLAG_LENGTH)
		l2tp->length = cursor_be16(c);
	l2tp->tunnel = cursor_be16(c);
	l2tp->session = cursor_be16(c);
	if (l2tp->flags & FLAG_SEQUENCE)
		cursor_skip(c, 4);
	if (l2tp->flags & FLAG_OFFSET)
		cursor_skip(c, cursor_be16(c));
	l2tp->header_length = (uint32_t)(c->at - d->layer->data);
	if (c->overrun) {
		d->layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (l2tp->length > d->layer->length ||
	    l2tp->length < l2tp->header_length) {
		d->layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	if (!(l2tp->flags & FLAG_CONTROL))
		dissect_payload(d, &ppp_dissector,
				window_rest(d, l2tp->length -
						       l2tp->header_length));
}

static void put_flags(struct text *t, uint16_t flags)
{
	static const struct label labels[] = {
		{FLAG_CONTROL, "T"}, {FLAG_LENGTH, "L"}, {FLAG_SEQUENCE, "S"},
		{FLAG_OFFSET, "O"},  {FLAG_PRIORITY, "P"}, {0, NULL},
	};

	put_char(t, '[');
	for (const struct label *l = labels; l->text; l++)
		if (flags & l->value)
			put_text(t, l->text);
	put_char(t, ']');
}

/* False where the snapshot ends inside the padding. */
static bool text_header(struct text *t, const struct layer *layer,
			struct cursor *c)
{
	uint16_t flags = layer->l2tp.flags, padding;

	put_flags(t, flags);
	if (flags & FLAG_LENGTH)
		text_be16(t, c);
	put(t, "(%u/", text_be16(t, c));
	put(t, "%u)", text_be16(t, c));
	if (flags & FLAG_SEQUENCE) {
		put(t, "Ns=%u,", text_be16(t, c));
		put(t, "Nr=%u", text_be16(t, c));
	}
	if (!(flags & FLAG_OFFSET))
		return true;
	padding = text_be16(t, c);
	return cursor_take(c, padding);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct l2tp *l2tp = &layer->l2tp;
	uint16_t version = l2tp->flags & VERSION_MASK;
	struct cursor c = text_cursor(layer);

	t->protocol = "l2tp";
	text_be16(t, &c);
	if (version == VERSION_L2F) {
		put_text(t, " l2f:");
		return;
	}
	if (version != VERSION_L2TP) {
		put_text(t, " Unknown Version, neither L2F(1) nor L2TP(2)");
		return;
	}
	put_text(t, " l2tp:");
	if (!text_header(t, layer, &c)) {
		if (!t->stopped)
			text_trunc(t);
		return;
	}
	if (t->stopped)
		return;
	if (l2tp->length > layer->length) {
		put(t, " Length %u larger than packet", l2tp->length);
	} else if (l2tp->length < l2tp->header_length) {
		put(t, " Length %u smaller than header length", l2tp->length);
	} else if (!(l2tp->flags & FLAG_CONTROL)) {
		put_text(t, " {");
		text_payload(t, layer);
		put_char(t, '}');
	} else if (!(l2tp->flags & FLAG_LENGTH)) {
		put_text(t, " No length");
	} else if (l2tp->length == l2tp->header_length) {
		put_text(t, " ZLB");
	} else {
		l2tp_text_attributes(t, c,
				     l2tp->length - l2tp->header_length);
	}
}

/* RFC 2661, 4.1: flags and length, vendor, type, value. */
static void json_attributes(struct json *json, const struct layer *layer)
{
	uint32_t end = layer->l2tp.length < layer->captured ? layer->l2tp.length
							    : layer->captured;
	struct cursor c = cursor_make(layer->data, end);

	cursor_skip(&c, layer->l2tp.header_length);
	json_open_array(json, "attributes");
	while (cursor_has(&c, 6)) {
		uint16_t first = cursor_be16(&c);
		struct slice value;

		if ((first & 0x3ff) < 6)
			break;
		json_open_object(json, NULL);
		json_bool(json, "mandatory", first & 0x8000);
		json_bool(json, "hidden", first & 0x4000);
		json_u64(json, "vendor", cursor_be16(&c));
		json_u64(json, "type", cursor_be16(&c));
		value = cursor_rest(&c, (first & 0x3ff) - 6u);
		json_hex(json, "value", value.data, value.length);
		json_close_object(json);
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct l2tp *l2tp = &layer->l2tp;
	struct cursor c = text_cursor(layer);

	(void)packet;
	json_u64(json, "version", l2tp->flags & VERSION_MASK);
	json_bool(json, "control", l2tp->flags & FLAG_CONTROL);
	json_u64(json, "tunnel", l2tp->tunnel);
	json_u64(json, "session", l2tp->session);
	if ((l2tp->flags & VERSION_MASK) != VERSION_L2TP)
		return;
	cursor_skip(&c, l2tp->flags & FLAG_LENGTH ? 8 : 6);
	if (l2tp->flags & FLAG_LENGTH)
		json_u64(json, "message_length", l2tp->length);
	if (l2tp->flags & FLAG_SEQUENCE && cursor_has(&c, 4)) {
		json_u64(json, "sequence", cursor_be16(&c));
		json_u64(json, "next_expected", cursor_be16(&c));
	}
	if (l2tp->flags & FLAG_CONTROL)
		json_attributes(json, layer);
}

const struct dissector l2tp_dissector = {
	.name = "l2tp",
	.decode = decode,
	.text = text,
	.json = json,
};
