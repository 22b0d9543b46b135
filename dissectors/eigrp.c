/* SPDX-License-Identifier: BSD-3-Clause */
/* EIGRP: RFC 7868. */
#include "dissectors/field.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { HEADER = 20, VERSION = 2, TLV = 4 };

enum tlv {
	PARAMETERS = 0x0001,
	SOFTWARE = 0x0004,
	IP_INTERNAL = 0x0102,
	IP_EXTERNAL = 0x0103,
	APPLETALK_INTERNAL = 0x0202,
	APPLETALK_EXTERNAL = 0x0203,
	APPLETALK_SETUP = 0x0204,
};

static const struct label opcode_labels[] = {
	{1, "Update"}, {3, "Query"},   {4, "Reply"}, {5, "Hello"},
	{6, "IPX SAP"}, {7, "Probe"}, {0, NULL},
};

static const struct label tlv_labels[] = {
	{PARAMETERS, "General Parameters"},
	{0x0002, "Authentication"},
	{0x0003, "Sequence"},
	{SOFTWARE, "Software Version"},
	{0x0005, "Next Multicast Sequence"},
	{IP_INTERNAL, "IP Internal routes"},
	{IP_EXTERNAL, "IP External routes"},
	{APPLETALK_INTERNAL, "AppleTalk Internal routes"},
	{APPLETALK_EXTERNAL, "AppleTalk External routes"},
	{APPLETALK_SETUP, "AppleTalk Cable setup"},
	{0x0302, "IPX Internal routes"},
	{0x0303, "IPX External routes"},
	{0, NULL},
};

