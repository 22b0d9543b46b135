/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The short way to the flow, for plain packets. tests/test_headers.c holds it
 * against headers_read().
 */
#ifndef BSNIFF_BPF_HEADERS_PLAIN_H
#define BSNIFF_BPF_HEADERS_PLAIN_H

#include "bpf/headers.h"

/* Bytes of a packet that are looked at. */
#define HEADERS_PLAIN	   54 /* IPv4 */
#define HEADERS_PLAIN_IPV6 74

/*
 * Most packets are plain: Ethernet, IPv4 without options and whole, or IPv6
 * without extension headers, TCP that neither begins nor ends anything, or UDP
 * that no other packet may be in; and one packet on the wire (one that stands
 * for many is rare for it). For these, what headers_read() finds, in a tenth of
 * the instructions: in the kernel, a packet takes as long as the code that it
 * runs through is long, for the caches never hold it.
 *
 * headers_plain_protocol() and, of IPv6, headers_plain_protocol_ipv6() say
 * which it is, HEADERS_TCP or HEADERS_UDP, or 0. The others have that as a
 * constant, and the family (FLOW_IPV4, FLOW_IPV6). @p: so many first bytes of
 * the packet.
 */
static __always_inline __u8 headers_plain_transport(const __u8 *p,
						    __u8 protocol)
{
	if (protocol == HEADERS_UDP &&
	    !headers_tunnel_udp(view_u16(p), view_u16(p + 2)) &&
	    !headers_is_teredo(p))
		return HEADERS_UDP;
	if (protocol == HEADERS_TCP && p[12] >= 5 << 4 &&
	    (p[13] & (TCP_ACK | TCP_SYN | TCP_FIN | TCP_RST)) == TCP_ACK)
		return HEADERS_TCP;
	return 0;
}

/* TCP says of each packet that it sends how many it stands for. */
static __always_inline int headers_plain_is_one(const struct packet_meta *meta)
{
	return meta->gso_segs <= 1 && !meta->gso_size;
}

static __always_inline __u8
headers_plain_protocol(const __u8 *p, const struct packet_meta *meta)
{
	if (!headers_plain_is_one(meta) ||
	    view_u16(p + 12) != HEADERS_SWAP16(HEADERS_IPV4) || p[14] != 0x45 ||
	    view_u16(p + 20) & HEADERS_SWAP16(0x3fff))
		return 0;
	return headers_plain_transport(p + 34, p[23]);
}

static __always_inline __u8
headers_plain_protocol_ipv6(const __u8 *p, const struct packet_meta *meta)
{
	if (!headers_plain_is_one(meta) ||
	    view_u16(p + 12) != HEADERS_SWAP16(HEADERS_IPV6) || p[14] >> 4 != 6)
		return 0;
	return headers_plain_transport(p + 54, p[20]);
}

/* DATA or ACK, without a branch: the verifier would follow each of the two
 * through all that comes behind. */
static __always_inline __u8 headers_plain_event(__u32 payload)
{
	__u32 some = (payload | -payload) >> 31;

	HEADERS_OPAQUE(some);
	return (__u8)(FLOW_EVENT_ACK - (some & 1));
}

static __always_inline void headers_plain_key(const __u8 *p, __u8 family,
					      __u8 protocol,
					      const struct packet_meta *meta,
					      struct flow_key *key)
{
	const __u8 *transport = family == FLOW_IPV4 ? p + 34 : p + 54;

	__builtin_memset(key, 0, sizeof(*key));
	if (family == FLOW_IPV4) {
		headers_copy_ipv4(key->source, p + 26);
		headers_copy_ipv4(key->destination, p + 30);
	} else {
		headers_copy_ipv6(key->source, p + 22);
		headers_copy_ipv6(key->destination, p + 38);
	}
	key->source_port = view_u16(transport);
	key->destination_port = view_u16(transport + 2);
	key->ifindex = meta->ifindex;
	key->vlan = meta->has_vlan ? meta->vlan_tci & 0xfff : 0;
	key->protocol = protocol;
	key->family = family;
}

/* What the IP header says. @left: bytes from there on. */
static __always_inline void headers_plain_ip(const __u8 *p, __u8 family,
					     __u32 left,
					     struct packet_facts *facts)
{
	facts->network = 14;
	if (family == FLOW_IPV4) {
		facts->type = HEADERS_IPV4;
		facts->transport = 34;
		facts->ttl = p[22];
		facts->congestion = (p[15] & 3) == 3;
		facts->ip_length = view_be16(p + 16);
		if (facts->ip_length == 0 || facts->ip_length > left)
			facts->ip_length = left;
	} else {
		facts->type = HEADERS_IPV6;
		facts->transport = 54;
		facts->ttl = p[21];
		facts->congestion = (p[15] >> 4 & 3) == 3;
		facts->ip_length = (__u32)view_be16(p + 18) + 40;
		if (facts->ip_length == 40 || facts->ip_length > left)
			facts->ip_length = left;
	}
}

static __always_inline void headers_plain_facts(const __u8 *p, __u8 family,
						__u8 protocol,
						const struct packet_meta *meta,
						struct packet_facts *facts)
{
	const __u32 at = family == FLOW_IPV4 ? 34 : 54;
	const __u8 *tcp = p + at;

	__builtin_memset(facts, 0, sizeof(*facts));
	facts->time = meta->time;
	headers_plain_ip(p, family, meta->len - 14, facts);
	if (protocol == HEADERS_UDP) {
		facts->kind = PACKET_PORTS;
		headers_payload(facts, at + 8);
	} else {
		facts->kind = PACKET_TCP;
		facts->sequence = view_be32(tcp + 4);
		facts->acknowledgment = view_be32(tcp + 8);
		/* Said again, for the compiler. */
		facts->flags =
			(tcp[13] & (__u8) ~(TCP_SYN | TCP_FIN | TCP_RST)) |
			TCP_ACK;
		facts->window = view_be16(tcp + 14);
		headers_payload(facts, at + (__u32)(tcp[12] >> 4) * 4);
		facts->event = headers_plain_event(facts->payload);
	}
	facts->captured = meta->len + (meta->has_vlan ? 4 : 0);
	facts->segments = 1;
}

#endif
