/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * From the link header to the flow: the key of the flow that a packet belongs
 * to, and the facts about the packet that a flow delta adds up.
 *
 * Compiled for the kernel (clang -target bpf) and for the host: one reading of
 * a packet for both. No loop without a constant bound; nothing big on the stack.
 *
 * What is read: Ethernet, 802.1Q and 802.1ad tags (two in the bytes, one in
 * metadata), MPLS, PPPoE; IPv4 with options, IPv6 with extension headers,
 * fragments of both; TCP, UDP, UDP-Lite, SCTP, DCCP, ICMP, ICMPv6; the packet
 * that an ICMP error cites. A packet that ends early, or lies, still belongs to
 * a flow: to the one that the headers before the break name.
 *
 * IPv4: RFC 791. IPv6: RFC 8200. TCP: RFC 9293, ECN: RFC 3168.
 * ICMP pairs as Zeek takes them (packet_analysis/protocol/icmp).
 */
#ifndef BSNIFF_BPF_HEADERS_H
#define BSNIFF_BPF_HEADERS_H

#include "bpf/contract.h"
#include "bpf/view.h"

typedef __u32 __attribute__((may_alias)) headers_word;

/* Both: @to is aligned to 4 (an address in a flow key). */
static __always_inline void headers_copy_ipv4(__u8 *to, const __u8 *from)
{
	*(headers_word *)(void *)to = view_u32(from);
}

static __always_inline void headers_copy_ipv6(__u8 *to, const __u8 *from)
{
	headers_word *words = (headers_word *)(void *)to;

	words[0] = view_u32(from);
	words[1] = view_u32(from + 4);
	words[2] = view_u32(from + 8);
	words[3] = view_u32(from + 12);
}

/* What is known of a packet without reading it. */
struct packet_meta {
	__u64 time;	/* ns; on the host never less than the one before */
	__u32 len;	/* bytes of the packet (skb->len; a file's len) */
	__u32 ifindex;	/* 0: from a file */
	__u32 link;	/* enum tap_link */
	__u32 gso_segs; /* packets on the wire; 0: see gso_size */
	__u32 gso_size; /* payload bytes of each; 0: one packet */
	__u16 vlan_tci; /* the tag that the kernel took out */
	__u16 protocol; /* EtherType (host order), for links without one */
	__u8 has_vlan;	/* vlan_tci is valid */
	__u8 reserved[3];
};

/* enum packet_kind: what the rest of the facts holds. */
enum packet_kind {
	PACKET_OTHER = 0,
	PACKET_TCP = 1,	  /* the TCP header was read whole */
	PACKET_PORTS = 2, /* UDP and its like */
	PACKET_ICMP = 3,  /* cited: offset of the cited packet, if any */
};

/* What a delta adds up. Host byte order. */
struct packet_facts {
	__u64 time;
	__u32 captured;	 /* bytes, with the tag put back */
	__u32 segments;	 /* packets on the wire, at least 1 */
	__u32 overhead;	 /* header bytes that each further segment repeats:
			    from the frame's start to the payload */
	__u32 ip_header; /* the part of overhead from the IP header on */
	__u32 ip_length; /* from the IP header to the packet's end; 0: not IP */
	__u32 payload;	 /* bytes behind the last header understood */
	__u32 sequence;	 /* TCP */
	__u32 acknowledgment;
	__u16 window;
	__u16 network; /* offset of the network header */
	__u16 inner;   /* offset behind the last header understood; 0: broken */
	__u16 transport; /* offset of the header behind IP's */
	__u16 type;	 /* EtherType of what is at network */
	__u8 kind;	 /* enum packet_kind */
	__u8 flags;	 /* TCP's, FIN = 1 … CWR = 0x80 */
	__u8 ttl;	 /* or hop limit */
	__u8 event;	 /* TCP: enum flow_event; FLOW_EVENTS: none */
	__u8 congestion; /* the packet carries ECN's CE mark */
	__u8 fragment;	 /* 1: first of several; 2: a later one */
	__u8 icmp_error; /* inner is the offset of a cited packet */
	__u8 tunnel;	 /* enum flow_tunnel: look for a packet at inner */
	__u8 reserved[2];
	__u32 fragment_id; /* of the datagram, if fragment is not 0 */
};

