// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/tunnel.h"

#include <arpa/inet.h>
#include <string.h>

#include "src/base/cursor.h"

const char *tunnel_name(uint32_t tunnel)
{
	static const char *const names[FLOW_TUNNELS] = {
		[FLOW_TUNNEL_IP] = "ip",       [FLOW_TUNNEL_GRE] = "gre",
		[FLOW_TUNNEL_VXLAN] = "vxlan", [FLOW_TUNNEL_GENEVE] = "geneve",
		[FLOW_TUNNEL_GTP] = "gtpv1",   [FLOW_TUNNEL_TEREDO] = "teredo",
		[FLOW_TUNNEL_AYIYA] = "ayiya", [FLOW_TUNNEL_MPLS] = "mpls",
		[FLOW_TUNNEL_PPPOE] = "pppoe",
	};
	uint32_t type = tunnel >> 24 & 0x7f;

	return type < FLOW_TUNNELS ? names[type] : NULL;
}

/* The cursor stands at an IP header: does it look like one? */
static bool is_ip(const struct cursor *c, uint16_t *protocol)
{
	uint8_t version = cursor_left(c) ? c->at[0] >> 4 : 0;

	if (version == 4 && cursor_has(c, 20))
		*protocol = HEADERS_IPV4;
	else if (version == 6 && cursor_has(c, 40))
		*protocol = HEADERS_IPV6;
	else
		return false;
	return true;
}

static bool find_ip(struct cursor *c, struct tunnel_inner *inner)
{
	inner->link = TAP_LINK_COOKED;
	return is_ip(c, &inner->protocol);
}

/* What an EtherType in a tunnel header leads to. */
static bool find_type(struct cursor *c, uint16_t type,
		      struct tunnel_inner *inner)
{
	inner->protocol = type;
	inner->link = TAP_LINK_COOKED;
	if (type == 0x6558) {
		inner->link = TAP_LINK_ETHERNET;
		return cursor_has(c, 14);
	}
	return type == HEADERS_IPV4 || type == HEADERS_IPV6 ||
	       type == HEADERS_MPLS || type == HEADERS_VLAN;
}

/* A PPP frame of PPTP: address and control may be left out, and the first
 * byte of the protocol. */
static bool find_ppp(struct cursor *c, struct tunnel_inner *inner)
{
	uint16_t protocol;

	if (cursor_has(c, 2) && load_be16(c->at) == 0xff03)
		cursor_skip(c, 2);
	protocol = cursor_u8(c);
	if (!(protocol & 1))
		protocol = (uint16_t)(protocol << 8 | cursor_u8(c));
	if (protocol != 0x21 && protocol != 0x57)
		return false;
	return find_ip(c, inner);
}

static bool find_gre(struct cursor *c, struct tunnel_inner *inner)
{
	uint16_t flags = cursor_be16(c), type = cursor_be16(c);
	uint8_t version = flags & 7;

	if (flags & 0x4000 || version > 1)
		return false; /* source routing: RFC 2784 did away with it */
	if (flags & 0x8000)
		cursor_skip(c, 4);
	if (flags & 0x2000)
		cursor_skip(c, 4);
	if (flags & 0x1000)
		cursor_skip(c, 4);
	if (version == 1) {
		if (flags & 0x0080)
			cursor_skip(c, 4);
		return type == 0x880b && find_ppp(c, inner);
	}
	if (type == 0x88be || type == 0x22eb) { /* ERSPAN II (or I), III */
		if (type == 0x22eb) {
			const uint8_t *p = cursor_take(c, 12);

			if (p && p[11] & 1)
				cursor_skip(c, 8);
		} else if (flags & 0x1000) {
			cursor_skip(c, 8);
		}
		type = 0x6558;
	}
	return find_type(c, type, inner);
}

static bool find_vxlan(struct cursor *c, struct tunnel_inner *inner)
{
	uint8_t flags = cursor_u8(c);

	cursor_skip(c, 3);
	inner->tunnel |= cursor_be24(c);
	cursor_skip(c, 1);
	return flags & 0x08 && find_type(c, 0x6558, inner);
}

static bool find_geneve(struct cursor *c, struct tunnel_inner *inner)
{
	uint8_t first = cursor_u8(c);
	uint16_t type;

	cursor_skip(c, 1);
	type = cursor_be16(c);
	inner->tunnel |= cursor_be24(c);
	cursor_skip(c, 1 + (first & 0x3fu) * 4u);
	return first >> 6 == 0 && find_type(c, type, inner);
}

