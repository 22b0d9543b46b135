/* SPDX-License-Identifier: BSD-3-Clause */
/* The Link Management Protocol: RFC 4204. Its objects are in lmp_object.c. */
#include "dissectors/lmp.h"

#include "dissectors/field.h"
#include "dissectors/protocols.h"

enum { HEADER = 8, OBJECT = 4, VERSION = 1 };

static const struct label message_labels[] = {
	{1, "Config"},
	{2, "Config ACK"},
	{3, "Config NACK"},
	{4, "Hello"},
	{5, "Begin Verify"},
	{6, "Begin Verify ACK"},
	{7, "Begin Verify NACK"},
	{8, "End Verify"},
	{9, "End Verify ACK"},
	{10, "Test"},
	{11, "Test Status Success"},
	{12, "Test Status Failure"},
	{13, "Test Status ACK"},
	{14, "Link Summary"},
	{15, "Link Summary ACK"},
	{16, "Link Summary NACK"},
	{17, "Channel Status"},
	{18, "Channel Status ACK"},
	{19, "Channel Status Request"},
	{20, "Channel Status Response"},
	{50, "Service Config"},
	{51, "Service Config ACK"},
	{52, "Service Config NACK"},
	{0, NULL},
};

static const struct label class_labels[] = {
	{LMP_CONTROL_CHANNEL, "Control Channel ID"},
	{LMP_NODE, "Node ID"},
	{LMP_LINK, "Link ID"},
	{LMP_INTERFACE, "Interface ID"},
	{LMP_MESSAGE, "Message ID"},
	{LMP_CONFIGURATION, "Configuration"},
	{LMP_HELLO, "Hello"},
	{LMP_VERIFY_BEGIN, "Verify Begin"},
	{LMP_VERIFY_BEGIN_ACK, "Verify Begin ACK"},
	{LMP_VERIFY, "Verify ID"},
	{LMP_TE_LINK, "TE Link"},
	{LMP_DATA_LINK, "Data Link"},
	{LMP_CHANNEL_STATUS, "Channel Status"},
	{LMP_CHANNEL_STATUS_REQUEST, "Channel Status Request"},
	{LMP_ERROR_CODE, "Error Code"},
	{LMP_SERVICE_CONFIGURATION, "Service Config"},
	{0, NULL},
};

