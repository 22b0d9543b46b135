/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The short way to the flow, for plain packets. tests/test_headers.c holds it
 * against headers_read().
 */
#ifndef BSNIFF_BPF_HEADERS_PLAIN_H
#define BSNIFF_BPF_HEADERS_PLAIN_H

#include "bpf/headers.h"

/* Bytes of a packet that are looked at. */
#define HEADERS_PLAIN 54

/*
 * Most packets are plain: Ethernet, IPv4 without options and whole, TCP that
 * neither begins nor ends anything, or UDP that no other packet may be in; and
 * one packet on the wire (one that stands for many is rare for it). For
 * these, what headers_read() finds, in a tenth of the instructions: in the
 * kernel, a packet takes as long as the code that it runs through is long, for
 * the caches never hold it.
 *
 * headers_plain_protocol() says which it is, HEADERS_TCP or HEADERS_UDP, or 0.
 * @p: the packet's first HEADERS_PLAIN bytes.
 */
static __always_inline __u8
headers_plain_protocol(const __u8 *p, const struct packet_meta *meta)
{
	/* TCP says of each packet that it sends how many it stands for. */
	if (meta->gso_segs > 1 || meta->gso_size)
		return 0;
	if (view_u16(p + 12) != HEADERS_SWAP16(HEADERS_IPV4) || p[14] != 0x45 ||
	    view_u16(p + 20) & HEADERS_SWAP16(0x3fff))
		return 0;
	if (p[23] == HEADERS_UDP &&
	    !headers_tunnel_udp(view_u16(p + 34), view_u16(p + 36)) &&
	    !headers_is_teredo(p + 34))
		return HEADERS_UDP;
	if (p[23] == HEADERS_TCP && p[46] >= 5 << 4 &&
	    (p[47] & (TCP_ACK | TCP_SYN | TCP_FIN | TCP_RST)) == TCP_ACK)
		return HEADERS_TCP;
	return 0;
}

/* DATA or ACK, without a branch: the verifier would follow each of the two
 * through all that comes behind. */
static __always_inline __u8 headers_plain_event(__u32 payload)
{
	__u32 some = (payload | -payload) >> 31;

	HEADERS_OPAQUE(some);
	return (__u8)(FLOW_EVENT_ACK - (some & 1));
}

/* @protocol: what headers_plain_protocol() said, a constant. */
static __always_inline void headers_plain_key(const __u8 *p, __u8 protocol,
					      const struct packet_meta *meta,
					      struct flow_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	headers_copy_ipv4(key->source, p + 26);
	headers_copy_ipv4(key->destination, p + 30);
	key->source_port = view_u16(p + 34);
	key->destination_port = view_u16(p + 36);
	key->ifindex = meta->ifindex;
	key->vlan = meta->has_vlan ? meta->vlan_tci & 0xfff : 0;
	key->protocol = protocol;
	key->family = FLOW_IPV4;
}

static __always_inline void headers_plain_facts(const __u8 *p, __u8 protocol,
						const struct packet_meta *meta,
						struct packet_facts *facts)
{
	__u32 left = meta->len - 14;

	__builtin_memset(facts, 0, sizeof(*facts));
	facts->time = meta->time;
	facts->type = HEADERS_IPV4;
	facts->network = 14;
	facts->transport = 34;
	facts->ttl = p[22];
	facts->congestion = (p[15] & 3) == 3;
	facts->ip_length = view_be16(p + 16);
	if (facts->ip_length == 0 || facts->ip_length > left)
		facts->ip_length = left;
	if (protocol == HEADERS_UDP) {
		facts->kind = PACKET_PORTS;
		headers_payload(facts, 34 + 8);
	} else {
		facts->kind = PACKET_TCP;
		facts->sequence = view_be32(p + 38);
		facts->acknowledgment = view_be32(p + 42);
		/* Said again, for the compiler. */
		facts->flags = (p[47] & (__u8) ~(TCP_SYN | TCP_FIN | TCP_RST)) |
			       TCP_ACK;
		facts->window = view_be16(p + 48);
		headers_payload(facts, 34 + (__u32)(p[46] >> 4) * 4);
		facts->event = headers_plain_event(facts->payload);
	}
	facts->captured = meta->len + (meta->has_vlan ? 4 : 0);
	facts->segments = 1;
}

#endif
