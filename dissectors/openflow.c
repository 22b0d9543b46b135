/* SPDX-License-Identifier: BSD-3-Clause */
/* The messages in a segment; their bodies are in openflow10*.c. */
#include "dissectors/openflow.h"

#include "dissectors/labels.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { HEADER = 8, VERSION_1_0 = 1, VERSION_1_3 = 4 };

static const struct label version_labels[] = {
	{1, "1.0"}, {2, "1.1"}, {3, "1.2"}, {4, "1.3"}, {5, "1.4"}, {6, "1.5"},
	{0, NULL},
};

static const struct label experimenter_labels[] = {
	{0x4f4e4600, "ONF Extensions"},
	{0xff000001, "Budapest University of Technology and Economics"},
	{0xff000002, "NoviFlow"},
	{0xff000003, "L3+ Extensions, Vendor Neutral"},
	{0xff000004, "L4-L7 Extensions"},
	{0xff000005, "Wireless and Mobility Extensions"},
	{0xff000006, "Forwarding Abstractions Extensions"},
	{0xff000007, "Optical Transport Extensions"},
	{0xff000008, "Network Benchmarking Lab, NCTU"},
	{0xff000009, "Mobile Packet Core Extensions"},
	{0xff00000a, "MPLS-TP OpenFlow Extensions for SPTN"},
	{0, NULL},
};

void openflow_put_bits(struct text *t, const struct label *labels,
		       uint32_t value)
{
	uint32_t known = 0;

	for (const struct label *l = labels; l->text; l++)
		known |= l->value;
	if (value & known) {
		put_text(t, " (");
		put_bits(t, labels, value, "", ", ");
		put_char(t, ')');
	}
	if (value & ~known)
		put_text(t, " (bogus)");
}

void openflow_put_vendor(struct text *t, const char *title, uint32_t vendor)
{
	put(t, "%s 0x%08x (%s)", title, vendor,
	    label_or(vendor >> 24 ? experimenter_labels : oui_labels, vendor,
		     "unknown"));
}

void openflow_put_string(struct text *t, struct cursor *c, uint32_t size)
{
	struct cursor text = *c;

	put_char(t, '\'');
	for (uint32_t i = 0; i < size && !t->stopped; i++) {
		uint8_t byte = text_u8(t, &text);

		if (!byte)
			break;
		put_visible(t, byte);
	}
	put_char(t, '\'');
	if (cursor_has(c, size))
		cursor_skip(c, size);
	else
		c->at = c->end;
}

void openflow_put_label(struct text *t, const char *title,
			const struct label *labels, uint32_t value,
			const char *format)
{
	put_text(t, title);
	put_label(t, labels, value, format);
}

void openflow_put_mac(struct text *t, const char *title,
		      const uint8_t *address)
{
	put_text(t, title);
	put_mac(t, address);
}

void openflow_put_ipv4(struct text *t, const char *title,
		       const uint8_t *address)
{
	put_text(t, title);
	put_ipv4(t, address);
}

void openflow_text_data(struct text *t, struct cursor c, uint32_t length)
{
	size_t there = cursor_left(&c);

	if (!length)
		return;
	put(t, "\n\t data (%u octets)", length);
	if (t->options->verbose > 1)
		put_hex_ascii(t, "\n\t  ", c.at,
			      length < there ? length : there);
	text_has(t, &c, length);
}

void openflow_invalid(struct text *t, const struct cursor *c, uint32_t length)
{
	text_invalid(t);
	text_has(t, c, length);
}

static void text_body(struct text *t, const struct openflow_message *message,
		      struct cursor c, uint32_t length)
{
	bool good = !message || (message->rule == OPENFLOW_FIXED
					 ? length == message->size
					 : length >= message->size);

	if (!good)
		openflow_invalid(t, &c, length);
	else if (message && message->text && t->options->verbose)
		message->text(t, c, length);
	else
		text_has(t, &c, length);
}

static const struct openflow_message *find_message(uint8_t version,
						   uint8_t type)
{
	switch (version) {
	case VERSION_1_0:
		return openflow10_message(type);
	case VERSION_1_3:
		return openflow13_message(type);
	default:
		return NULL;
	}
}

static bool text_end(struct text *t, const struct cursor *c, uint32_t left)
{
	put_text(t, " (end of TCP payload)");
	text_has(t, c, left);
	return false;
}

