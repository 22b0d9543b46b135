/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * Packets inside packets: where the inner one begins. Some outer headers are
 * only an envelope (GRE, IP in IP): the connection is what is inside. UDP
 * tunnels are connections of their own, and what is inside is counted beside
 * them.
 *
 * Compiled for the kernel and for the host, as bpf/headers.h is; the use of it,
 * on either side:
 *
 *	headers_read(&view, &meta, &key, &facts);
 *	for (int i = 0; i < TUNNEL_DEPTH && facts.tunnel &&
 *			tunnel_find(&view, have, &facts, &inner); i++) {
 *		if (inner.tunnel & FLOW_TUNNEL_INNER)
 *			count key and facts;
 *		tunnel_enter(&layer, &meta, &facts, &inner);
 *		view = the packet's bytes from layer.offset on;
 *		headers_read(&view, &meta, &key, &facts);
 *		tunnel_label(&layer, &key, &facts);
 *	}
 *	count key and facts;
 *
 * GRE: RFC 2784, 2890, 2637; ERSPAN: draft-foschiano-erspan; VXLAN: RFC 7348;
 * Geneve: RFC 8926; GTP-U: 3GPP TS 29.281; Teredo: RFC 4380; AYIYA:
 * draft-massar-v6ops-ayiya. IP in IP: RFC 2003, 2473, 4213.
 */
#ifndef BSNIFF_BPF_TUNNEL_H
#define BSNIFF_BPF_TUNNEL_H

#include "bpf/headers.h"

/* So many tunnels in tunnels are looked into. */
#define TUNNEL_DEPTH 4

/* Where the inner packet is, seen from the outer one. */
struct tunnel_inner {
	__u32 offset;	/* in the outer packet; while looking: how far */
	__u32 tunnel;	/* for flow_key.tunnel */
	__u32 link;	/* enum tap_link */
	__u16 protocol; /* EtherType, for TAP_LINK_COOKED */
	__u16 reserved;
};

/* Where we are, while a packet is unwrapped. All zero: at the outermost. */
struct tunnel_layer {
	__u32 tunnel;	/* for flow_key.tunnel */
	__u32 offset;	/* in the packet as captured */
	__u32 captured; /* bytes that this layer counts for */
	__u32 overhead; /* header bytes in front, which segments repeat, too */
};

/*
 * What the finders work on. Where they are is inner->offset, read anew each
 * time: in the kernel that is memory, and the verifier does not follow what it
 * may be.
 */
struct tunnel_view {
	const struct view *view;
	struct tunnel_inner *inner;
	__u32 end; /* of the outer packet's payload, or of what is there */
};

static __always_inline __u32 tunnel_at(const struct tunnel_view *t)
{
	return HEADERS_FORGET(t->inner->offset);
}

/* How many bytes are left. */
static __always_inline __u32 tunnel_left(const struct tunnel_view *t)
{
	__u32 at = tunnel_at(t);

	return at <= t->end ? t->end - at : 0;
}

/* The next @n bytes, or NULL. */
static __always_inline const __u8 *tunnel_bytes(const struct tunnel_view *t,
						__u32 n)
{
	return tunnel_left(t) >= n ? view_at(t->view, tunnel_at(t), n)
				   : (void *)0;
}

static __always_inline void tunnel_pass(const struct tunnel_view *t, __u32 n)
{
	t->inner->offset = tunnel_at(t) + n;
}

/*
 * The finders pass the tunnel's header and return the EtherType of what is
 * behind it; or TUNNEL_IP, if that is IP of a version that it says itself, or
 * 0, if this is no such tunnel.
 */
#define TUNNEL_IP 1

/* PPP of PPTP: address and control may be left out, and the first byte of the
 * protocol. */
static __always_inline __u16 tunnel_pass_ppp(const struct tunnel_view *t)
{
	const __u8 *p = tunnel_bytes(t, 4);
	__u32 skip;

	if (!p)
		return 0;
	skip = p[0] == 0xff && p[1] == 0x03 ? 2 : 0;
	tunnel_pass(t, skip);
	p = tunnel_bytes(t, 2);
	if (!p)
		return 0;
	if (p[0] == 0x21 || p[0] == 0x57) {
		tunnel_pass(t, 1);
		return TUNNEL_IP;
	}
	tunnel_pass(t, 2);
	return p[0] == 0 && (p[1] == 0x21 || p[1] == 0x57) ? TUNNEL_IP : 0;
}

