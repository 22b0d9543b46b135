/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The filter on owners (--pid, --process, --user, --container), at the tap.
 *
 * Whether an owner is wanted was decided when it became the owner
 * (owner_state.wanted), so all that is left to do for a packet is to find its
 * socket: what goes out carries it, what comes in is looked up by address and
 * port. In traffic control only: a socket filter may do neither.
 */
#ifndef BSNIFF_BPF_OWNER_FILTER_H
#define BSNIFF_BPF_OWNER_FILTER_H

#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/flow_cache.h"
#include "bpf/flow_window.h"
#include "bpf/owner_storage.h"
#include "bpf/tap_work.h"

enum owner_verdict {
	OWNER_UNDECIDED, /* no socket, or one of which nobody knows */
	OWNER_UNWANTED,
	OWNER_WANTED,
};

static __always_inline int owner_verdict_of(struct bpf_sock *sk)
{
	const struct owner_state *state =
		bpf_sk_storage_get(&owner_sockets, sk, 0, 0);

	if (!state || !state->known)
		return OWNER_UNDECIDED;
	if (state->wanted)
		return OWNER_WANTED;
	/* Of those that share a listener, any may be the one that will use it. */
	return sk->state == BPF_TCP_LISTEN || state->known == OWNER_LISTENER
		       ? OWNER_UNDECIDED
		       : OWNER_UNWANTED;
}

/* By the socket that sent the packet. */
static __always_inline int owner_verdict_sent(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk, *full;

	if (!sk)
		return OWNER_UNDECIDED;
	full = bpf_sk_fullsock(sk);
	/* The answer to a SYN comes before there is a socket. */
	if (!full)
		full = bpf_get_listener_sock(sk);
	if (!full)
		return OWNER_UNDECIDED;
	return owner_verdict_of(full);
}

static __always_inline void owner_tuple_from(struct bpf_sock_tuple *tuple,
					     const struct flow_key *key,
					     int reverse)
{
	const void *from = reverse ? key->destination : key->source;
	const void *to = reverse ? key->source : key->destination;
	__u16 from_port = reverse ? key->destination_port : key->source_port;
	__u16 to_port = reverse ? key->source_port : key->destination_port;

	if (key->family == FLOW_IPV4) {
		__builtin_memcpy(&tuple->ipv4.saddr, from, 4);
		__builtin_memcpy(&tuple->ipv4.daddr, to, 4);
		tuple->ipv4.sport = from_port;
		tuple->ipv4.dport = to_port;
		return;
	}
	__builtin_memcpy(tuple->ipv6.saddr, from, 16);
	__builtin_memcpy(tuple->ipv6.daddr, to, 16);
	tuple->ipv6.sport = from_port;
	tuple->ipv6.dport = to_port;
}

static __always_inline struct bpf_sock *
owner_lookup(struct __sk_buff *skb, const struct flow_key *key, int reverse)
{
	struct bpf_sock_tuple tuple = {};

	if (key->family != FLOW_IPV4 && key->family != FLOW_IPV6)
		return NULL;
	owner_tuple_from(&tuple, key, reverse);
	/* The size tells the family, and must be a constant. */
	if (key->protocol == IPPROTO_TCP)
		return key->family == FLOW_IPV4
			       ? bpf_sk_lookup_tcp(skb, &tuple,
						   sizeof(tuple.ipv4),
						   BPF_F_CURRENT_NETNS, 0)
			       : bpf_sk_lookup_tcp(skb, &tuple,
						   sizeof(tuple.ipv6),
						   BPF_F_CURRENT_NETNS, 0);
	if (key->protocol == IPPROTO_UDP)
		return key->family == FLOW_IPV4
			       ? bpf_sk_lookup_udp(skb, &tuple,
						   sizeof(tuple.ipv4),
						   BPF_F_CURRENT_NETNS, 0)
			       : bpf_sk_lookup_udp(skb, &tuple,
						   sizeof(tuple.ipv6),
						   BPF_F_CURRENT_NETNS, 0);
	return NULL;
}

/* By the socket that the packet is for; @reverse: that it is from. */
static __always_inline int owner_verdict_received(struct __sk_buff *skb,
						  const struct flow_key *key,
						  int reverse)
{
	struct bpf_sock *sk = owner_lookup(skb, key, reverse);
	int verdict;

	if (!sk)
		return OWNER_UNDECIDED;
	verdict = owner_verdict_of(sk);
	bpf_sk_release(sk);
	return verdict;
}

/*
 * An enum owner_verdict. On lo, where a packet is seen once, it is wanted if
 * either end is, and else undecided if either is (TIME_WAIT's last ACK).
 */
static __always_inline int owner_filter(struct __sk_buff *skb,
					struct tap_work *work, __u8 direction)
{
	int verdict, sender;

	if (direction == TAP_OUT)
		return owner_verdict_sent(skb);
	if (flow_window_take(skb, work))
		return OWNER_UNDECIDED;
	verdict = owner_verdict_received(skb, &work->key, 0);
	if (verdict == OWNER_WANTED || skb->ifindex != config.loopback)
		return verdict;
	sender = owner_verdict_received(skb, &work->key, 1);
	if (sender == OWNER_WANTED)
		return OWNER_WANTED;
	return verdict == OWNER_UNDECIDED ? verdict : sender;
}

#endif
