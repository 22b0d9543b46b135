/* SPDX-License-Identifier: BSD-3-Clause */
/* Two of Cisco's: VLAN queries (VQP), and how PIM's rendezvous points are
 * found (Auto-RP); neither is published. */
#include "dissectors/field.h"

#include "dissectors/protocols.h"

enum { VQP_HEADER = 8, VQP_VERSION = 1, OBJECT = 6, AUTO_RP_HEADER = 8 };

enum object {
	CLIENT = 0xc01,
	PORT_NAME = 0xc02,
	VLAN_NAME = 0xc03,
	VTP_DOMAIN = 0xc04,
	PACKET = 0xc05,
	MAC_NULL = 0xc06,
	MAC = 0xc08,
};

static void decode_vqp(struct dissection *d)
{
	struct layer *layer = d->layer;

	for (int i = 0; i < 4; i++) /* version, type, code, items */
		layer->words[i] = cursor_u8(&d->cursor);
	layer->words[4] = cursor_be32(&d->cursor); /* sequence */
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* False: (invalid). */
static bool text_object(struct text *t, const struct layer *layer, size_t at,
			uint32_t type, uint32_t length)
{
	switch (type) {
	case CLIENT:
		if (length != 4)
			return false;
		if (!field_need(t, layer, at, 4))
			return true;
		put_ipv4(t, layer->data + at);
		put(t, " (0x%08x)", load_be32(layer->data + at));
		return true;
	case PORT_NAME:
	case VLAN_NAME:
	case VTP_DOMAIN:
	case PACKET:
		field_put_string(t, layer, at, length);
		return true;
	case MAC_NULL:
	case MAC:
		if (length != 6)
			return false;
		field_put_mac(t, layer, at);
		return true;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t    ", length);
		return true;
	}
}

static void put_head(struct text *t, const uint8_t *p)
{
	static const struct label types[] = {{1, "Request, Join Port"},
					     {2, "Response, VLAN"},
					     {3, "Request, Reconfirm"},
					     {4, "Response, Reconfirm"},
					     {0, NULL}};
	static const struct label codes[] = {{0, "No error"},
					     {3, "Access denied"},
					     {4, "Shutdown port"},
					     {5, "Wrong VTP domain"},
					     {0, NULL}};

	put_label(t, types, p[1], "unknown (%u)");
	put_text(t, " Message, error-code ");
	put(t, "%s (%u), ", label_or(codes, p[2], "unknown"), p[2]);
}

static void text_vqp(struct text *t, const struct layer *layer)
{
	static const struct label objects[] = {
		{CLIENT, "Client IP Address"}, {PORT_NAME, "Port Name"},
		{VLAN_NAME, "VLAN Name"},      {VTP_DOMAIN, "VTP Domain"},
		{PACKET, "Ethernet Packet"},   {MAC_NULL, "MAC Null"},
		{MAC, "MAC Address"},	       {0, NULL}};
	uint32_t left = layer->length;
	size_t at = VQP_HEADER;
	const uint8_t *p;
	uint8_t items;

	t->protocol = "vqp";
	if (left < VQP_HEADER) {
		text_invalid(t);
		return;
	}
	if (!field_need(t, layer, 0, VQP_HEADER))
		return;
	p = layer->data;
	if (p[0] != VQP_VERSION) {
		put(t, "VQP version %u packet not supported", p[0]);
		return;
	}
	if (!t->options->verbose) {
		put(t, "VQPv%u ", p[0]);
		put_head(t, p);
		put(t, "length %u", left);
		return;
	}
	items = p[3];
	put(t, "\n\tVQPv%u, ", p[0]);
	put_head(t, p);
	put(t, "seq 0x%08x, items %u, length %u", load_be32(p + 4), items,
	    left);
	left -= VQP_HEADER;
	while (left && items-- && !t->stopped) {
		uint32_t type, length;

		if (left < OBJECT) {
			text_invalid(t);
			return;
		}
		if (!field_need(t, layer, at, OBJECT))
			return;
		type = load_be32(layer->data + at);
		length = load_be16(layer->data + at + 4);
		put(t, "\n\t  %s Object (0x%08x), length %u, value: ",
		    label_or(objects, type, "Unknown"), type, length);
		at += OBJECT;
		left -= OBJECT;
		if (!type || !length)
			return;
		if (!field_need(t, layer, at, length))
			return;
		if (left < length) {
			text_invalid(t);
			return;
		}
		if (!text_object(t, layer, at, type, length)) {
			text_invalid(t);
			return;
		}
		at += length;
		left -= length;
	}
}

static void json_vqp(struct json *json, const struct packet *packet,
		     const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[0]);
	json_u64(json, "type", layer->words[1]);
	json_u64(json, "error_code", layer->words[2]);
	json_u64(json, "items", layer->words[3]);
	json_u64(json, "sequence", layer->words[4]);
}

