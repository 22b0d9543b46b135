/* SPDX-License-Identifier: BSD-3-Clause */
/* What BGP says to be reachable: prefixes (RFC 4271, RFC 4760), with labels
 * (RFC 8277), in VPNs (RFC 4364, RFC 4659), multicast VPNs (RFC 6514), layer 2
 * VPNs (RFC 4761), route targets (RFC 4684). */
#include "dissectors/bgp.h"

#include <stdio.h>

enum {
	LABEL_BITS = 24,
	RD_BITS = 64,
	TEXT_MOST = 163, /* of one item; tcpdump's buffer holds no more */
};

const struct label bgp_safi_labels[] = {
	{0, "Reserved"},
	{1, "Unicast"},
	{2, "Multicast"},
	{3, "Unicast+Multicast"},
	{4, "labeled Unicast"},
	{64, "Tunnel"},
	{65, "VPLS"},
	{66, "MDT"},
	{70, "EVPN"},
	{128, "labeled VPN Unicast"},
	{129, "labeled VPN Multicast"},
	{130, "labeled VPN Unicast+Multicast"},
	{132, "Route Target Routing Information"},
	{5, "Multicast VPN"},
	{0, NULL},
};

/* The first @bits of an address of @size bytes, the others zero. */
static void read_prefix(struct text *t, const struct layer *layer, size_t at,
			uint32_t bits, uint8_t *address, size_t size)
{
	size_t n = (bits + 7) / 8;

	memset(address, 0, size);
	memcpy(address, field_bytes(t, layer, at, n), n);
	if (bits % 8)
		address[n - 1] &= (uint8_t)(0xff00 >> bits % 8);
}

static int text_prefix(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length, uint32_t most, const char *indent)
{
	uint8_t address[16];
	uint32_t bits;

	if (!field_has(layer, at, 1) || length < 1)
		return BGP_CUT;
	bits = layer->data[at];
	if (bits > most)
		return BGP_BAD_PREFIX;
	if (!field_has(layer, at + 1, (bits + 7) / 8) ||
	    length - 1 < (bits + 7) / 8)
		return BGP_CUT;
	read_prefix(t, layer, at + 1, bits, address, sizeof(address));
	put_text(t, indent);
	if (most == 32)
		put_ipv4(t, address);
	else
		put_ipv6(t, address);
	put(t, "/%u", bits);
	return 1 + (int)(bits + 7) / 8;
}

int bgp_text_prefix4(struct text *t, const struct layer *layer, size_t at,
		     uint32_t length, const char *indent)
{
	return text_prefix(t, layer, at, length, 32, indent);
}

static void put_stack(struct text *t, const struct layer *layer, size_t at)
{
	uint32_t label = field_be24(t, layer, at);

	put(t, ", label:%u %s", label >> 4,
	    label & 1 ? "(bottom)" : "(BOGUS: Bottom of Stack NOT set!)");
}

static int text_labeled(struct text *t, const struct layer *layer, size_t at,
			uint32_t length, uint32_t most)
{
	uint8_t address[16];
	uint32_t bits;

	if (!field_has(layer, at, 4))
		return BGP_CUT;
	if (length < 4)
		return BGP_SHORT;
	bits = layer->data[at];
	if (bits < LABEL_BITS || bits - LABEL_BITS > most)
		return BGP_BAD_PREFIX;
	bits -= LABEL_BITS;
	if (most == 32 && length - 4 < (bits + 7) / 8)
		return BGP_SHORT;
	read_prefix(t, layer, at + 4, bits, address, sizeof(address));
	put_text(t, "\n\t      ");
	if (most == 32)
		put_ipv4(t, address);
	else
		put_ipv6(t, address);
	put(t, "/%u", bits);
	put_stack(t, layer, at + 1);
	return 4 + (int)(bits + 7) / 8;
}

/* A label and a route distinguisher before the prefix; @most bits of it. */
static int text_vpn(struct text *t, const struct layer *layer, size_t at,
		    uint32_t most)
{
	uint32_t bits = field_u8(t, layer, at);
	uint8_t address[20];

	if (bits < LABEL_BITS + RD_BITS || bits - LABEL_BITS - RD_BITS > most)
		return BGP_BAD_PREFIX;
	bits -= LABEL_BITS + RD_BITS;
	read_prefix(t, layer, at + 12, bits, address, sizeof(address));
	put_text(t, "\n\t      RD: ");
	bgp_put_rd(t, layer, at + 4);
	put_text(t, ", ");
	if (most == 32)
		put_ipv4(t, address);
	else if (most == 128)
		put_ipv6(t, address);
	else
		bgp_put_nsap(t, address, (bits + 7) / 8);
	put(t, "/%u", bits);
	put_stack(t, layer, at + 1);
	return 12 + (int)(bits + 7) / 8;
}

