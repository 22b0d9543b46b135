/* SPDX-License-Identifier: BSD-3-Clause */
/* Cisco's discovery protocol. */
#include "dissectors/field.h"

#include <stdio.h>

#include "dissectors/members.h"
#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

enum { HEADER = 4, TLV = 4, NLPID_IPV4 = 0xcc };

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;

	layer->words[0] = cursor_u8(&d->cursor); /* version */
	layer->words[1] = cursor_u8(&d->cursor); /* time to live */
	cursor_skip(&d->cursor, 2);
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* The values of TLVs, @n bytes at @at. */

static void text_string(struct text *t, const struct layer *layer, size_t at,
			uint32_t n)
{
	put_char(t, '\'');
	field_put_text(t, layer, at, n);
	put_char(t, '\'');
}

static void text_capability(struct text *t, const struct layer *layer,
			    size_t at, uint32_t n)
{
	static const struct label labels[] = {
		{0x01, "Router"},
		{0x02, "Transparent Bridge"},
		{0x04, "Source Route Bridge"},
		{0x08, "L2 Switch"},
		{0x10, "L3 capable"},
		{0x20, "IGMP snooping"},
		{0x40, "L1 capable"},
		{0, NULL}};
	uint32_t value = field_be32(t, layer, at);

	(void)n;
	put(t, "(0x%08x): ", value);
	put_bits(t, labels, value, "none", ", ");
}

static void text_version(struct text *t, const struct layer *layer, size_t at,
			 uint32_t n)
{
	put_text(t, "\n\t  ");
	for (uint32_t i = 0; i < n && !t->stopped; i++) {
		uint8_t c = field_u8(t, layer, at + i);

		if (c == '\n')
			put_text(t, "\n\t  ");
		else
			put_visible(t, c);
	}
}

static void text_number(struct text *t, const struct layer *layer, size_t at,
			uint32_t n)
{
	(void)n;
	put_u32(t, field_be16(t, layer, at));
}

static void text_duplex(struct text *t, const struct layer *layer, size_t at,
			uint32_t n)
{
	(void)n;
	put_text(t, field_u8(t, layer, at) ? "full" : "half");
}

static void text_voice(struct text *t, const struct layer *layer, size_t at,
		       uint32_t n)
{
	if (n == 2)
		put(t, "unknown 0x%04x", field_be16(t, layer, at));
	else
		put(t, "app %u, vlan %u", field_u8(t, layer, at),
		    field_be16(t, layer, at + 1));
}

static void text_power(struct text *t, const struct layer *layer, size_t at,
		       uint32_t n)
{
	uint32_t value = n == 1	  ? field_u8(t, layer, at)
			 : n == 2 ? field_be16(t, layer, at)
			 : n == 3 ? field_be24(t, layer, at)
				  : 0;
	char text[32];

	snprintf(text, sizeof(text), "%1.2fW", value / 1000.0);
	put_text(t, text);
}

static void text_mtu(struct text *t, const struct layer *layer, size_t at,
		     uint32_t n)
{
	(void)n;
	put(t, "%u bytes", field_be32(t, layer, at));
}

static void text_octet(struct text *t, const struct layer *layer, size_t at,
		       uint32_t n)
{
	(void)n;
	put(t, "0x%02x", field_u8(t, layer, at));
}

static void text_location(struct text *t, const struct layer *layer, size_t at,
			  uint32_t n)
{
	put(t, "0x%02x", field_u8(t, layer, at));
	if (n > 1) {
		put_char(t, '/');
		field_put_text(t, layer, at + 1, n - 1);
	}
}

static bool is_ipv6(const uint8_t *protocol, uint8_t length)
{
	static const uint8_t ipv6[8] = {0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd};

	return length == 8 && memcmp(protocol, ipv6, 8) == 0;
}

/* @n bytes, each behind a space. */
static void put_octets(struct text *t, const struct layer *layer, size_t at,
		       uint32_t n)
{
	for (uint32_t i = 0; i < n && !t->stopped; i++)
		put(t, " %02x", field_u8(t, layer, at + i));
}

