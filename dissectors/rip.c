/* SPDX-License-Identifier: BSD-3-Clause */
/* RIP: RFC 1058, RFC 2453, RFC 4822; RIPng: RFC 2080. */
#include "dissectors/field.h"

#include "dissectors/labels.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 4,
	ENTRY = 20,
	FAMILY_IPV4 = 2,
	FAMILY_AUTHENTICATION = 0xffff,
	REQUEST = 1,
	RESPONSE = 2,
	TRACE_OFF = 4,
	POLL_ENTRY = 6,
	UNREACHABLE_6 = 16,
};

static const struct label command_labels[] = {
	{1, "Request"},
	{2, "Response"},
	{3, "Trace on"},
	{4, "Trace off"},
	{5, "Poll"},
	{6, "Poll Entry"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_u8(&d->cursor); /* command */
	d->layer->words[1] = cursor_u8(&d->cursor); /* version */
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* Entries print into @left bytes; they return those used, 0 if wrong. */

static uint32_t text_entry1(struct text *t, const struct layer *layer,
			    size_t at, uint32_t left)
{
	const uint8_t *p;
	uint16_t family;

	if (left < ENTRY || !field_has(layer, at, ENTRY))
		return 0;
	p = layer->data + at;
	family = load_be16(p);
	if (family != FAMILY_IPV4 && family) {
		put_text(t, "\n\t AFI ");
		put_label(t, bsd_family_labels, family, "Unknown (%u)");
		put_text(t, ", ");
		field_put_dump(t, layer, at + 4, "\n\t  ", ENTRY - 4);
		return ENTRY;
	}
	if (load_be16(p + 2) || load_be32(p + 8) || load_be32(p + 12)) {
		field_put_dump(t, layer, at, "\n\t  ", ENTRY);
		return ENTRY;
	}
	put_text(t, family ? "\n\t  " : "\n\t  AFI 0, ");
	put_ipv4(t, p + 4);
	put(t, ", metric: %u", load_be32(p + 16));
	return ENTRY;
}

static uint32_t text_authentication(struct text *t, const struct layer *layer,
				    size_t at, uint32_t left)
{
	uint16_t type = field_be16(t, layer, at + 2);

	at += 4;
	left -= 4;
	if (type == 2) {
		put_text(t, "\n\t  Simple Text Authentication data: ");
		field_put_string(t, layer, at, 16);
		return ENTRY;
	}
	if (type == 3) {
		if (left < 16 || !field_has(layer, at, 16))
			return 0;
		put(t,
		    "\n\t  Auth header: Packet Len %u, Key-ID %u, Auth Data "
		    "Len %u,",
		    field_be16(t, layer, at), field_u8(t, layer, at + 2),
		    field_u8(t, layer, at + 3));
		put(t, " SeqNo %u, MBZ %u, MBZ %u",
		    field_be32(t, layer, at + 4), field_be32(t, layer, at + 8),
		    field_be32(t, layer, at + 12));
		return ENTRY;
	}
	if (type == 1)
		put_text(t, "\n\t  Auth trailer:");
	else
		put(t, "\n\t  Unknown (%u) Authentication data:", type);
	field_put_dump(t, layer, at, "\n\t  ", left);
	return left + 4;
}

static uint32_t text_entry2(struct text *t, const struct layer *layer,
			    size_t at, uint32_t left)
{
	const uint8_t *p;
	uint16_t family;

	if (left < 4 || !field_has(layer, at, 4))
		return 0;
	family = load_be16(layer->data + at);
	if (family == FAMILY_AUTHENTICATION)
		return text_authentication(t, layer, at, left);
	if (family != FAMILY_IPV4 && family) {
		put_text(t, "\n\t  AFI ");
		put_label(t, bsd_family_labels, family, "Unknown (%u)");
		field_put_dump(t, layer, at + 4, "\n\t  ", ENTRY - 4);
		return ENTRY;
	}
	if (left < ENTRY || !field_has(layer, at, ENTRY))
		return 0;
	p = layer->data + at;
	put_text(t, "\n\t  AFI ");
	put_label(t, bsd_family_labels, family, "%u");
	put_text(t, ", ");
	field_put_padded_ipv4(t, p + 4);
	put(t, "/%-2d, tag 0x%04x, metric: %u, next-hop: ",
	    field_prefix_length(load_be32(p + 8)), load_be16(p + 2),
	    load_be32(p + 16));
	if (load_be32(p + 12))
		put_ipv4(t, p + 12);
	else
		put_text(t, "self");
	return ENTRY;
}

/* Requests and responses. */
static void text_entries(struct text *t, const struct layer *layer,
			 uint8_t version)
{
	uint32_t there = layer->length < layer->captured ? layer->length
							 : layer->captured;
	uint32_t at = HEADER;

	if (version != 1 && version != 2) {
		put_text(t, ", unknown version");
		return;
	}
	put(t, ", routes: %u%s", layer->length / ENTRY, 
	    version == 1 ? "" : " or less");
	while (at < there && !t->stopped) {
		uint32_t left = there - at;
		uint32_t used = version == 1
					? text_entry1(t, layer, at, left)
					: text_entry2(t, layer, at, left);

		if (!used) {
			text_trunc(t);
			return;
		}
		if (left < used) {
			field_put_less(t, "remaining entries length", left,
				       used);
			text_invalid(t);
			return;
		}
		at += used;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	uint8_t version, command;

	t->protocol = "rip";
	if (layer->captured < HEADER) {
		text_trunc(t);
		return;
	}
	if (layer->length < HEADER) {
		text_trunc(t);
		return;
	}
	command = layer->data[0];
	version = layer->data[1];
	put(t, "%sRIPv%u", t->options->verbose ? "\n\t" : "", version);
	if (!version) {
		field_put_dump(t, layer, 0, "\n\t", layer->length);
		return;
	}
	put_text(t, ", ");
	put_label(t, command_labels, command, "unknown command (%u)");
	put(t, ", length: %u", layer->length);
	if (!t->options->verbose)
		return;
	if (command == REQUEST || command == RESPONSE) {
		text_entries(t, layer, version);
	} else if (t->options->verbose <= 1 &&
		   (command < TRACE_OFF || command > POLL_ENTRY)) {
		field_put_dump(t, layer, 0, "\n\t", layer->length);
	}
	if (t->options->verbose > 1)
		field_put_dump(t, layer, 0, "\n\t", layer->length);
}

static const struct member_table route_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("address", 4),
		MEMBER_ADDRESS("mask", 8),
		MEMBER_ADDRESS("next_hop", 12),
		MEMBER_U32("metric", 16),
		MEMBER_END},
};

static const struct member_table authentication_members = {
	.members = (const struct member[]){
		MEMBER_U16("authentication_type", 2),
		MEMBER_STRING("password", 4, 16),
		MEMBER_END},
};

static const struct member_case family_cases[] = {
	{2, &route_members},
	{0xffff, &authentication_members},
	{0, NULL},
};

static const struct member_table entry_members = {
	.members = (const struct member[]){
		MEMBER_U16("family", 0),
		MEMBER_U16("tag", 2),
		MEMBER_END},
	.choice = {0, 2, 0},
	.cases = family_cases,
};

static const struct member_table rip_members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 1),
		MEMBER_U8("command", 0),
		MEMBER_END},
	.list = {
		.name = "entries",
		.at = 4,
		.header = 20,
		.each = &entry_members,
	},
};