/* A prefix of an OSI address; tcpdump reads it 3 bytes too far behind. */
static int text_osi(struct text *t, const struct layer *layer, size_t at)
{
	uint32_t bits = field_u8(t, layer, at);
	uint8_t address[20];

	if (bits > 152)
		return BGP_BAD_PREFIX;
	read_prefix(t, layer, at + 4, bits, address, sizeof(address));
	put_text(t, "\n\t      ");
	bgp_put_nsap(t, address, (bits + 7) / 8);
	put(t, "/%u", bits);
	return 1 + (int)(bits + 7) / 8;
}

static void put_target(struct text *t, const uint8_t *target, uint32_t bits)
{
	uint32_t n = (bits + 7) / 8;
	char hex[32];
	size_t used = 0;

	for (uint32_t i = 0; i < n; i++)
		used += (size_t)sprintf(hex + used, "%02x%s", target[i],
					i % 2 && i + 1 < n ? " " : "");
	hex[used] = '\0';
	if (bits < 16) {
		put(t, "route-target: partial-type: (%s/%d)", hex, (int)bits);
		return;
	}
	switch (load_be16(target)) {
	case 0x0002:
		put(t, "route-target: %u:%u", load_be16(target + 2),
		    load_be32(target + 4));
		break;
	case 0x0102:
		put_text(t, "route-target: ");
		addr_put_ipv4(t->out, target + 2);
		put(t, ":%u", load_be16(target + 6));
		break;
	case 0x0202:
		put_text(t, "route-target: ");
		bgp_put_as(t, load_be32(target + 2));
		put(t, ":%u", load_be16(target + 6));
		break;
	default:
		put(t, "route target: unknown-type(%04x) (%s/%d)",
		    load_be16(target), hex, (int)bits);
		return;
	}
	put(t, "/%d (%s)", (int)bits, hex);
}

static int text_target(struct text *t, const struct layer *layer, size_t at)
{
	enum { TARGET_MOST = 60 };
	uint32_t bits = field_u8(t, layer, at);
	uint8_t target[8];
	uint32_t as;
	size_t start;

	if (!bits) {
		put_text(t, "\n\t      default route target");
		return 1;
	}
	if (bits < 32) {
		put_text(t, "\n\t      (illegal prefix length)");
		return BGP_BAD_PREFIX;
	}
	as = field_be32(t, layer, at + 1);
	bits -= 32;
	if (bits > 64) {
		put_text(t, "\n\t      (illegal prefix length)");
		return BGP_BAD_PREFIX;
	}
	read_prefix(t, layer, at + 5, bits, target, sizeof(target));
	put_text(t, "\n\t      origin AS: ");
	bgp_put_as(t, as);
	put_text(t, ", ");
	start = t->out->length;
	if (!bits)
		put_text(t, "route-target: 0:0/0");
	else
		put_target(t, target, bits);
	if (t->out->length > start + TARGET_MOST)
		t->out->length = start + TARGET_MOST;
	return 5 + (int)(bits + 7) / 8;
}

/* The group of a multicast distribution tree: RFC 6037. */
static int text_tree(struct text *t, const struct layer *layer, size_t at)
{
	if (field_u8(t, layer, at) != 128)
		return BGP_BAD_PREFIX;
	if (!field_has(layer, at + 1, BGP_RD))
		return BGP_CUT;
	put_text(t, "\n\t      RD: ");
	bgp_put_rd(t, layer, at + 1);
	put_text(t, ", VPN IP Address: ");
	field_put_ipv4(t, layer, at + 9);
	put_text(t, ", MC Group Address: ");
	field_put_ipv4(t, layer, at + 13);
	return 17;
}

static void put_vpn_address(struct text *t, const struct layer *layer,
			    size_t at, uint32_t bits)
{
	if (bits == 32)
		field_put_ipv4(t, layer, at);
	else if (bits == 128)
		field_put_ipv6(t, layer, at);
	else
		put(t, "bogus address length %u", bits);
}