enum tcp_flag_bits {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80,
};

enum headers_ethertype {
	HEADERS_LLC = 0x0004, /* 802.2, as the kernel numbers it */
	HEADERS_IPV4 = 0x0800,
	HEADERS_ARP = 0x0806,
	HEADERS_VLAN = 0x8100,
	HEADERS_IPV6 = 0x86dd,
	HEADERS_BRIDGING = 0x6558, /* an Ethernet frame, in tunnels */
	HEADERS_MPLS = 0x8847,
	HEADERS_MPLS_MULTICAST = 0x8848,
	HEADERS_PPPOE = 0x8864,
	HEADERS_QINQ = 0x88a8,
	HEADERS_QINQ_OLD = 0x9100,
};

enum headers_protocol {
	HEADERS_ICMP = 1,
	HEADERS_IPV4_IN_IP = 4,
	HEADERS_TCP = 6,
	HEADERS_UDP = 17,
	HEADERS_DCCP = 33,
	HEADERS_IPV6_IN_IP = 41,
	HEADERS_GRE = 47,
	HEADERS_ICMPV6 = 58,
	HEADERS_SCTP = 132,
	HEADERS_UDPLITE = 136,
};

static __always_inline int headers_is_tag(__u16 type)
{
	return type == HEADERS_VLAN || type == HEADERS_QINQ ||
	       type == HEADERS_QINQ_OLD;
}

/* The type that answers @type, or -1: Zeek's second "port" of an ICMP flow. */
static __always_inline int headers_icmp_peer(__u8 family, __u8 type)
{
	if (family == FLOW_IPV4) {
		switch (type) {
		case 0:
			return 8;
		case 8:
			return 0;
		case 9:
		case 13:
		case 15:
		case 17:
			return type + 1;
		case 10:
		case 14:
		case 16:
		case 18:
			return type - 1;
		}
		return -1;
	}
	switch (type) {
	case 128:
	case 130:
	case 133:
	case 135:
	case 139:
	case 144:
		return type + 1;
	case 129:
	case 131:
	case 134:
	case 136:
	case 140:
	case 145:
		return type - 1;
	}
	return -1;
}

/* Does an ICMP message of @type cite the packet that caused it? */
static __always_inline int headers_icmp_is_error(__u8 family, __u8 type)
{
	if (family == FLOW_IPV4)
		return type == 3 || type == 4 || type == 5 || type == 11 ||
		       type == 12;
	return type >= 1 && type <= 4;
}

/* Count what lies behind @end (an offset) as payload. */
static __always_inline void headers_payload(struct packet_facts *facts,
					    __u32 end)
{
	__u32 total = (__u32)facts->network + facts->ip_length;

	facts->inner = (__u16)end;
	facts->payload = total > end ? total - end : 0;
}

/* Which event of enum flow_event a TCP packet is; FLOW_EVENTS: none (no flag,
 * no payload). */
static __always_inline __u8 headers_tcp_event(const struct packet_facts *facts)
{
	__u8 flags = facts->flags & (TCP_SYN | TCP_FIN | TCP_RST);

	if (!flags) {
		if (facts->payload)
			return FLOW_EVENT_DATA;
		return facts->flags & TCP_ACK ? FLOW_EVENT_ACK : FLOW_EVENTS;
	}
	if (flags == TCP_SYN)
		return facts->flags & TCP_ACK ? FLOW_EVENT_SYN_ACK
					      : FLOW_EVENT_SYN;
	if (flags == TCP_FIN)
		return FLOW_EVENT_FIN;
	if (flags == TCP_RST)
		return FLOW_EVENT_RST;
	if ((flags & (TCP_FIN | TCP_RST)) == (TCP_FIN | TCP_RST))
		return FLOW_EVENT_FIN_RST;
	return FLOW_EVENT_MULTI;
}

static __always_inline void headers_tcp(const struct view *view, __u32 at,
					struct packet_facts *facts)
{
	const __u8 *p = view_at(view, at, 20);
	__u32 length;