const struct dissector vqp_dissector = {
	.name = "vqp",
	.decode = decode_vqp,
	.text = text_vqp,
	.json = json_vqp,
};

static void decode_auto_rp(struct dissection *d)
{
	struct layer *layer = d->layer;

	layer->words[0] = cursor_u8(&d->cursor);   /* version and type */
	layer->words[1] = cursor_u8(&d->cursor);   /* rendezvous points */
	layer->words[2] = cursor_be16(&d->cursor); /* hold time, seconds */
	cursor_skip(&d->cursor, 4);
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* A rendezvous point and its groups: what follows; 0 if the layer ends. */
static size_t text_point(struct text *t, const struct layer *layer, size_t at)
{
	static const char *const versions[] = {" PIMv?", " PIMv1", " PIMv2",
					       " PIMv1+2"};
	uint8_t version, groups;

	if (layer->length < at + 4) {
		text_trunc(t);
		return 0;
	}
	field_lead_ipv4(t, " RP ", layer, at);
	if (layer->length < at + 6) {
		text_trunc(t);
		return 0;
	}
	version = field_u8(t, layer, at + 4);
	if (t->stopped)
		return at;
	put_text(t, versions[version & 3]);
	if (version & ~3)
		put(t, " [rsvd=0x%02x]", version & ~3u);
	groups = field_u8(t, layer, at + 5);
	at += 6;
	for (int i = 0; i < groups && !t->stopped; i++, at += 6) {
		const uint8_t *p;

		if (layer->length < at + 6) {
			text_trunc(t);
			return 0;
		}
		if (!field_need(t, layer, at, 6))
			break;
		p = layer->data + at;
		put_char(t, i ? ',' : ' ');
		put_text(t, p[0] & 1 ? "!" : "");
		put_ipv4(t, p + 2);
		put(t, "/%u", p[1]);
		if (p[0] & 2)
			put_text(t, " bidir");
		if (p[0] & ~3)
			put(t, "[rsvd=0x%02x]", p[0] & ~3u);
	}
	return at;
}

static void text_auto_rp(struct text *t, const struct layer *layer)
{
	static const struct label types[] = {
		{0x11, "candidate-advert"}, {0x12, "mapping"}, {0, NULL}};
	size_t at = AUTO_RP_HEADER;
	uint8_t points;
	uint16_t hold;

	t->protocol = "cisco_autorp";
	if (layer->length < AUTO_RP_HEADER) {
		text_trunc(t);
		return;
	}
	put_text(t, " auto-rp ");
	put_label(t, types, field_u8(t, layer, 0), "type-0x%02x");
	points = field_u8(t, layer, 1);
	put_text(t, " Hold ");
	hold = field_be16(t, layer, 2);
	if (hold)
		put_duration(t, hold);
	else
		put_text(t, "FOREVER");
	if (!field_need(t, layer, 4, 4))
		return;
	while (points-- && at && !t->stopped)
		at = text_point(t, layer, at);
}

static void json_auto_rp(struct json *json, const struct packet *packet,
			 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "type", layer->words[0]);
	json_u64(json, "points", layer->words[1]);
	json_u64(json, "hold_time", layer->words[2]);
}

const struct dissector auto_rp_dissector = {
	.name = "auto_rp",
	.decode = decode_auto_rp,
	.text = text_auto_rp,
	.json = json_auto_rp,
};