/* Source and group; the bytes used. */
static uint32_t put_source_group(struct text *t, const struct layer *layer,
				 size_t at)
{
	static const char *const names[] = {", Source ", ", Group "};
	uint32_t used = 0;

	for (int i = 0; i < 2 && !t->stopped; i++) {
		uint8_t bits = field_u8(t, layer, at);

		if (!field_has(layer, at + 1, bits / 8))
			return used;
		used += bits / 8 + 1u;
		if (bits) {
			put_text(t, names[i]);
			put_vpn_address(t, layer, at + 1, bits);
		}
		at += bits / 8 + 1u;
	}
	return used;
}

static int text_multicast(struct text *t, const struct layer *layer, size_t at)
{
	static const struct label types[] = {
		{1, "Intra-AS I-PMSI"}, {2, "Inter-AS I-PMSI"},
		{3, "S-PMSI"},		{4, "Intra-AS Segment-Leaf"},
		{5, "Source-Active"},	{6, "Shared Tree Join"},
		{7, "Source Tree Join"}, {0, NULL}};
	uint8_t type = field_u8(t, layer, at);
	uint8_t length = field_u8(t, layer, at + 1);
	size_t before = t->out->length;
	uint32_t used;

	at += 2;
	if ((type == 1 || type == 3 || type == 5) &&
	    !field_has(layer, at, BGP_RD))
		return BGP_CUT;
	if ((type == 2 || type == 6 || type == 7) &&
	    !field_has(layer, at, BGP_RD + 4))
		return BGP_CUT;
	put(t, "\n\t      Route-Type: %s (%u), length: %u",
	    label_or(types, type, "Unknown"), type, length);
	if (type == 4 || type > 7 || !type)
		return length + 2;
	put_text(t, ", RD: ");
	bgp_put_rd(t, layer, at);
	at += BGP_RD;
	if (type == 1) {
		put_text(t, ", Originator ");
		put_vpn_address(t, layer, at, (length - 8u) << 3);
	} else if (type == 3) {
		used = put_source_group(t, layer, at);
		if (!field_has(layer, at, length - used)) {
			if (!t->stopped)
				t->out->length = before;
			return BGP_CUT;
		}
		put_text(t, ", Originator ");
		put_vpn_address(t, layer, at, (length - used) << 3);
	} else if (type == 5) {
		put_source_group(t, layer, at);
	} else {
		put_text(t, ", Source-AS ");
		bgp_put_as(t, field_be32(t, layer, at));
		if (type != 2)
			put_source_group(t, layer, at + 4);
	}
	return length + 2;
}

/* The TLVs of a layer 2 VPN's label block. False: [|bgp]. */
static bool text_block(struct text *t, const struct layer *layer, size_t at,
		       uint32_t left)
{
	while (left && !t->stopped) {
		uint32_t bits, bytes;
		uint8_t type;

		if (left < 3) {
			put_text(t, "\n\t\tran past the end");
			return true;
		}
		type = field_u8(t, layer, at);
		bits = field_be16(t, layer, at + 1);
		bytes = (bits + 7) / 8;
		at += 3;
		if (type == 1) {
			put(t,
			    "\n\t\tcircuit status vector (%u) length: %u: 0x",
			    type, bits);
			for (; bytes; bytes--, left--) {
				if (!left) {
					put_text(t, " (ran past the end)");
					return true;
				}
				if (!field_has(layer, at, 1))
					return false;
				put(t, "%02x", layer->data[at++]);
			}
			continue;
		}
		put(t, "\n\t\tunknown TLV #%u, length: %u", type, bits);
		if (left < bytes) {
			put_text(t, " (ran past the end)");
			return true;
		}
		left -= bytes;
	}
	return true;
}