/* One address; *@at and *@left move behind it. False: the value is wrong. */
static bool text_address(struct text *t, const struct layer *layer, size_t *at,
			 uint32_t *left, uint32_t number)
{
	uint8_t type, size;
	uint16_t length;
	bool four, six;

	if (*left < 2) {
		put_text(t, " (not enough space for PT+PL)");
		return false;
	}
	type = field_u8(t, layer, *at);
	size = field_u8(t, layer, *at + 1);
	*at += 2;
	*left -= 2;
	if (*left < size + 2u) {
		put_text(t, " (not enough space for P+AL)");
		return false;
	}
	length = field_be16(t, layer, *at + size);
	if (t->stopped)
		return false;
	four = type == 1 && size == 1 && layer->data[*at] == NLPID_IPV4 &&
	       length == 4;
	six = type == 2 && length == 16 && is_ipv6(layer->data + *at, size);
	if (!four && !six) {
		put(t, "pt=0x%02x, pl=%u, pb=", type, size);
		put_octets(t, layer, *at, size);
		put(t, ", al=%u, a=", length);
	}
	*at += size + 2u;
	*left -= size + 2u;
	if (*left < length) {
		put_text(t, " (not enough space for A)");
		return false;
	}
	if (four || six) {
		if (!field_need(t, layer, *at, length))
			return false;
		put(t, "IPv%u (%u) ", four ? 4 : 6, number);
		if (four)
			put_ipv4(t, layer->data + *at);
		else
			put_ipv6(t, layer->data + *at);
	} else {
		put_octets(t, layer, *at, length);
	}
	*at += length;
	*left -= length;
	return true;
}

static void text_addresses(struct text *t, const struct layer *layer,
			   size_t at, uint32_t left)
{
	uint32_t count = field_be32(t, layer, at);

	at += 4;
	left -= 4;
	while (count && !t->stopped) {
		if (!text_address(t, layer, &at, &left, count)) {
			field_need(t, layer, at, left);
			return;
		}
		if (--count)
			put_char(t, ' ');
	}
	if (left)
		put(t, " (%u bytes of stray data)", left);
}

static void text_prefixes(struct text *t, const struct layer *layer, size_t at,
			  uint32_t n)
{
	if (n % 5) {
		put(t, " [length %u is not a multiple of 5]", n);
		field_need(t, layer, at, n);
		return;
	}
	put(t, " IPv4 Prefixes (%u):", n / 5);
	for (; n && field_need(t, layer, at, 5); n -= 5, at += 5) {
		put_char(t, ' ');
		addr_put_ipv4(t->out, layer->data + at);
		put(t, "/%u", layer->data[at + 4]);
	}
}

struct tlv {
	const char *name;
	void (*text)(struct text *t, const struct layer *layer, size_t at,
		     uint32_t n);
	uint8_t least, most; /* 0: any length */
	bool always;	     /* without -v too */
};

static const struct tlv tlvs[] = {
	[0x01] = {"Device-ID", text_string, 0, 0, true},
	[0x02] = {"Address", text_addresses, 4, 0, false},
	[0x03] = {"Port-ID", text_string, 0, 0, false},
	[0x04] = {"Capability", text_capability, 4, 4, false},
	[0x05] = {"Version String", text_version, 0, 0, false},
	[0x06] = {"Platform", text_string, 0, 0, false},
	[0x07] = {"Prefixes", text_prefixes, 0, 0, false},
	[0x08] = {"Protocol-Hello option", NULL, 0, 0, false},
	[0x09] = {"VTP Management Domain", text_string, 0, 0, false},
	[0x0a] = {"Native VLAN ID", text_number, 2, 2, false},
	[0x0b] = {"Duplex", text_duplex, 1, 1, false},
	[0x0e] = {"ATA-186 VoIP VLAN assignment", text_voice, 3, 3, false},
	[0x0f] = {"ATA-186 VoIP VLAN request", text_voice, 2, 3, false},
	[0x10] = {"power consumption", text_power, 1, 3, false},
	[0x11] = {"MTU", text_mtu, 4, 4, false},
	[0x12] = {"AVVID trust bitmap", text_octet, 1, 1, false},
	[0x13] = {"AVVID untrusted ports CoS", text_octet, 1, 1, false},
	[0x14] = {"System Name", text_string, 0, 0, false},
	[0x15] = {"System Object ID (not decoded)", NULL, 0, 0, false},
	[0x16] = {"Management Addresses", text_addresses, 4, 0, false},
	[0x17] = {"Physical Location", text_location, 1, 0, false},
};

static void text_value(struct text *t, const struct layer *layer,
		       const struct tlv *tlv, size_t at, uint32_t n)
{
	bool covered = false;

	if (tlv && ((tlv->least && n < tlv->least) ||
		    (tlv->most && n > tlv->most))) {
		put_text(t, " (malformed TLV)");
	} else if (tlv && (t->options->verbose || tlv->always)) {
		if (tlv->text)
			tlv->text(t, layer, at, n);
		else
			field_need(t, layer, at, n);
		covered = true;
	}
	if (!covered && field_need(t, layer, at, n))
		field_put_dump(t, layer, at, "\n\t  ", n);
}

