/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * A plain packet (bpf/headers_plain.h) on its way to user space, as struct flow_plain,
 * and back. What a plain packet cannot do without is made up: it is Ethernet,
 * IPv4 without options, not a fragment.
 */
#ifndef BSNIFF_BPF_FLOW_PLAIN_H
#define BSNIFF_BPF_FLOW_PLAIN_H

#include "bpf/contract.h"
#include "bpf/headers_plain.h"

typedef __u64 __attribute__((may_alias)) flow_plain_word;

/* @p: the packet's first HEADERS_PLAIN bytes. */
static __always_inline void flow_plain_pack(struct flow_plain *plain,
					    const __u8 *p,
					    const struct packet_meta *meta)
{
	flow_plain_word *words = (flow_plain_word *)(void *)plain->bytes;

	plain->time = meta->time;
	plain->len = meta->len;
	plain->ifindex = meta->ifindex;
	plain->vlan_tci = meta->vlan_tci;
	plain->has_vlan = meta->has_vlan;
	plain->tos = p[15];
	plain->length = view_u16(p + 16);
	plain->reserved = 0;
	words[0] = view_u64(p + FLOW_PLAIN_FROM);
	words[1] = view_u64(p + FLOW_PLAIN_FROM + 8);
	words[2] = view_u64(p + FLOW_PLAIN_FROM + 16);
	words[3] = view_u64(p + FLOW_PLAIN_FROM + 24);
}

/* The bytes and what came with them; the link is the taker's to say. */
static __always_inline void flow_plain_unpack(const struct flow_plain *plain,
					      __u8 p[HEADERS_PLAIN],
					      struct packet_meta *meta)
{
	__builtin_memset(p, 0, HEADERS_PLAIN);
	__builtin_memset(meta, 0, sizeof(*meta));
	meta->time = plain->time;
	meta->len = plain->len;
	meta->ifindex = plain->ifindex;
	meta->vlan_tci = plain->vlan_tci;
	meta->has_vlan = plain->has_vlan;
	meta->protocol = HEADERS_IPV4;
	p[12] = HEADERS_IPV4 >> 8;
	p[13] = HEADERS_IPV4 & 0xff;
	p[14] = 0x45;
	p[15] = plain->tos;
	__builtin_memcpy(p + 16, &plain->length, sizeof(plain->length));
	__builtin_memcpy(p + FLOW_PLAIN_FROM, plain->bytes,
			 sizeof(plain->bytes));
}

#endif