	if (!p)
		return;
	length = (__u32)(p[12] >> 4) * 4;
	if (length < 20)
		return;
	facts->kind = PACKET_TCP;
	facts->sequence = view_be32(p + 4);
	facts->acknowledgment = view_be32(p + 8);
	facts->flags = p[13];
	facts->window = view_be16(p + 14);
	headers_payload(facts, at + length);
	facts->event = headers_tcp_event(facts);
}

static __always_inline void headers_icmp(const struct view *view, __u32 at,
					 struct flow_key *key,
					 struct packet_facts *facts)
{
	const __u8 *p = view_at(view, at, 2);
	__u8 type, code;
	int peer;

	if (!p)
		return;
	type = p[0];
	code = p[1];
	peer = headers_icmp_peer(key->family, type);
	key->source_port = HEADERS_SWAP16((__u16)type);
	key->destination_port = HEADERS_SWAP16((__u16)(peer < 0 ? code : peer));
	facts->kind = PACKET_ICMP;
	headers_payload(facts, at + 8);
	facts->icmp_error = (__u8)headers_icmp_is_error(key->family, type);
}

/* Ports that mean a tunnel, in network order as they are in a key. */
#define HEADERS_PORT(n) HEADERS_SWAP16((__u16)(n))

/* Which tunnel a UDP packet may be of, enum flow_tunnel: by its ports (in
 * network order); */
static __always_inline __u8 headers_tunnel_udp(__u16 from, __u16 to)
{
	if (to == HEADERS_PORT(4789))
		return FLOW_TUNNEL_VXLAN;
	if (to == HEADERS_PORT(6081))
		return FLOW_TUNNEL_GENEVE;
	if (to == HEADERS_PORT(2152) || from == HEADERS_PORT(2152))
		return FLOW_TUNNEL_GTP;
	if (to == HEADERS_PORT(5072) || from == HEADERS_PORT(5072))
		return FLOW_TUNNEL_AYIYA;
	return FLOW_TUNNEL_NONE;
}

/* and, since Teredo's clients talk to each other on any, by what begins as
 * Teredo does: with IPv6 of the right length, or an indicator (RFC 4380).
 * @p: the UDP header and six bytes. */
static __always_inline int headers_is_teredo(const __u8 *p)
{
	return (p[8] >> 4 == 6 &&
		view_be16(p + 12) + 48u == view_be16(p + 4)) ||
	       view_be16(p + 8) <= 1;
}

/* The same of what is neither TCP nor UDP. */
static __always_inline __u8 headers_tunnel_ip(__u8 protocol)
{
	if (protocol == HEADERS_IPV4_IN_IP || protocol == HEADERS_IPV6_IN_IP)
		return FLOW_TUNNEL_IP;
	return protocol == HEADERS_GRE ? FLOW_TUNNEL_GRE : FLOW_TUNNEL_NONE;
}

/* The header of key->protocol, at offset @at. */
static __always_inline void headers_transport(const struct view *view, __u32 at,
					      struct flow_key *key,
					      struct packet_facts *facts)
{
	const __u8 *p;

	headers_payload(facts, at);
	if (facts->fragment == 2)
		return;
	if (key->protocol == HEADERS_ICMP || key->protocol == HEADERS_ICMPV6) {
		headers_icmp(view, at, key, facts);
		return;
	}
	if (key->protocol != HEADERS_TCP && key->protocol != HEADERS_UDP &&
	    key->protocol != HEADERS_SCTP && key->protocol != HEADERS_DCCP &&
	    key->protocol != HEADERS_UDPLITE) {
		if (!facts->fragment)
			facts->tunnel = headers_tunnel_ip(key->protocol);
		return;
	}
	p = view_at(view, at, 4);
	if (!p)
		return;
	key->source_port = view_u16(p);
	key->destination_port = view_u16(p + 2);
	if (key->protocol == HEADERS_TCP) {
		headers_tcp(view, at, facts);
		return;
	}
	facts->kind = PACKET_PORTS;
	if (key->protocol == HEADERS_UDP && !facts->fragment) {
		facts->tunnel = headers_tunnel_udp(key->source_port,
						   key->destination_port);
		p = view_at(view, at, 14);
		if (!facts->tunnel && p && headers_is_teredo(p))
			facts->tunnel = FLOW_TUNNEL_TEREDO;
	}
	if (key->protocol == HEADERS_UDP || key->protocol == HEADERS_UDPLITE)
		headers_payload(facts, at + 8);
	else if (key->protocol == HEADERS_SCTP)
		headers_payload(facts, at + 12);
}