/* One TLV in @left bytes: its length, 0 if it is wrong. */
static uint32_t text_tlv(struct text *t, const struct layer *layer, size_t at,
			 uint32_t left)
{
	uint16_t type = field_be16(t, layer, at);
	uint32_t length = field_be16(t, layer, at + 2);
	const struct tlv *tlv = type < ARRAY_SIZE(tlvs) ? &tlvs[type] : NULL;
	const char *name = tlv && tlv->name ? tlv->name
					    : "unknown field type";

	if (length < TLV) {
		if (t->options->verbose)
			put(t,
			    "\n\t%s (0x%02x), TLV length: %u byte%s (too "
			    "short)",
			    name, type, length, length == 1 ? "" : "s");
		else
			put(t, ", %s TLV length %u too short", name, length);
		return 0;
	}
	if (length > left) {
		put(t, " (TLV length %u > %u)", length, left);
		return 0;
	}
	if (t->options->verbose)
		put(t, "\n\t%s (0x%02x), value length: %u byte%s: ", name,
		    type, length - TLV, length - TLV == 1 ? "" : "s");
	else if (tlv && tlv->always)
		put(t, ", %s ", name);
	text_value(t, layer, tlv, at + TLV, length - TLV);
	return length;
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t left = layer->length, used;
	size_t at = HEADER;

	t->protocol = "cdp";
	if (left < HEADER) {
		put(t, " (packet length %u < %u)", left, HEADER);
		text_invalid(t);
		field_need(t, layer, 0, left);
		return;
	}
	put(t, "CDPv%u, ttl: %us", field_u8(t, layer, 0),
	    field_u8(t, layer, 1));
	used = field_be16(t, layer, 2);
	if (t->options->verbose)
		put(t, ", checksum: 0x%04x (unverified), length %u", used,
		    layer->length);
	for (left -= HEADER; left && !t->stopped; left -= used, at += used) {
		used = 0;
		if (left < TLV)
			put(t, " (remaining packet length %u < %u)", left,
			    TLV);
		else
			used = text_tlv(t, layer, at, left);
		if (!used) {
			text_invalid(t);
			field_need(t, layer, at, left);
			return;
		}
	}
	if (!t->options->verbose)
		put(t, ", length %u", layer->length);
}

static const struct member_table device_members = {
	.members = (const struct member[]){
		MEMBER_STRING("device_id", 4, 0),
		MEMBER_END},
};

static const struct member_table port_members = {
	.members = (const struct member[]){
		MEMBER_STRING("port_id", 4, 0),
		MEMBER_END},
};

static const struct member_table capability_members = {
	.members = (const struct member[]){
		MEMBER_U32("capabilities", 4),
		MEMBER_END},
};

static const struct member_table software_members = {
	.members = (const struct member[]){
		MEMBER_STRING("software_version", 4, 0),
		MEMBER_END},
};

static const struct member_table platform_members = {
	.members = (const struct member[]){
		MEMBER_STRING("platform", 4, 0),
		MEMBER_END},
};

static const struct member_table domain_members = {
	.members = (const struct member[]){
		MEMBER_STRING("vtp_domain", 4, 0),
		MEMBER_END},
};

static const struct member_table vlan_members = {
	.members = (const struct member[]){
		MEMBER_U16("native_vlan", 4),
		MEMBER_END},
};

static const struct member_table duplex_members = {
	.members = (const struct member[]){
		MEMBER_FLAG("full_duplex", 4, 1, 0),
		MEMBER_END},
};

static const struct member_case tlv_cases[] = {
	{1, &device_members},
	{3, &port_members},
	{4, &capability_members},
	{5, &software_members},
	{6, &platform_members},
	{9, &domain_members},
	{10, &vlan_members},
	{11, &duplex_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 0),
		MEMBER_U8("ttl", 1),
		MEMBER_U16("checksum", 2),
		MEMBER_END},
	.list = {
		.name = "tlvs",
		.at = 4,
		.header = 4,
		.type = {0, 2, 0},
		.length = {2, 2, 0},
		.cases = tlv_cases,
	},
};

const struct dissector cdp_dissector = {
	.name = "cdp",
	.decode = decode,
	.text = text,
	.members = &members,
};