const struct dissector rip_dissector = {
	.name = "rip",
	.decode = decode,
	.text = text,
	.members = &rip_members,
};

static bool is_unspecified(const uint8_t *address)
{
	static const uint8_t zero[16];

	return !memcmp(address, zero, 16);
}

static void text_entry6(struct text *t, const struct layer *layer, size_t at,
			bool metric)
{
	put_text(t, t->options->verbose > 1 ? "\n\t" : " ");
	if (!field_need(t, layer, at, 19))
		return;
	put_ipv6(t, layer->data + at);
	put(t, "/%u", field_u8(t, layer, at + 18));
	if (field_be16(t, layer, at + 16))
		put(t, " [%u]", field_be16(t, layer, at + 16));
	if (metric && field_u8(t, layer, at + 19))
		put(t, " (%u)", field_u8(t, layer, at + 19));
}

/* False: (invalid). */
static bool text_entries6(struct text *t, const struct layer *layer,
			  bool response)
{
	uint32_t left = layer->length, count;
	size_t at = HEADER;

	if (left < HEADER)
		return false;
	left -= HEADER;
	count = left / ENTRY;
	if (count == 1 && !response &&
	    field_u8(t, layer, at + 19) == UNREACHABLE_6 &&
	    is_unspecified(field_bytes(t, layer, at, 16))) {
		put_text(t, " ripng-req dump");
		return true;
	}
	put(t, " ripng-%s %u", response ? "resp" : "req", count);
	if (count * ENTRY != left)
		put(t, "[%u]", layer->length);
	put_char(t, ':');
	for (; left >= ENTRY && !t->stopped; left -= ENTRY, at += ENTRY)
		text_entry6(t, layer, at, response);
	return !left || t->stopped;
}

static void text6(struct text *t, const struct layer *layer)
{
	uint8_t version, command;

	t->protocol = "ripng";
	version = field_u8(t, layer, 1);
	if (version != 1) {
		put(t, " [vers %u]", version);
		text_invalid(t);
		return;
	}
	command = field_u8(t, layer, 0);
	if (command == REQUEST || command == RESPONSE) {
		if (!text_entries6(t, layer, command == RESPONSE))
			text_invalid(t);
		return;
	}
	put(t, " ripng-%u ?? %u", command, layer->length);
	text_invalid(t);
}

static const struct member_table entry6_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS6("prefix", 0),
		MEMBER_U16("tag", 16),
		MEMBER_U8("prefix_length", 18),
		MEMBER_U8("metric", 19),
		MEMBER_END},
};

static const struct member_table ripng_members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 1),
		MEMBER_U8("command", 0),
		MEMBER_END},
	.list = {
		.name = "entries",
		.at = 4,
		.header = 20,
		.each = &entry6_members,
	},
};

const struct dissector ripng_dissector = {
	.name = "ripng",
	.decode = decode,
	.text = text6,
	.members = &ripng_members,
};