static bool find_gtp(struct cursor *c, struct tunnel_inner *inner)
{
	uint8_t flags = cursor_u8(c), type = cursor_u8(c), next = 0;
	uint16_t length = cursor_be16(c);

	cursor_skip(c, 4);
	if (flags >> 5 != 1 || !(flags & 0x10) || type != 255 ||
	    length > cursor_left(c))
		return false;
	if (flags & 7) {
		cursor_skip(c, 3);
		next = cursor_u8(c);
	}
	for (int i = 0; next && i < 4; i++) {
		uint8_t words = cursor_u8(c);

		if (!words)
			return false;
		cursor_skip(c, words * 4u - 2);
		next = cursor_u8(c);
	}
	return find_ip(c, inner);
}

/* IPv6 in UDP: told from other payload by its length and a Teredo address. */
static bool find_teredo(struct cursor *c, struct tunnel_inner *inner)
{
	static const uint8_t prefix[4] = {0x20, 0x01, 0, 0};
	const uint8_t *p;

	if (cursor_has(c, 4) && load_be16(c->at) == 0x0001)
		cursor_skip(c, 13u + c->at[2] + c->at[3]);
	if (cursor_has(c, 8) && load_be16(c->at) == 0x0000)
		cursor_skip(c, 8);
	if (!find_ip(c, inner) || inner->protocol != HEADERS_IPV6)
		return false;
	p = c->at;
	if (load_be16(p + 4) + 40u != cursor_left(c))
		return false;
	return !memcmp(p + 8, prefix, 4) || !memcmp(p + 24, prefix, 4) ||
	       load_be16(p + 8) == 0xfe80;
}

static bool find_ayiya(struct cursor *c, struct tunnel_inner *inner)
{
	uint8_t identity = cursor_u8(c), signature = cursor_u8(c), next;

	cursor_skip(c, 1);
	next = cursor_u8(c);
	cursor_skip(c, 4 + (1u << (identity >> 4)) +
			       (uint32_t)(signature >> 4) * 4);
	return next == 41 && find_ip(c, inner);
}

static const struct {
	uint16_t port;
	uint8_t type;
	bool either; /* the port may be the source's */
	bool (*find)(struct cursor *c, struct tunnel_inner *inner);
} udp_tunnels[] = {
	{4789, FLOW_TUNNEL_VXLAN, false, find_vxlan},
	{6081, FLOW_TUNNEL_GENEVE, false, find_geneve},
	{2152, FLOW_TUNNEL_GTP, true, find_gtp},
	{5072, FLOW_TUNNEL_AYIYA, true, find_ayiya},
};

static bool find_in_udp(struct cursor *c, const struct flow_key *key,
			struct tunnel_inner *inner)
{
	uint16_t from = ntohs(key->source_port);
	uint16_t to = ntohs(key->destination_port);
	struct cursor teredo = *c;
	uint8_t first = cursor_left(c) ? c->at[0] : 0xff;

	for (size_t i = 0; i < sizeof(udp_tunnels) / sizeof(udp_tunnels[0]);
	     i++) {
		if (to != udp_tunnels[i].port &&
		    !(udp_tunnels[i].either && from == udp_tunnels[i].port))
			continue;
		inner->tunnel = TUNNEL_INNER | (uint32_t)udp_tunnels[i].type
						       << 24;
		return udp_tunnels[i].find(c, inner);
	}
	/* Teredo clients talk to each other on any port. */
	if (first >> 4 != 6 && first != 0)
		return false;
	*c = teredo;
	inner->tunnel = TUNNEL_INNER | (uint32_t)FLOW_TUNNEL_TEREDO << 24;
	return find_teredo(c, inner);
}

bool tunnel_find(const uint8_t *data, size_t caplen, const struct flow_key *key,
		 const struct packet_facts *facts, struct tunnel_inner *inner)
{
	struct cursor c = cursor_make(data, caplen);
	bool found = false;

	if (key->family == FLOW_NONE || facts->fragment || !facts->inner)
		return false;
	cursor_skip(&c, facts->inner);
	if (facts->payload < cursor_left(&c))
		c.end = c.at + facts->payload; /* no padding */
	switch (key->protocol) {
	case 4:
	case 41:
		inner->tunnel = (uint32_t)FLOW_TUNNEL_IP << 24;
		found = find_ip(&c, inner);
		break;
	case 47:
		inner->tunnel = (uint32_t)FLOW_TUNNEL_GRE << 24;
		found = find_gre(&c, inner);
		break;
	case HEADERS_UDP:
		found = find_in_udp(&c, key, inner);
		break;
	}
	inner->offset = (uint32_t)(c.at - data);
	return found && !c.overrun;
}
