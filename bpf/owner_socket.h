/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * What is kept with a socket, and how user space is told of it.
 */
#ifndef BSNIFF_BPF_OWNER_SOCKET_H
#define BSNIFF_BPF_OWNER_SOCKET_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/owner.h"
#include "bpf/owner_kernel.h"
#include "bpf/owner_process.h"
#include "bpf/owner_storage.h"

/* Set before load. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} owner_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner_counters);
} owner_counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner_wishes);
} owner_wishes SEC(".maps");

static __always_inline const struct owner_wishes *owner_wishes_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&owner_wishes, &zero);
}

typedef __u64 __attribute__((may_alias)) owner_word_t;

/* A name of 16 characters as two words. */
#define owner_words(name) ((const owner_word_t *)(const void *)(name))

static __always_inline void owner_lost(void)
{
	struct owner_counters *counters;
	__u32 zero = 0;

	counters = bpf_map_lookup_elem(&owner_counters, &zero);
	if (counters)
		__sync_fetch_and_add(&counters->lost, 1);
}

/* Nobody waits for owners: they are read with the packets. */
static __always_inline void owner_submit(void *event)
{
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static __always_inline int owner_is_inet(struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;

	return family == OWNER_AF_INET || family == OWNER_AF_INET6;
}

/* Changes whenever a socket is connected to somebody else. */
static __always_inline __u32 owner_remote_word(struct sock *sk)
{
	__u32 word = sk->__sk_common.skc_daddr;

	if (bpf_core_field_exists(sk->__sk_common.skc_v6_daddr))
		word ^= sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[3];
	return word;
}

static __always_inline int owner_is_mapped(const __u32 *words)
{
	return !words[0] && !words[1] && words[2] == bpf_htonl(0xffff);
}

/* An IPv6 socket that talks to IPv4 is an IPv4 one on the wire. */
static __always_inline void owner_unmap(struct owner_tuple *tuple)
{
	__u32 *local = (__u32 *)tuple->local;
	__u32 *remote = (__u32 *)tuple->remote;

	if (!owner_is_mapped(local) && !owner_is_mapped(remote))
		return;
	tuple->family = FLOW_IPV4;
	tuple->flags = 0;
	local[0] = local[3];
	remote[0] = remote[3];
	local[1] = local[2] = local[3] = 0;
	remote[1] = remote[2] = remote[3] = 0;
}

static __always_inline void owner_tuple_fill(struct owner_tuple *tuple,
					     struct sock *sk)
{
	__builtin_memset(tuple, 0, sizeof(*tuple));
	tuple->protocol = (__u8)sk->sk_protocol;
	tuple->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	/* A socket that is closed has given its port back, but not forgotten
	 * it. */
	tuple->local_port =
		sk->__sk_common.skc_num
			? bpf_htons(sk->__sk_common.skc_num)
			: BPF_CORE_READ((struct inet_sock *)sk, inet_sport);
	tuple->remote_port = sk->__sk_common.skc_dport;
	if (sk->__sk_common.skc_family == OWNER_AF_INET) {
		tuple->family = FLOW_IPV4;
		*(__u32 *)tuple->local = sk->__sk_common.skc_rcv_saddr;
		*(__u32 *)tuple->remote = sk->__sk_common.skc_daddr;
		return;
	}
	tuple->family = FLOW_IPV6;
	if (!bpf_core_field_exists(sk->__sk_common.skc_v6_daddr))
		return;
	bpf_core_read(tuple->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
	bpf_core_read(tuple->remote, 16, &sk->__sk_common.skc_v6_daddr);
	if (!BPF_CORE_READ_BITFIELD(&sk->__sk_common, skc_ipv6only))
		tuple->flags = OWNER_TUPLE_DUAL;
	owner_unmap(tuple);
}

/* All of @event but the socket's addresses and cookie. */
static __always_inline void owner_event_fill(struct owner_event *event,
					     struct owner_state *state,
					     __u32 type)
{
	__builtin_memset(event, 0, sizeof(*event));
	event->type = type;
	event->time = bpf_ktime_get_ns();
	event->since = state->since ? state->since : event->time;
	event->known = state->known;
	event->process = state->process;
	if (type == OWNER_EVENT_SOCKET)
		state->told = event->time;
}

/* To be submitted by the caller. NULL: no room, and that was counted. */
static __always_inline struct owner_event *
owner_event_begin(struct owner_state *state, __u32 type)
{
	struct owner_event *event;

	event = bpf_ringbuf_reserve(&owner_events, sizeof(*event), 0);
	if (event)
		owner_event_fill(event, state, type);
	else
		owner_lost();
	return event;
}

/* Whether there was room; if not, the next use of the socket is told of. */
static __noinline int owner_tell(struct sock *sk, struct owner_state *state,
				 __u64 cookie)
{
	struct owner_event *event =
		owner_event_begin(state, OWNER_EVENT_SOCKET);

	if (!event) {
		state->ports = ~0u;
		return 0;
	}
	owner_tuple_fill(&event->tuple, sk);
	event->cookie = cookie;
	owner_submit(event);
	return 1;
}

/* A TCP socket is closed: whose it was last, in case that there was no room to
 * tell of it before. */
static __always_inline void owner_tell_gone(struct sock *sk,
					    struct owner_state *state)
{
	struct owner_event *event = owner_event_begin(state, OWNER_EVENT_GONE);
	struct tcp_sock *tcp = (struct tcp_sock *)sk;

	if (!event)
		return;
	owner_tuple_fill(&event->tuple, sk);
	event->cookie = bpf_get_socket_cookie(sk);
	event->srtt = BPF_CORE_READ(tcp, srtt_us) >> 3;
	event->retransmits = BPF_CORE_READ(tcp, total_retrans);
	owner_submit(event);
}

/* The network namespace that the current task looks at. */
static __always_inline __u32 owner_current_netns(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
}

#endif