/* Class types, behind 256 times the class. */
static const struct label class_type_labels[] = {
	{0x0101, "Local"},
	{0x0102, "Remote"},
	{0x0201, "Local"},
	{0x0202, "Remote"},
	{0x0301, "IPv4 Local"},
	{0x0302, "IPv4 Remote"},
	{0x0303, "IPv6 Local"},
	{0x0304, "IPv6 Remote"},
	{0x0305, "Unnumbered Local"},
	{0x0306, "Unnumbered Remote"},
	{0x0401, "IPv4 Local"},
	{0x0402, "IPv4 Remote"},
	{0x0403, "IPv6 Local"},
	{0x0404, "IPv6 Remote"},
	{0x0405, "Unnumbered Local"},
	{0x0406, "Unnumbered Remote"},
	{0x0501, "1"},
	{0x0502, "2"},
	{0x0601, "1"},
	{0x0701, "1"},
	{0x0801, "1"},
	{0x0901, "1"},
	{0x0a01, "1"},
	{0x0b01, "IPv4"},
	{0x0b02, "IPv6"},
	{0x0b03, "Unnumbered"},
	{0x0c01, "IPv4"},
	{0x0c02, "IPv6"},
	{0x0c03, "Unnumbered"},
	{0x0d01, "IPv4"},
	{0x0d02, "IPv6"},
	{0x0d03, "Unnumbered"},
	{0x0e01, "IPv4"},
	{0x0e02, "IPv6"},
	{0x0e03, "Unnumbered"},
	{0x1401, "1"},
	{0x1402, "2"},
	{0x3301, "1"},
	{0x3302, "2"},
	{0x3303, "3"},
	{0x3304, "4"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_be16(c) >> 12; /* version */
	layer->words[1] = cursor_u8(c);		/* flags */
	layer->words[2] = cursor_u8(c);		/* message */
	layer->words[3] = cursor_be16(c);	/* length */
	cursor_skip(c, 2);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* The object at @at; its length, 0 if it cannot be. */
static uint32_t text_object(struct text *t, const struct layer *layer,
			    size_t at)
{
	struct lmp_object o = {layer, at + OBJECT, 0, 0, 0};
	uint32_t length;
	bool negotiable, known;

	if (!field_need(t, layer, at, OBJECT))
		return 0;
	negotiable = layer->data[at] & 0x80;
	o.type = layer->data[at] & 0x7f;
	o.class = layer->data[at + 1];
	length = load_be16(layer->data + at + 2);
	put(t, "\n\t  %s Object (%u), Class-Type: %s (%u)",
	    label_or(class_labels, o.class, "Unknown"), o.class,
	    label_or(class_type_labels, (uint32_t)o.class << 8 | o.type,
		     "Unknown"),
	    o.type);
	put(t, " Flags: [%snegotiable], length: %u", negotiable ? "" : "non-",
	    length);
	if (length < OBJECT) {
		put_text(t, " (too short)");
		return 0;
	}
	if (length % 4) {
		put_text(t, " (not a multiple of 4)");
		return 0;
	}
	if (!field_need(t, layer, at, length))
		return 0;
	o.length = length - OBJECT;
	known = lmp_text_object(t, &o);
	if (t->options->verbose > 1 || !known)
		field_put_dump(t, layer, o.at, "\n\t    ", o.length);
	return length;
}

static void text(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{1, "Control Channel Down"}, {2, "LMP restart"}, {0, NULL}};
	uint32_t length = (uint32_t)layer->words[3], left;
	uint8_t type = (uint8_t)layer->words[2];
	size_t at = HEADER;

	t->protocol = "lmp";
	if (!field_need(t, layer, 0, HEADER))
		return;
	if (layer->words[0] != VERSION) {
		put(t, "LMP version %u packet not supported",
		    (unsigned int)layer->words[0]);
		return;
	}
	if (!t->options->verbose) {
		put_text(t, "LMPv1 ");
		put_label(t, message_labels, type, "unknown (%u)");
		put(t, " Message, length: %u", layer->length);
		return;
	}
	put_text(t, "\n\tLMPv1, msg-type: ");
	put_label(t, message_labels, type, "unknown, type: %u");
	put_text(t, ", Flags: [");
	put_bits(t, flags, (uint8_t)layer->words[1], "none", ", ");
	put(t, "], length: %u", length);
	if (length < HEADER) {
		put_text(t, " (too short)");
		return;
	}
	if (length > layer->length) {
		put_text(t, " (too long)");
		length = layer->length;
	}
	left = length - HEADER;
	while (left && !t->stopped) {
		uint32_t used = text_object(t, layer, at);

		if (!used)
			return;
		if (left < used) {
			field_put_less(t, "remaining objects length", left,
				       used);
			text_invalid(t);
			return;
		}
		at += used;
		left -= used;
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	(void)packet;
	json_u64(json, "version", layer->words[0]);
	json_u64(json, "flags", layer->words[1]);
	json_u64(json, "message_type", layer->words[2]);
	json_u64(json, "message_length", layer->words[3]);
	cursor_skip(&c, HEADER);
	json_open_array(json, "objects");
	while (cursor_has(&c, OBJECT)) {
		uint8_t type = cursor_u8(&c), class = cursor_u8(&c);
		uint16_t length = cursor_be16(&c);

		json_open_object(json, NULL);
		json_u64(json, "class", class);
		json_u64(json, "class_type", type & 0x7f);
		json_bool(json, "negotiable", type & 0x80);
		json_u64(json, "length", length);
		json_close_object(json);
		if (length < OBJECT)
			break;
		cursor_skip(&c, length - OBJECT);
	}
	json_close_array(json);
}

const struct dissector lmp_dissector = {
	.name = "lmp",
	.decode = decode,
	.text = text,
	.json = json,
};