/* One message of the *@left bytes. False if it is the last. */
static bool text_message(struct text *t, struct cursor *c, uint32_t *left)
{
	const struct openflow_message *message;
	uint8_t version, type;
	uint16_t length;

	version = text_u8(t, c);
	put_text(t, "\n\tversion ");
	put_label(t, version_labels, version, "unknown (0x%02x)");
	if (--*left < 1)
		return text_end(t, c, *left);
	type = text_u8(t, c);
	message = find_message(version, type);
	if (message)
		put(t, ", type %s", message->name);
	else
		put(t, ", type unknown (0x%02x)", type);
	if (--*left < 2)
		return text_end(t, c, *left);
	length = text_be16(t, c);
	put(t, ", length %u%s", length, length < HEADER ? " (too short!)" : "");
	*left -= 2;
	if (*left < 4)
		return text_end(t, c, *left);
	put(t, ", xid 0x%08x", text_be32(t, c));
	*left -= 4;
	if (length < HEADER) {
		openflow_invalid(t, c, *left);
		return false;
	}
	length = (uint16_t)(length - HEADER);
	text_body(t, message, *c, length);
	if (length > *left || t->stopped)
		return false;
	cursor_skip(c, length);
	*left -= length;
	return true;
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint32_t left = layer->length;

	t->protocol = "openflow";
	put_text(t, ": OpenFlow");
	while (left && !t->stopped)
		if (!text_message(t, &c, &left))
			return;
}

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_be64(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static const struct member_table error_members = {
	.members = (const struct member[]){
		MEMBER_U16("error_type", 8),
		MEMBER_U16("error_code", 10),
		MEMBER_END},
};

static const struct member_table echo_members = {
	.members = (const struct member[]){
		MEMBER_BYTES("data", 8, 0),
		MEMBER_END},
};

static const struct member_table features10_members = {
	.members = (const struct member[]){
		MEMBER_BYTES("datapath_id", 8, 8),
		MEMBER_U32("buffers", 16),
		MEMBER_U8("tables", 20),
		MEMBER_U32("capabilities", 24),
		MEMBER_U32("actions", 28),
		MEMBER_END},
};

static const struct member_table packet_in10_members = {
	.members = (const struct member[]){
		MEMBER_U32("buffer_id", 8),
		MEMBER_U16("total_length", 12),
		MEMBER_U16("in_port", 14),
		MEMBER_U8("reason", 16),
		MEMBER_END},
};

static const struct member_table packet_out10_members = {
	.members = (const struct member[]){
		MEMBER_U32("buffer_id", 8),
		MEMBER_U16("in_port", 12),
		MEMBER_U16("actions_length", 14),
		MEMBER_END},
};

static const struct member_table flow_mod10_members = {
	.members = (const struct member[]){
		MEMBER_U32("wildcards", 8),
		MEMBER_BYTES("cookie", 48, 8),
		MEMBER_U16("command", 56),
		MEMBER_U16("idle_timeout", 58),
		MEMBER_U16("hard_timeout", 60),
		MEMBER_U16("priority", 62),
		MEMBER_U32("buffer_id", 64),
		MEMBER_U16("out_port", 68),
		MEMBER_U16("flow_flags", 70),
		MEMBER_END},
};

static const struct member_table features13_members = {
	.members = (const struct member[]){
		MEMBER_BYTES("datapath_id", 8, 8),
		MEMBER_U32("buffers", 16),
		MEMBER_U8("tables", 20),
		MEMBER_U8("auxiliary_id", 21),
		MEMBER_U32("capabilities", 24),
		MEMBER_END},
};

static const struct member_table packet_in13_members = {
	.members = (const struct member[]){
		MEMBER_U32("buffer_id", 8),
		MEMBER_U16("total_length", 12),
		MEMBER_U8("reason", 14),
		MEMBER_U8("table_id", 15),
		MEMBER_BYTES("cookie", 16, 8),
		MEMBER_END},
};

static const struct member_case message_cases[] = {
	{0x0101, &error_members},
	{0x0102, &echo_members},
	{0x0106, &features10_members},
	{0x010a, &packet_in10_members},
	{0x010d, &packet_out10_members},
	{0x010e, &flow_mod10_members},
	{0x0406, &features13_members},
	{0x040a, &packet_in13_members},
	{0x0103, &echo_members},
	{0x0401, &error_members},
	{0x0402, &echo_members},
	{0x0403, &echo_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 0),
		MEMBER_U8("type", 1),
		MEMBER_U16("message_length", 2),
		MEMBER_U32("xid", 4),
		MEMBER_END},
	.choice = {0, 2, 0},
	.cases = message_cases,
};

const struct dissector openflow_dissector = {
	.name = "openflow",
	.decode = decode,
	.text = text,
	.members = &members,
};