/* The offset behind the IPv4 header at facts->network, 0 if there is none. */
static __always_inline __u32 headers_ipv4(const struct view *view, __u32 left,
					  struct flow_key *key,
					  struct packet_facts *facts)
{
	__u32 at = HEADERS_FORGET(facts->network);
	const __u8 *p = view_at(view, at, 20);
	__u32 header;
	__u16 fragment;

	if (!p || p[0] >> 4 != 4)
		return 0;
	header = (__u32)(p[0] & 15) * 4;
	if (header < 20)
		return 0;
	key->family = FLOW_IPV4;
	key->protocol = p[9];
	headers_copy_ipv4(key->source, p + 12);
	headers_copy_ipv4(key->destination, p + 16);
	facts->ttl = p[8];
	facts->congestion = (p[1] & 3) == 3;
	/* 0 when the kernel joined more than the field can say. */
	facts->ip_length = view_be16(p + 2);
	if (facts->ip_length == 0 || facts->ip_length > left)
		facts->ip_length = left;
	fragment = view_be16(p + 6) & 0x3fff;
	facts->fragment = (__u8)(fragment & 0x1fff ? 2 : fragment ? 1 : 0);
	facts->fragment_id = fragment ? view_be16(p + 4) : 0;
	return at + header;
}

/* The same for IPv6: behind the extension headers. */
static __always_inline __u32 headers_ipv6(const struct view *view, __u32 left,
					  struct flow_key *key,
					  struct packet_facts *facts)
{
	__u32 at = HEADERS_FORGET(facts->network);
	const __u8 *p = view_at(view, at, 40);
	__u8 next;

	if (!p || p[0] >> 4 != 6)
		return 0;
	key->family = FLOW_IPV6;
	headers_copy_ipv6(key->source, p + 8);
	headers_copy_ipv6(key->destination, p + 24);
	facts->ttl = p[7];
	facts->congestion = (p[1] >> 4 & 3) == 3;
	facts->ip_length = (__u32)view_be16(p + 4) + 40;
	/* 0: a jumbogram (RFC 2675), joined by the kernel, or no payload:
	 * then the header is alone in the frame, or behind it is padding. */
	if (facts->ip_length == 40 || facts->ip_length > left)
		facts->ip_length = left;
	next = p[6];
	at += 40;
	HEADERS_LOOP
	for (int i = 0; i < 6; i++) {
		if (next == 44) {
			p = view_at(view, at, 8);
			if (!p)
				break;
			facts->fragment =
				(__u8)(view_be16(p + 2) & 0xfff8 ? 2 : 1);
			facts->fragment_id = view_be32(p + 4);
			next = p[0];
			at += 8;
			if (facts->fragment == 2)
				break;
		} else if (next == 0 || next == 43 || next == 60 ||
			   next == 51 || next == 135 || next == 139 ||
			   next == 140) {
			p = view_at(view, at, 2);
			if (!p)
				break;
			at += next == 51 ? ((__u32)p[1] + 2) * 4
					 : ((__u32)p[1] + 1) * 8;
			next = p[0];
		} else {
			break;
		}
	}
	key->protocol = next;
	return at;
}

/* What follows MPLS labels: told by the first four bits (RFC 4928). */
static __always_inline __u16 headers_guess_ip(const struct view *view, __u32 at)
{
	const __u8 *p = view_at(view, at, 1);

	if (p && p[0] >> 4 == 4)
		return HEADERS_IPV4;
	if (p && p[0] >> 4 == 6)
		return HEADERS_IPV6;
	return 0;
}

static __always_inline __u16 headers_mpls(const struct view *view, __u32 *at)
{
	HEADERS_LOOP
	for (int i = 0; i < 4; i++) {
		const __u8 *p = view_at(view, *at, 4);

		if (!p)
			return 0;
		*at += 4;
		if (p[2] & 1)
			return headers_guess_ip(view, *at);
	}
	return 0;
}