static int text_layer2(struct text *t, const struct layer *layer, size_t at)
{
	uint32_t length = field_be16(t, layer, at);
	size_t before = t->out->length;

	at += 2;
	if (length == 12) {
		if (!field_has(layer, at, 12))
			return BGP_CUT;
		put_text(t, "\n\t      RD: ");
		bgp_put_rd(t, layer, at);
		put_text(t, ", BGPNH: ");
		field_put_ipv4(t, layer, at + 8);
	} else if (length > 17) {
		if (!field_has(layer, at, 15))
			return BGP_CUT;
		put_text(t, "\n\t      RD: ");
		bgp_put_rd(t, layer, at);
		put(t, ", CE-ID: %u, Label-Block Offset: %u, Label Base %u",
		    field_be16(t, layer, at + 8),
		    field_be16(t, layer, at + 10),
		    field_be24(t, layer, at + 12) >> 4);
		if (!text_block(t, layer, at + 15, length - 15)) {
			t->out->length = before;
			return BGP_CUT;
		}
	} else {
		return BGP_CUT;
	}
	return (int)length + 2;
}

/* The families that have a form of their own; @known says if this is one. */
static int text_family(struct text *t, const struct layer *layer,
		       uint32_t family, size_t at, uint32_t length)
{
	switch (family) {
	case BGP_FAMILY(1, 1):
	case BGP_FAMILY(1, 2):
	case BGP_FAMILY(1, 3):
		return text_prefix(t, layer, at, length, 32, "\n\t      ");
	case BGP_FAMILY(2, 1):
	case BGP_FAMILY(2, 2):
	case BGP_FAMILY(2, 3):
		return text_prefix(t, layer, at, length, 128, "\n\t      ");
	case BGP_FAMILY(1, 4):
		return text_labeled(t, layer, at, length, 32);
	case BGP_FAMILY(2, 4):
		return text_labeled(t, layer, at, length, 128);
	case BGP_FAMILY(1, 128):
	case BGP_FAMILY(1, 129):
	case BGP_FAMILY(1, 130):
		return text_vpn(t, layer, at, 32);
	case BGP_FAMILY(2, 128):
	case BGP_FAMILY(2, 129):
	case BGP_FAMILY(2, 130):
		return text_vpn(t, layer, at, 128);
	case BGP_FAMILY(3, 128):
	case BGP_FAMILY(3, 129):
	case BGP_FAMILY(3, 130):
		return text_vpn(t, layer, at, 152);
	case BGP_FAMILY(3, 1):
	case BGP_FAMILY(3, 2):
	case BGP_FAMILY(3, 3):
		return text_osi(t, layer, at);
	case BGP_FAMILY(1, 5):
		return text_multicast(t, layer, at);
	case BGP_FAMILY(1, 66):
		return text_tree(t, layer, at);
	default:
		return text_layer2(t, layer, at);
	}
}

int bgp_text_nlri(struct text *t, const struct layer *layer, uint32_t family,
		  size_t at, uint32_t length, bool path4, bool path6)
{
	uint32_t afi = family >> 8, safi = family & 0xff;
	bool paths = safi >= 1 && safi <= 3 &&
		     ((afi == 1 && path4) || (afi == 2 && path6));
	uint32_t path = 0;
	size_t before;
	int used;

	if (family == BGP_FAMILY(1, 132))
		return text_target(t, layer, at);
	if (paths)
		path = field_be32(t, layer, at);
	before = t->out->length;
	used = text_family(t, layer, family, paths ? at + 4 : at, length);
	if (used == BGP_BAD_PREFIX)
		put_text(t, afi == 25 || afi == 196
				    ? "\n\t    (illegal length)"
				    : "\n\t    (illegal prefix length)");
	else if (used >= 0 && !t->stopped &&
		 t->out->length > before + 8 + TEXT_MOST)
		t->out->length = before + 8 + TEXT_MOST;
	if (paths && used != BGP_CUT) {
		put(t, "   Path Id: %u", path);
		used += 4;
	}
	return used;
}

bool bgp_has_paths(const struct layer *layer, size_t at, uint32_t length,
		   uint8_t longest)
{
	uint32_t offset = 0;

	if (length < 5)
		return false;
	while (offset < length) {
		uint8_t bits;

		offset += 4;
		if (!field_has(layer, at + offset, 1))
			break;
		bits = layer->data[at + offset];
		if (bits > longest)
			return false;
		offset += 1 + (bits + 7) / 8;
	}
	if (offset > length)
		return false;
	for (offset = 0; offset < length;) {
		uint8_t bits;

		if (!field_has(layer, at + offset, 1))
			break;
		bits = layer->data[at + offset];
		if (!bits || bits > longest)
			return true;
		offset += 1 + (bits + 7) / 8;
	}
	return offset > length;
}
