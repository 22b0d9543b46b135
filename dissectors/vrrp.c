/* SPDX-License-Identifier: BSD-3-Clause */
/* Who stands in for a router: VRRP (RFC 3768, RFC 5798), HSRP (RFC 2281). */
#include "dissectors/field.h"

#include "dissectors/checksum.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { PROTOCOL_VRRP = 112, TTL = 255, AUTHENTICATION_SIMPLE = 1 };

static void decode_vrrp(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_u8(c);
	for (int i = 1; i < 4; i++)
		layer->words[i] = cursor_u8(c);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* Version 3 covers a pseudo header; tcpdump takes IPv6's for IPv4's. */
static uint16_t checksum_of(const struct layer *layer, const struct layer *ip,
			    uint8_t version)
{
	uint64_t sum;

	if (version == 2)
		return checksum(layer->data, layer->length);
	if (ip->dissector != &ipv6_dissector)
		return checksum_transport(ip, PROTOCOL_VRRP, layer->data,
					  layer->length, layer->length);
	sum = checksum_add(0, ip->data + 12, 8);
	sum = checksum_add(sum, (const uint8_t[]){0, PROTOCOL_VRRP}, 2);
	sum = checksum_add(sum,
			   (const uint8_t[]){(uint8_t)(layer->length >> 8),
					     (uint8_t)layer->length},
			   2);
	return checksum_fold(checksum_add(sum, layer->data, layer->length));
}

static void text_addresses(struct text *t, const struct layer *layer,
			   const struct layer *ip, uint8_t version)
{
	bool six = ip->dissector == &ipv6_dissector;
	uint8_t count = field_u8(t, layer, 3);
	size_t at = 8;

	if (field_has(layer, 0, layer->length) && layer->length >= 8 &&
	    checksum_of(layer, ip, version))
		put(t, ", (bad vrrp cksum %x)", field_be16(t, layer, 6));
	put_text(t, ", addrs");
	if (count > 1)
		put(t, "(%u)", count);
	put_char(t, ':');
	for (int i = 0; i < count && !t->stopped; i++) {
		if (six)
			field_lead_ipv6(t, i ? "," : " ", layer, at);
		else
			field_lead_ipv4(t, i ? "," : " ", layer, at);
		at += six ? 16 : 4;
	}
	if (version == 2 && field_u8(t, layer, 4) == AUTHENTICATION_SIMPLE) {
		put_text(t, " auth \"");
		field_put_string(t, layer, at, 8);
		put_char(t, '"');
	}
}

static void text_vrrp(struct text *t, const struct layer *layer)
{
	static const struct label types[] = {{1, "Advertisement"}, {0, NULL}};
	static const struct label authentications[] = {
		{0, "none"}, {1, "simple"}, {2, "ah"}, {0, NULL}};
	const struct layer *ip = layer_ip(t->packet, layer);
	uint8_t version, type, ttl;

	t->protocol = "vrrp";
	put_text(t, "VRRP");
	version = field_u8(t, layer, 0) >> 4;
	type = field_u8(t, layer, 0) & 0x0f;
	put(t, "v%u, ", version);
	put_label(t, types, type, "unknown type (%u)");
	if (!ip)
		return;
	ttl = ip->dissector == &ipv6_dissector ? ip->ipv6.hop_limit
					       : ip->ipv4.ttl;
	if (ttl != TTL)
		put(t, ", (ttl %u)", ttl);
	if (version < 2 || version > 3 || type != 1)
		return;
	put(t, ", vrid %u, prio %u", field_u8(t, layer, 1),
	    field_u8(t, layer, 2));
	if (version == 2) {
		if (!field_need(t, layer, 4, 1))
			return;
		put_text(t, ", authtype ");
		put_label(t, authentications, layer->data[4], "#%u");
		put(t, ", intvl %us, length %u", field_u8(t, layer, 5),
		    layer->length);
	} else {
		put(t, ", intvl %ucs, length %u",
		    field_be16(t, layer, 4) & 0x0fff, layer->length);
	}
	if (t->options->verbose && !t->stopped)
		text_addresses(t, layer, ip, version);
}

static const struct member_table vrrp_address_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("address", 0),
		MEMBER_END},
};

