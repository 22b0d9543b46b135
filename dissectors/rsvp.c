/* SPDX-License-Identifier: BSD-3-Clause */
/* RSVP: RFC 2205; bundles: RFC 2961. Its objects are in rsvp_object.c. */
#include "dissectors/rsvp.h"

#include "dissectors/field.h"
#include "dissectors/protocols.h"

enum { HEADER = 8, OBJECT = 4, VERSION = 1, BUNDLE = 12 };

static const struct label message_labels[] = {
	{1, "Path"},	     {2, "Resv"},     {3, "PathErr"},
	{4, "ResvErr"},	     {5, "PathTear"}, {6, "ResvTear"},
	{7, "ResvConf"},     {12, "Bundle"},  {13, "Acknowledgement"},
	{14, "Hello (Old)"}, {15, "Refresh"}, {20, "Hello"},
	{0, NULL},
};

static const struct label class_labels[] = {
	{1, "Session"},
	{3, "RSVP Hop"},
	{4, "Integrity"},
	{5, "Time Values"},
	{6, "Error Spec"},
	{7, "Scope"},
	{8, "Style"},
	{9, "Flowspec"},
	{10, "FilterSpec"},
	{11, "Sender Template"},
	{12, "Sender TSpec"},
	{13, "Adspec"},
	{14, "Policy Data"},
	{15, "Confirm"},
	{16, "Label"},
	{19, "Label Request"},
	{20, "ERO"},
	{21, "RRO"},
	{22, "Hello"},
	{23, "Message ID"},
	{24, "Message ID Ack"},
	{25, "Message ID List"},
	{34, "Recovery Label"},
	{35, "Upstream Label"},
	{36, "Label Set"},
	{37, "Protection"},
	{50, "Sub-LSP to LSP"},
	{63, "Detour"},
	{66, "Class Type"},
	{125, "Class Type (old)"},
	{129, "Suggested Label"},
	{130, "Acceptable Label Set"},
	{131, "Restart Capability"},
	{134, "Capability"},
	{195, "Notify Request"},
	{196, "Administrative Status"},
	{204, "Properties"},
	{205, "Fast Re-Route"},
	{207, "Session Attribute"},
	{229, "Generalized UNI"},
	{230, "Call-ID"},
	{236, "Call Capability"},
	{0, NULL},
};