static const struct label origin_labels[] = {
	{1, "IGRP"},  {2, "EIGRP"}, {3, "Static"},     {4, "RIP"},
	{5, "Hello"}, {6, "OSPF"},  {7, "IS-IS"},      {8, "EGP"},
	{9, "BGP"},   {10, "IDRP"}, {11, "Connected"}, {0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_u8(c); /* version */
	layer->words[1] = cursor_u8(c); /* opcode */
	cursor_skip(c, 2);
	layer->words[2] = cursor_be32(c); /* flags */
	layer->words[3] = cursor_be32(c); /* sequence */
	layer->words[4] = cursor_be32(c); /* acknowledgment */
	cursor_skip(c, 2);
	layer->words[5] = cursor_be16(c); /* autonomous system */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void put_metric(struct text *t, const uint8_t *p)
{
	put(t,
	    "\n\t      delay %u ms, bandwidth %u Kbps, mtu %u, hop %u, "
	    "reliability %u, load %u",
	    load_be32(p) / 100, load_be32(p + 4), load_be24(p + 8), p[11],
	    p[12], p[13]);
}

/* An IPv4 route whose prefix is at @prefix, its next hop at @p. */
static bool put_prefix(struct text *t, const struct layer *layer,
		       const uint8_t *p, size_t prefix)
{
	uint8_t bits = field_u8(t, layer, prefix), address[4] = {0};
	size_t n = (bits + 7u) / 8;

	if (bits > 32) {
		put(t, "\n\t    illegal prefix length %u", bits);
		return false;
	}
	memcpy(address, field_bytes(t, layer, prefix + 1, n), n);
	put_text(t, "\n\t    IPv4 prefix: ");
	field_put_padded_ipv4(t, address);
	put(t, "/%u, nexthop: ", bits);
	if (load_be32(p))
		put_ipv4(t, p);
	else
		put_text(t, "self");
	return true;
}

static void text_internal(struct text *t, const struct layer *layer, size_t at)
{
	const uint8_t *p = layer->data + at;

	if (put_prefix(t, layer, p, at + 20))
		put_metric(t, p + 4);
}

static void text_external(struct text *t, const struct layer *layer, size_t at)
{
	const uint8_t *p = layer->data + at;

	if (!put_prefix(t, layer, p, at + 40))
		return;
	put_text(t, "\n\t      origin-router ");
	put_ipv4(t, p + 4);
	put(t,
	    ", origin-as %u, origin-proto %s, flags [0x%02x], tag 0x%08x, "
	    "metric %u",
	    load_be32(p + 8), label_or(origin_labels, p[22], "unknown"), p[23],
	    load_be32(p + 12), load_be32(p + 16));
	put_metric(t, p + 24);
}

static void text_appletalk(struct text *t, const uint8_t *p, bool external)
{
	const uint8_t *cable = p + (external ? 36 : 20);

	put(t, "\n\t     Cable-Range: %u-%u, nexthop: ", load_be16(cable),
	    load_be16(cable + 2));
	if (load_be32(p))
		put(t, "%u.%u", load_be16(p), load_be16(p + 2));
	else
		put_text(t, "self");
	if (external)
		put(t,
		    "\n\t      origin-router %u, origin-as %u, origin-proto "
		    "%s, flags [0x%02x], tag 0x%08x, metric %u",
		    load_be32(p + 4), load_be32(p + 8),
		    label_or(origin_labels, p[16], "unknown"), p[17],
		    load_be32(p + 12), load_be16(p + 18));
	put_metric(t, p + (external ? 20 : 4));
}

static void text_value(struct text *t, const struct layer *layer,
		       uint16_t type, size_t at, uint32_t length)
{
	static const struct label least[] = {
		{PARAMETERS, "\x08"},	       {SOFTWARE, "\x04"},
		{IP_INTERNAL, "\x16"},	       {IP_EXTERNAL, "\x2a"},
		{APPLETALK_INTERNAL, "\x18"},  {APPLETALK_EXTERNAL, "\x28"},
		{APPLETALK_SETUP, "\x08"},     {0, NULL}};
	const char *size = label_find(least, type);
	const uint8_t *p = layer->data + at;

	if (size && length < (uint8_t)size[0]) {
		put(t, " (too short, < %u)", TLV + size[0]);
		return;
	}
	switch (type) {
	case PARAMETERS:
		put(t,
		    "\n\t    holdtime: %us, k1 %u, k2 %u, k3 %u, k4 %u, k5 %u",
		    load_be16(p + 6), p[0], p[1], p[2], p[3], p[4]);
		break;
	case SOFTWARE:
		put(t, "\n\t    IOS version: %u.%u, EIGRP version %u.%u", p[0],
		    p[1], p[2], p[3]);
		break;
	case IP_INTERNAL:
		text_internal(t, layer, at);
		break;
	case IP_EXTERNAL:
		text_external(t, layer, at);
		break;
	case APPLETALK_SETUP:
		put(t, "\n\t    Cable-range: %u-%u, Router-ID %u",
		    load_be16(p), load_be16(p + 2), load_be32(p + 4));
		break;
	case APPLETALK_INTERNAL:
	case APPLETALK_EXTERNAL:
		text_appletalk(t, p, type == APPLETALK_EXTERNAL);
		break;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t    ", length);
		break;
	}
}

static void text_tlvs(struct text *t, const struct layer *layer)
{
	uint32_t left = layer->length - HEADER;
	size_t at = HEADER;

	while (left && !t->stopped) {
		uint16_t type;
		uint32_t length;

		if (!field_has(layer, at, TLV)) {
			text_trunc(t);
			return;
		}
		type = load_be16(layer->data + at);
		length = load_be16(layer->data + at + 2);
		if (length < TLV || length > left) {
			field_put_dump(t, layer, at + TLV, "\n\t    ", left);
			return;
		}
		put(t, "\n\t  %s TLV (0x%04x), length: %u",
		    label_or(tlv_labels, type, "Unknown"), type, length);
		if (!field_has(layer, at, length)) {
			text_trunc(t);
			return;
		}
		text_value(t, layer, type, at + TLV, length - TLV);
		if (t->options->verbose > 1)
			field_put_dump(t, layer, at + TLV, "\n\t    ",
				       length - TLV);
		at += length;
		left -= length;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {{1, "Init"},
					     {2, "Conditionally Received"},
					     {4, "Restart"},
					     {8, "End-of-Table"},
					     {0, NULL}};
	const uint8_t *p = layer->data;

	t->protocol = "eigrp";
	if (layer->captured < HEADER) {
		text_trunc(t);
		return;
	}
	if (p[0] != VERSION) {
		put(t, "EIGRP version %u packet not supported", p[0]);
		return;
	}
	if (!t->options->verbose || layer->length < HEADER) {
		put_text(t, "EIGRP ");
		put_label(t, opcode_labels, p[1], "unknown (%u)");
		put(t, ", length: %u", layer->length);
		if (t->options->verbose)
			put(t, " (too short, < %u)", HEADER);
		return;
	}
	put(t, "\n\tEIGRP v%u, opcode: ", p[0]);
	put_label(t, opcode_labels, p[1], "unknown, type: %u");
	put(t, " (%u), chksum: 0x%04x", p[1], load_be16(p + 2));
	field_put_bits(t, ", Flags: [", flags, load_be32(p + 4), "none");
	put(t,
	    "\n\tseq: 0x%08x, ack: 0x%08x, VRID: %u, AS: %u, length: %u",
	    load_be32(p + 8), load_be32(p + 12), load_be16(p + 16),
	    load_be16(p + 18), layer->length - HEADER);
	text_tlvs(t, layer);
}

static const struct member_table parameter_members = {
	.members = (const struct member[]){
		MEMBER_U8("k1", 4),
		MEMBER_U8("k2", 5),
		MEMBER_U8("k3", 6),
		MEMBER_U8("k4", 7),
		MEMBER_U8("k5", 8),
		MEMBER_U16("hold_time", 10),
		MEMBER_END},
};

static const struct member_table version_members = {
	.members = (const struct member[]){
		MEMBER_U8("ios_major", 4),
		MEMBER_U8("ios_minor", 5),
		MEMBER_U8("eigrp_major", 6),
		MEMBER_U8("eigrp_minor", 7),
		MEMBER_END},
};

static const struct member_table internal_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("next_hop", 4),
		MEMBER_U32("delay", 8),
		MEMBER_U32("bandwidth", 12),
		MEMBER_U24("mtu", 16),
		MEMBER_U8("hop_count", 19),
		MEMBER_U8("reliability", 20),
		MEMBER_U8("load", 21),
		MEMBER_U8("prefix_length", 24),
		MEMBER_END},
};

static const struct member_table external_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("next_hop", 4),
		MEMBER_ADDRESS("origin_router", 8),
		MEMBER_U32("origin_autonomous_system", 12),
		MEMBER_U32("tag", 16),
		MEMBER_U32("external_metric", 20),
		MEMBER_U8("external_protocol", 26),
		MEMBER_U32("delay", 28),
		MEMBER_U32("bandwidth", 32),
		MEMBER_U24("mtu", 36),
		MEMBER_U8("hop_count", 39),
		MEMBER_U8("reliability", 40),
		MEMBER_U8("load", 41),
		MEMBER_U8("prefix_length", 44),
		MEMBER_END},
};

static const struct member_case tlv_cases[] = {
	{1, &parameter_members},
	{4, &version_members},
	{258, &internal_members},
	{259, &external_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 0),
		MEMBER_U8("opcode", 1),
		MEMBER_U16("checksum", 2),
		MEMBER_U32("flags", 4),
		MEMBER_U32("sequence", 8),
		MEMBER_U32("acknowledgment", 12),
		MEMBER_U32("autonomous_system", 16),
		MEMBER_END},
	.list = {
		.name = "tlvs",
		.at = 20,
		.header = 4,
		.type = {0, 2, 0},
		.length = {2, 2, 0},
		.cases = tlv_cases,
	},
};

const struct dissector eigrp_dissector = {
	.name = "eigrp",
	.decode = decode,
	.text = text,
	.members = &members,
};
