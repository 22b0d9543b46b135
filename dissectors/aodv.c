/* SPDX-License-Identifier: BSD-3-Clause */
/* AODV: RFC 3561. */
#include "dissectors/field.h"

#include "dissectors/protocols.h"

enum message {
	REQUEST = 1,
	REPLY = 2,
	ERROR = 3,
	ACKNOWLEDGMENT = 4,
	DRAFT = 15, /* added to these: as a draft for IPv6 had them */
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_u8(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void put_address(struct text *t, const uint8_t *p, uint32_t size)
{
	if (size == 16)
		put_ipv6(t, p);
	else
		put_ipv4(t, p);
}

static void text_extension(struct text *t, const struct layer *layer,
			   size_t at, uint32_t left)
{
	uint8_t type, length;

	if (left < 2)
		return;
	type = field_u8(t, layer, at);
	length = field_u8(t, layer, at + 1);
	if (type != 1) {
		put(t, "\n\text %u %u", type, length);
		return;
	}
	if (left < 6) {
		field_put_less(t, "ext data length", left, 6);
		text_invalid(t);
	} else if (length < 4) {
		put(t, "\n\text HELLO - bad length %u", length);
		text_invalid(t);
	} else {
		put(t, "\n\text HELLO %u ms", field_be32(t, layer, at + 2));
	}
}

/* @size: bytes of an address. False: (invalid). */
static void text_request(struct text *t, const struct layer *layer,
			 uint32_t size, bool draft)
{
	uint32_t least = 16 + 2 * size;
	const uint8_t *p;

	if (layer->length < least) {
		field_put_less(t, "message length", layer->length, least);
		text_invalid(t);
		return;
	}
	if (!field_has(layer, 0, least)) {
		text_trunc(t);
		return;
	}
	p = layer->data;
	/* tcpdump looks for the flags in the type. */
	put(t, " %u %s%s%s%s%shops %u id 0x%08x\n\tdst ", layer->length,
	    p[0] & 0x80 ? "[J]" : "", p[0] & 0x40 ? "[R]" : "",
	    p[0] & 0x20 ? "[G]" : "", p[0] & 0x10 ? "[D]" : "",
	    p[0] & 0x08 ? "[U] " : " ", p[3], load_be32(p + 4));
	put_address(t, p + 8 + draft * 4, size);
	put(t, " seq %u src ", load_be32(p + 8 + !draft * size));
	put_address(t, p + 12 + size + draft * 4, size);
	put(t, " seq %u", load_be32(p + 12 + size + !draft * size));
	text_extension(t, layer, least, layer->length - least);
}

static void text_reply(struct text *t, const struct layer *layer,
			 uint32_t size, bool draft)
{
	uint32_t least = 12 + 2 * size;
	const uint8_t *p;

	if (layer->length < least) {
		field_put_less(t, "message length", layer->length, least);
		text_invalid(t);
		return;
	}
	if (!field_has(layer, 0, least)) {
		text_trunc(t);
		return;
	}
	p = layer->data;
	put(t, " %u %s%sprefix %u hops %u\n\tdst ", layer->length,
	    p[0] & 0x80 ? "[R]" : "", p[0] & 0x40 ? "[A] " : " ", p[2] & 0x1f,
	    p[3]);
	put_address(t, p + 4 + draft * 4, size);
	put(t, " dseq %u src ", load_be32(p + 4 + !draft * size));
	put_address(t, p + 8 + size, size);
	put(t, " %u ms", load_be32(p + 8 + 2 * size));
	text_extension(t, layer, least, layer->length - least);
}

static void text_error(struct text *t, const struct layer *layer,
			 uint32_t size, bool draft)
{
	uint32_t left, entry = size + 4;
	size_t at = 4;
	uint8_t count;

	if (layer->length < 4) {
		field_put_less(t, "message length", layer->length, 4);
		text_invalid(t);
		return;
	}
	count = field_u8(t, layer, 3);
	put(t, " %s [items %u] [%u]:",
	    field_u8(t, layer, 1) & 0x80 ? "[D]" : "", count, layer->length);
	left = layer->length - 4;
	for (; count && !t->stopped; count--) {
		if (left < entry) {
			field_put_less(t, "remaining length", left, entry);
			text_invalid(t);
			return;
		}
		if (!field_need(t, layer, at, entry))
			return;
		put_text(t, " {");
		put_address(t, layer->data + at + draft * 4, size);
		put(t, "}(%u)", load_be32(layer->data + at + !draft * size));
		at += entry;
		left -= entry;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	static const struct label types[] = {{REQUEST, "rreq"},
					     {REPLY, "rrep"},
					     {ERROR, "rerr"},
					     {ACKNOWLEDGMENT, "rrep-ack"},
					     {DRAFT + REQUEST, "rreq"},
					     {DRAFT + REPLY, "rrep"},
					     {DRAFT + ERROR, "rerr"},
					     {DRAFT + ACKNOWLEDGMENT,
					      "rrep-ack"},
					     {0, NULL}};
	const struct layer *ip = layer_ip(t->packet, layer);
	uint32_t size = ip && ip->dissector == &ipv6_dissector ? 16 : 4;
	uint8_t type;

	t->protocol = "aodv";
	put_text(t, " aodv");
	type = field_u8(t, layer, 0);
	if (t->stopped)
		return;
	put_char(t, ' ');
	put_label(t, types, type, "type %u");
	switch (type) {
	case REQUEST:
		text_request(t, layer, size, false);
		break;
	case REPLY:
		text_reply(t, layer, size, false);
		break;
	case ERROR:
		text_error(t, layer, size, false);
		break;
	case DRAFT + REQUEST:
		text_request(t, layer, 16, true);
		break;
	case DRAFT + REPLY:
		text_reply(t, layer, 16, true);
		break;
	case DRAFT + ERROR:
		text_error(t, layer, 16, true);
		break;
	default:
		put(t, " %u", layer->length);
		break;
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "type", layer->words[0]);
}

const struct dissector aodv_dissector = {
	.name = "aodv",
	.decode = decode,
	.text = text,
	.json = json,
};