const struct label rsvp_type_labels[] = {
	{0x0101, "IPv4"},
	{0x0102, "IPv6"},
	{0x0107, "Tunnel IPv4"},
	{0x010b, "UNI IPv4"},
	{0x010d, "IPv4 P2MP LSP Tunnel"},
	{0x010e, "IPv6 P2MP LSP Tunnel"},
	{0x0301, "IPv4"},
	{0x0302, "IPv6"},
	{0x0303, "IPv4 plus opt. TLVs"},
	{0x0304, "IPv6 plus opt. TLVs"},
	{0x0501, "1"},
	{0x0601, "IPv4"},
	{0x0602, "IPv6"},
	{0x0603, "IPv4 plus opt. TLVs"},
	{0x0604, "IPv6 plus opt. TLVs"},
	{0x0801, "1"},
	{0x0901, "obsolete"},
	{0x0902, "IntServ"},
	{0x0a01, "IPv4"},
	{0x0a02, "IPv6"},
	{0x0a03, "IPv6 Flow-label"},
	{0x0a07, "Tunnel IPv4"},
	{0x0a0c, "IPv4 P2MP LSP Tunnel"},
	{0x0a0d, "IPv6 P2MP LSP Tunnel"},
	{0x0b01, "IPv4"},
	{0x0b02, "IPv6"},
	{0x0b07, "Tunnel IPv4"},
	{0x0b0c, "IPv4 P2MP LSP Tunnel"},
	{0x0b0d, "IPv6 P2MP LSP Tunnel"},
	{0x0c02, "IntServ"},
	{0x0d02, "IntServ"},
	{0x0f01, "IPv4"},
	{0x0f02, "IPv6"},
	{0x1001, "Label"},
	{0x1002, "Generalized Label"},
	{0x1003, "Waveband Switching"},
	{0x1301, "without label range"},
	{0x1302, "with ATM label range"},
	{0x1303, "with FR label range"},
	{0x1304, "Generalized Label"},
	{0x1401, "IPv4"},
	{0x1501, "IPv4"},
	{0x1601, "Hello Request"},
	{0x1602, "Hello Ack"},
	{0x1701, "1"},
	{0x1801, "Message id ack"},
	{0x1802, "Message id nack"},
	{0x1901, "1"},
	{0x2201, "Label"},
	{0x2202, "Generalized Label"},
	{0x2203, "Waveband Switching"},
	{0x2301, "Label"},
	{0x2302, "Generalized Label"},
	{0x2303, "Waveband Switching"},
	{0x2401, "1"},
	{0x3201, "IPv4 sub-LSP"},
	{0x3202, "IPv6 sub-LSP"},
	{0x3f07, "Tunnel IPv4"},
	{0x4201, "1"},
	{0x7d01, "1"},
	{0x8101, "Label"},
	{0x8102, "Generalized Label"},
	{0x8103, "Waveband Switching"},
	{0x8301, "IPv4"},
	{0x8601, "1"},
	{0xc301, "IPv4"},
	{0xc302, "IPv6"},
	{0xc401, "1"},
	{0xcc01, "1"},
	{0xcd01, "1"},
	{0xcd07, "Tunnel IPv4"},
	{0xcf07, "Tunnel IPv4"},
	{0xe501, "1"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;
	uint8_t first = cursor_u8(c);

	layer->words[0] = first >> 4;	  /* version */
	layer->words[1] = first & 15;	  /* flags */
	layer->words[2] = cursor_u8(c);	  /* message */
	layer->words[3] = cursor_be16(c); /* checksum */
	layer->words[4] = cursor_u8(c);	  /* ttl */
	cursor_skip(c, 1);
	layer->words[5] = cursor_be16(c); /* length */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* Are @n bytes at @at? If not, that is told, and the layer ends. */
static bool has(struct text *t, const struct layer *layer, size_t at, size_t n)
{
	if (field_has(layer, at, n))
		return true;
	text_trunc(t);
	return false;
}

void rsvp_put_line(struct text *t, const struct rsvp_object *o, int more)
{
	put_text(t, o->indent);
	if (more > 0)
		strbuf_spaces(t->out, (size_t)more);
	else
		t->out->length -= (size_t)-more;
}

/* A message's first line. */
static void text_header(struct text *t, const struct layer *layer, size_t at,
			const char *indent)
{
	static const struct label flags[] = {{1, "Refresh reduction capable"},
					     {0, NULL}};
	const uint8_t *p = layer->data + at;

	put(t, "%sRSVPv1 ", indent);
	put_label(t, message_labels, p[1], "unknown, type: %u");
	put(t, " Message (%u), Flags: [", p[1]);
	put_bits(t, flags, p[0] & 15, "none", ", ");
	put(t, "], length: %u, ttl: %u, checksum: 0x%04x", load_be16(p + 6),
	    p[4], load_be16(p + 2));
}

/* The object at @at of @left bytes; its length, 0 if no more are printed. */
static uint32_t text_object(struct text *t, const struct layer *layer,
			    size_t at, uint32_t left, bool nested)
{
	const char *indent = nested ? "\n\t    " : "\n\t  ";
	struct rsvp_object o = {layer, at + OBJECT,
				0,     0,
				0,     nested ? "\n\t      " : "\n\t    "};
	uint32_t length;
	enum rsvp_result result;

	if (!has(t, layer, at, OBJECT))
		return 0;
	length = load_be16(layer->data + at);
	o.class = layer->data[at + 2];
	o.type = layer->data[at + 3];
	if (length % 4) {
		put(t, "%sERROR: object header size %u not a multiple of 4",
		    indent, length);
		return 0;
	}
	if (length < OBJECT) {
		put(t, "%sERROR: object header too short %u < %u", indent,
		    length, OBJECT);
		return 0;
	}
	put(t,
	    "%s%s Object (%u) Flags: [%s if unknown], Class-Type: %s (%u), "
	    "length: %u",
	    indent, label_or(class_labels, o.class, "Unknown"), o.class,
	    !(o.class & 0x80)	? "reject"
	    : !(o.class & 0x40) ? "ignore silently"
				: "ignore and forward",
	    label_or(rsvp_type_labels, (uint32_t)o.class << 8 | o.type,
		     "Unknown"),
	    o.type, length);
	if (left < length) {
		put(t, "%sERROR: object goes past end of objects TLV", indent);
		return 0;
	}
	if (!has(t, layer, at, length))
		return 0;
	o.left = length - OBJECT;
	result = rsvp_text_object(t, &o);
	if (result == RSVP_SHORT)
		put(t, "%sERROR: object is too short", indent);
	if (result == RSVP_SHORT || result == RSVP_BROKEN)
		return 0;
	if (t->options->verbose > 1 || result == RSVP_UNKNOWN)
		field_put_dump(t, layer, at + OBJECT, "\n\t    ",
			       length - OBJECT);
	return length;
}

/* False: something was wrong. */
static bool text_objects(struct text *t, const struct layer *layer, size_t at,
			 uint32_t left, bool nested)
{
	while (left >= OBJECT && !t->stopped) {
		uint32_t used = text_object(t, layer, at, left, nested);

		if (!used)
			return false;
		at += used;
		left -= used;
	}
	return true;
}

static void text_bundle(struct text *t, const struct layer *layer, size_t at,
			uint32_t left)
{
	while (left && !t->stopped) {
		uint32_t length;

		if (!has(t, layer, at, HEADER))
			return;
		if (layer->data[at] >> 4 != VERSION) {
			put(t, "ERROR: RSVP version %u packet not supported",
			    layer->data[at] >> 4);
			return;
		}
		length = load_be16(layer->data + at + 6);
		text_header(t, layer, at, "\n\t  ");
		if (length < HEADER) {
			put(t, "ERROR: common header too short %u < %u", length,
			    HEADER);
			return;
		}
		if (length > left) {
			put(t, "ERROR: common header too large %u > %u", length,
			    left);
			return;
		}
		if (!text_objects(t, layer, at + HEADER, length - HEADER, true))
			return;
		at += length;
		left -= length;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t length = (uint32_t)layer->words[5];

	t->protocol = "rsvp";
	if (!has(t, layer, 0, HEADER))
		return;
	if (layer->words[0] != VERSION) {
		put(t, "ERROR: RSVP version %u packet not supported",
		    (uint32_t)layer->words[0]);
		return;
	}
	if (!t->options->verbose) {
		put_text(t, "RSVPv1 ");
		put_label(t, message_labels, (uint32_t)layer->words[2],
			  "unknown (%u)");
		put(t, " Message, length: %u", layer->length);
		return;
	}
	text_header(t, layer, 0, "\n\t");
	if (length < HEADER) {
		put(t, "ERROR: common header too short %u < %u", length,
		    HEADER);
		return;
	}
	if (layer->words[2] == BUNDLE)
		text_bundle(t, layer, HEADER, length - HEADER);
	else if (label_find(message_labels, (uint32_t)layer->words[2]))
		text_objects(t, layer, HEADER, length - HEADER, false);
	else
		field_put_dump(t, layer, HEADER, "\n\t    ", length - HEADER);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	(void)packet;
	json_u64(json, "version", layer->words[0]);
	json_u64(json, "flags", layer->words[1]);
	json_u64(json, "message_type", layer->words[2]);
	json_u64(json, "checksum", layer->words[3]);
	json_u64(json, "ttl", layer->words[4]);
	json_u64(json, "message_length", layer->words[5]);
	if (layer->words[2] == BUNDLE)
		return;
	cursor_skip(&c, HEADER);
	json_open_array(json, "objects");
	while (cursor_has(&c, OBJECT)) {
		uint16_t length = cursor_be16(&c);

		json_open_object(json, NULL);
		json_u64(json, "class", cursor_u8(&c));
		json_u64(json, "class_type", cursor_u8(&c));
		json_u64(json, "length", length);
		json_close_object(json);
		if (length < OBJECT)
			break;
		cursor_skip(&c, length - OBJECT);
		if (c.overrun)
			break;
	}
	json_close_array(json);
}

const struct dissector rsvp_dissector = {
	.name = "rsvp",
	.decode = decode,
	.text = text,
	.json = json,
};