/* ERSPAN has an Ethernet frame behind a header of its type: I (without a
 * sequence number), II, or III, which may have a platform's too. */
static __always_inline __u16 tunnel_pass_erspan(const struct tunnel_view *t,
						__u16 type, __u16 flags)
{
	const __u8 *p;

	if (type == 0x88be) {
		tunnel_pass(t, flags >> 9 & 8);
		return HEADERS_BRIDGING;
	}
	p = tunnel_bytes(t, 12);
	tunnel_pass(t, p && p[11] & 1 ? 20 : 12);
	return HEADERS_BRIDGING;
}

static __always_inline __u16 tunnel_pass_gre(const struct tunnel_view *t)
{
	const __u8 *p = tunnel_bytes(t, 4);
	__u16 flags, type;

	if (!p)
		return 0;
	flags = view_be16(p);
	type = view_be16(p + 2);
	if (flags & 0x4000 || (flags & 7) > 1)
		return 0; /* source routing: RFC 2784 did away with it */
	/* A word for each of C, K and S; of PPTP, for A. */
	tunnel_pass(t, 4u + (flags >> 13 & 4u) + (flags >> 11 & 4u) +
			       (flags >> 10 & 4u));
	if (flags & 7) {
		tunnel_pass(t, flags >> 5 & 4);
		return type == 0x880b ? tunnel_pass_ppp(t) : 0;
	}
	if (type == 0x88be || type == 0x22eb)
		return tunnel_pass_erspan(t, type, flags);
	return type;
}

static __always_inline __u16 tunnel_pass_vxlan(const struct tunnel_view *t)
{
	const __u8 *p = tunnel_bytes(t, 8);

	if (!p || !(p[0] & 0x08))
		return 0;
	t->inner->tunnel |= view_be32(p + 4) >> 8;
	tunnel_pass(t, 8);
	return HEADERS_BRIDGING;
}

static __always_inline __u16 tunnel_pass_geneve(const struct tunnel_view *t)
{
	const __u8 *p = tunnel_bytes(t, 8);

	if (!p || p[0] >> 6)
		return 0;
	t->inner->tunnel |= view_be32(p + 4) >> 8;
	tunnel_pass(t, 8 + (__u32)(p[0] & 0x3f) * 4);
	return view_be16(p + 2);
}

static __always_inline __u16 tunnel_pass_gtp(const struct tunnel_view *t)
{
	const __u8 *p = tunnel_bytes(t, 8);
	__u8 flags, next;

	if (!p)
		return 0;
	flags = p[0];
	tunnel_pass(t, 8);
	if ((flags & 0xf0) != 0x30 || p[1] != 255 ||
	    tunnel_left(t) < view_be16(p + 2))
		return 0;
	if (!(flags & 7))
		return TUNNEL_IP;
	/* Extension headers, each with the next one's type at its end; 0: it
	 * was the last. The first is at the end of the options' word. */
	HEADERS_LOOP
	for (int i = 0; i < 5; i++) {
		__u32 length = 4;

		if (i) {
			p = tunnel_bytes(t, 1);
			length = p ? (__u32)p[0] * 4 : 0;
		}
		if (!length)
			return 0;
		tunnel_pass(t, length - 1);
		p = tunnel_bytes(t, 1);
		next = p ? p[0] : 0;
		tunnel_pass(t, 1);
		if (!next)
			break;
	}
	return TUNNEL_IP;
}

/* IPv6 in UDP: told from other payload by its length and a Teredo address. */
static __always_inline __u16 tunnel_pass_teredo(const struct tunnel_view *t)
{
	const __u8 *p = tunnel_bytes(t, 4);

	if (p && view_be16(p) == 0x0001) /* authentication */
		tunnel_pass(t, 13 + (__u32)p[2] + p[3]);
	p = tunnel_bytes(t, 8);
	if (p && view_be16(p) == 0x0000) /* origin */
		tunnel_pass(t, 8);
	p = tunnel_bytes(t, 40);
	if (!p || p[0] >> 4 != 6 || view_be16(p + 4) + 40u != tunnel_left(t))
		return 0;
	return view_be32(p + 8) == 0x20010000 ||
			       view_be32(p + 24) == 0x20010000 ||
			       view_be16(p + 8) == 0xfe80
		       ? HEADERS_IPV6
		       : 0;
}

static __always_inline __u16 tunnel_pass_ayiya(const struct tunnel_view *t)
{
	const __u8 *p = tunnel_bytes(t, 4);

	if (!p || p[3] != 41)
		return 0;
	tunnel_pass(t, 8 + (1u << (p[0] >> 4)) + (__u32)(p[1] >> 4) * 4);
	return TUNNEL_IP;
}