/* A PPPoE session header (RFC 2516) and the PPP protocol behind it. */
static __always_inline __u16 headers_pppoe(const struct view *view, __u32 *at)
{
	const __u8 *p = view_at(view, *at, 8);
	__u16 type;

	if (!p)
		return 0;
	type = view_be16(p + 6);
	*at += 8;
	if (type == 0x0021)
		return HEADERS_IPV4;
	if (type == 0x0057)
		return HEADERS_IPV6;
	return 0;
}

/*
 * Pass the link header: sets key->vlan and facts->network, returns the
 * EtherType of what is there. @key->source_port holds the EtherType to name
 * when it turns out to be nothing that we read on.
 */
static __always_inline __u16 headers_link(const struct view *view,
					  const struct packet_meta *meta,
					  struct flow_key *key,
					  struct packet_facts *facts)
{
	__u16 type = meta->protocol, inner;
	__u32 at = 0;
	const __u8 *p;

	if (meta->has_vlan)
		key->vlan = meta->vlan_tci & 0xfff;
	if (meta->link == TAP_LINK_ETHERNET) {
		p = view_at(view, 12, 2);
		type = p ? view_be16(p) : 0;
		if (type < 1536)
			type = HEADERS_LLC; /* it is a length */
		at = 14;
	} else if (meta->link == TAP_LINK_NONE) {
		type = headers_guess_ip(view, 0);
	}
	HEADERS_LOOP
	for (int i = 0; i < 2; i++) {
		if (!headers_is_tag(type))
			break;
		p = view_at(view, at, 4);
		if (!p)
			break;
		if (!key->vlan)
			key->vlan = view_be16(p) & 0xfff;
		type = view_be16(p + 2);
		at += 4;
	}
	key->source_port = HEADERS_SWAP16(type);
	inner = type;
	if (type == HEADERS_MPLS || type == HEADERS_MPLS_MULTICAST) {
		key->tunnel = FLOW_TUNNEL_MPLS << 24;
		inner = headers_mpls(view, &at);
	} else if (type == HEADERS_PPPOE) {
		key->tunnel = FLOW_TUNNEL_PPPOE << 24;
		inner = headers_pppoe(view, &at);
	}
	facts->network = (__u16)at;
	return inner;
}

/* How many packets on the wire one skb stands for, and what they repeat. */
static __always_inline void headers_segments(const struct packet_meta *meta,
					     struct packet_facts *facts)
{
	__u32 tag = meta->has_vlan ? 4 : 0;

	facts->captured = meta->len + tag;
	facts->segments = 1;
	if (!meta->gso_segs && !meta->gso_size)
		return;
	facts->segments = meta->gso_segs;
	if (!meta->gso_segs)
		facts->segments =
			(facts->payload + meta->gso_size - 1) / meta->gso_size;
	if (!facts->segments)
		facts->segments = 1;
	facts->overhead = (__u32)facts->inner + tag;
	facts->ip_header = facts->inner > facts->network
				   ? (__u32)(facts->inner - facts->network)
				   : 0;
}

/*
 * Read one packet. @key and @facts are written whole; whatever the bytes are,
 * they name a flow afterwards.
 */
static __always_inline void headers_read(const struct view *view,
					 const struct packet_meta *meta,
					 struct flow_key *key,
					 struct packet_facts *facts)
{
	__u32 left, at = 0;
	__u16 network, type;

	__builtin_memset(key, 0, sizeof(*key));
	__builtin_memset(facts, 0, sizeof(*facts));
	key->ifindex = meta->ifindex;
	facts->time = meta->time;
	facts->type = headers_link(view, meta, key, facts);
	type = HEADERS_FORGET(facts->type);
	network = HEADERS_FORGET(facts->network);
	left = meta->len > network ? meta->len - network : 0;
	if (type == HEADERS_IPV4)
		at = headers_ipv4(view, left, key, facts);
	else if (type == HEADERS_IPV6)
		at = headers_ipv6(view, left, key, facts);
	facts->transport = (__u16)at;
	if (at) {
		key->source_port = 0;
		headers_transport(view, HEADERS_FORGET(facts->transport), key,
				  facts);
	} else {
		facts->inner = facts->network;
		facts->payload = left;
	}
	headers_segments(meta, facts);
}

#endif