static const struct member_table vrrp2_members = {
	.members = (const struct member[]){
		MEMBER_U8("authentication_type", 4),
		MEMBER_U8("advertisement_interval", 5),
		MEMBER_U16("checksum", 6),
		MEMBER_END},
	.list = {
		.name = "addresses",
		.at = 8,
		.count = {3, 1, 0},
		.header = 4,
		.each = &vrrp_address_members,
	},
};

static const struct member_table vrrp3_members = {
	.members = (const struct member[]){
		MEMBER_PART("advertisement_interval", 4, 2, 0, 12),
		MEMBER_U16("checksum", 6),
		MEMBER_END},
};

static const struct member_case vrrp_versions[] = {
	{32, &vrrp2_members},
	{48, &vrrp3_members},
	{0, NULL},
};

static const struct member_table vrrp_members = {
	.members = (const struct member[]){
		MEMBER_PART("version", 0, 1, 4, 4),
		MEMBER_PART("type", 0, 1, 0, 4),
		MEMBER_U8("router_id", 1),
		MEMBER_U8("priority", 2),
		MEMBER_U8("address_count", 3),
		MEMBER_END},
	.choice = {0, 1, 0xf0},
	.cases = vrrp_versions,
};

const struct dissector vrrp_dissector = {
	.name = "vrrp",
	.decode = decode_vrrp,
	.text = text_vrrp,
	.members = &vrrp_members,
};

static void decode_hsrp(struct dissection *d)
{
	for (int i = 0; i < 3; i++)
		d->layer->words[i] = cursor_u8(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void text_hsrp(struct text *t, const struct layer *layer)
{
	static const struct label operations[] = {
		{0, "hello"}, {1, "coup"}, {2, "resign"}, {0, NULL}};
	static const struct label states[] = {
		{0, "initial"}, {1, "learn"},	{2, "listen"},
		{4, "speak"},	{8, "standby"}, {16, "active"},
		{0, NULL}};
	uint8_t version, reserved;

	t->protocol = "hsrp";
	version = field_u8(t, layer, 0);
	put(t, "HSRPv%u", version);
	if (version)
		return;
	put_char(t, '-');
	put_label(t, operations, field_u8(t, layer, 1), "unknown (%u)");
	put(t, " %u: ", layer->length);
	if (!field_need(t, layer, 2, 1))
		return;
	put_text(t, "state=");
	put_label(t, states, layer->data[2], "Unknown (%u)");
	put_char(t, ' ');
	put(t, "group=%u ", field_u8(t, layer, 6));
	reserved = field_u8(t, layer, 7);
	if (reserved)
		put(t, "[reserved=%u!] ", reserved);
	field_lead_ipv4(t, "addr=", layer,
			16);
	if (!t->options->verbose)
		return;
	put_text(t, " hellotime=");
	put_duration(t, field_u8(t, layer, 3));
	put_text(t, " holdtime=");
	put_duration(t, field_u8(t, layer, 4));
	put(t, " priority=%u auth=\"", field_u8(t, layer, 5));
	field_put_string(t, layer, 8, 8);
	put_char(t, '"');
}

static const struct member_table hsrp_members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 0),
		MEMBER_U8("operation", 1),
		MEMBER_U8("state", 2),
		MEMBER_U8("hello_time", 3),
		MEMBER_U8("hold_time", 4),
		MEMBER_U8("priority", 5),
		MEMBER_U8("group", 6),
		MEMBER_STRING("authentication", 8, 8),
		MEMBER_ADDRESS("virtual_address", 16),
		MEMBER_END},
};

const struct dissector hsrp_dissector = {
	.name = "hsrp",
	.decode = decode_hsrp,
	.text = text_hsrp,
	.members = &hsrp_members,
};