static __always_inline __u16 tunnel_pass_header(const struct tunnel_view *t,
						__u8 tunnel)
{
	switch (tunnel) {
	case FLOW_TUNNEL_IP:
		return TUNNEL_IP;
	case FLOW_TUNNEL_GRE:
		return tunnel_pass_gre(t);
	case FLOW_TUNNEL_VXLAN:
		return tunnel_pass_vxlan(t);
	case FLOW_TUNNEL_GENEVE:
		return tunnel_pass_geneve(t);
	case FLOW_TUNNEL_GTP:
		return tunnel_pass_gtp(t);
	case FLOW_TUNNEL_AYIYA:
		return tunnel_pass_ayiya(t);
	case FLOW_TUNNEL_TEREDO:
		return tunnel_pass_teredo(t);
	default:
		return 0;
	}
}

/* Is there what the tunnel's header has promised? */
static __always_inline int tunnel_check(const struct tunnel_view *t)
{
	struct tunnel_inner *inner = t->inner;
	__u16 type = HEADERS_FORGET(inner->protocol);
	__u32 left = tunnel_left(t);
	const __u8 *p;

	inner->link = TAP_LINK_COOKED;
	if (type == TUNNEL_IP) {
		p = tunnel_bytes(t, 1);
		type = p && p[0] >> 4 == 6 ? HEADERS_IPV6 : HEADERS_IPV4;
		inner->protocol = type;
		return p &&
		       (type == HEADERS_IPV6 ? left >= 40
					     : p[0] >> 4 == 4 && left >= 20);
	}
	if (type == HEADERS_BRIDGING) {
		inner->link = TAP_LINK_ETHERNET;
		return left >= 14;
	}
	return left >= 1 && (type == HEADERS_IPV4 || type == HEADERS_IPV6 ||
			     type == HEADERS_MPLS || type == HEADERS_VLAN);
}

/*
 * Is there a packet inside the one that was read as @facts, by facts->tunnel?
 * (If that was but a guess, and a wrong one, it is taken back.) @have: bytes of
 * the packet, from view->data on, that can be had, of which the view may hold
 * fewer. *@inner is written whole.
 */
static __always_inline int tunnel_find(const struct view *view, __u32 have,
				       struct packet_facts *facts,
				       struct tunnel_inner *inner)
{
	struct tunnel_view t = {view, inner, facts->inner};
	__u8 tunnel = HEADERS_FORGET(facts->tunnel);
	int found;

	inner->offset = facts->inner;
	inner->tunnel = (__u32)tunnel << 24;
	if (tunnel != FLOW_TUNNEL_IP && tunnel != FLOW_TUNNEL_GRE)
		inner->tunnel |= FLOW_TUNNEL_INNER;
	t.end += facts->payload; /* behind it is padding */
	if (t.end > have)
		t.end = have;
	inner->protocol = tunnel_pass_header(&t, tunnel);
	found = tunnel_check(&t);
	if (!found && tunnel == FLOW_TUNNEL_TEREDO)
		facts->tunnel = FLOW_TUNNEL_NONE;
	return found;
}

/* Go into what was found: @meta is the inner packet's then. */
static __always_inline void tunnel_enter(struct tunnel_layer *layer,
					 struct packet_meta *meta,
					 const struct packet_facts *facts,
					 const struct tunnel_inner *inner)
{
	if (inner->tunnel & FLOW_TUNNEL_INNER) {
		layer->captured = meta->len - inner->offset;
		layer->overhead = 0;
	} else {
		layer->captured = facts->captured;
		layer->overhead += inner->offset + (meta->has_vlan ? 4 : 0);
	}
	/* Inside something that was counted, all is. */
	layer->tunnel = inner->tunnel | (layer->tunnel & FLOW_TUNNEL_INNER);
	layer->offset += inner->offset;
	meta->len -= inner->offset;
	meta->link = inner->link;
	meta->protocol = inner->protocol;
	meta->has_vlan = 0;
}

/* Name the tunnel that the packet was in, and count its envelope. */
static __always_inline void tunnel_label(const struct tunnel_layer *layer,
					 struct flow_key *key,
					 struct packet_facts *facts)
{
	key->tunnel = layer->tunnel;
	facts->captured = layer->captured;
	if (facts->overhead)
		facts->overhead += layer->overhead;
}

#endif
