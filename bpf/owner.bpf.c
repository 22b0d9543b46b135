/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * Who owns a socket. Each place where the kernel runs on behalf of the process
 * that uses a socket makes a claim; the best one is kept in the socket's
 * storage, and user space hears of changes only. In softirq, the current task
 * is whoever was interrupted: there, nothing is claimed.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/owner.h"
#include "bpf/owner_claim.h"
#include "bpf/owner_kernel.h"
#include "bpf/owner_process.h"
#include "bpf/owner_sender.h"
#include "bpf/owner_socket.h"

/* ---- Who sends and who receives ---- */

SEC("tp_btf/sock_send_length")
int owner_send(unsigned long long *arguments)
{
	if ((int)arguments[1] >= 0)
		owner_use((struct sock *)arguments[0], OWNER_SENT);
	return 0;
}

/* May another's socket have the same port? */
static __always_inline int owner_is_shared(struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_UDP && !sk->__sk_common.skc_dport &&
	       (BPF_CORE_READ_BITFIELD(&sk->__sk_common, skc_reuseport) ||
		BPF_CORE_READ_BITFIELD(&sk->__sk_common, skc_reuse));
}

/*
 * Name servers have thousands of flows a second, which must not flood user
 * space: of those that are too many, nobody knows who answered. Before it is
 * known that processes share a port, some are told of where there are several
 * sockets, which may be one's own.
 */
static __always_inline int owner_flow_may(struct owner_state *state,
					  struct sock *sk)
{
	enum { FLOWS = 512, FLOWS_BEFORE = 64, PERIOD = 27 /* 134 ms */ };
	const struct owner_wishes *wishes = owner_wishes_get();
	__u16 period = (__u16)(bpf_ktime_get_ns() >> PERIOD);
	int is_known = wishes && wishes->shared;

	if (!is_known &&
	    BPF_CORE_READ(sk, sk_reuseport_cb, num_socks) < 2)
		return 0;
	if (state->period != period) {
		state->period = period;
		state->flows = 0;
	}
	return state->flows++ < (is_known ? FLOWS : FLOWS_BEFORE);
}

/* Of a socket that others share the port of: it is the one that has this
 * flow, for it sends the packet. */
static __noinline int owner_flow_tell(struct __sk_buff *skb, struct sock *sk,
				      struct owner_state *state,
				      const struct flow_key *key)
{
	struct owner_event *event;

	if (key->tunnel || key->protocol != IPPROTO_UDP ||
	    key->source_port != bpf_htons(sk->__sk_common.skc_num) ||
	    !owner_flow_may(state, sk))
		return 1;
	event = owner_event_begin(state, OWNER_EVENT_SOCKET);
	if (!event)
		return 0;
	owner_tuple_fill(&event->tuple, sk);
	__builtin_memcpy(event->tuple.local, key->source, 16);
	__builtin_memcpy(event->tuple.remote, key->destination, 16);
	event->tuple.remote_port = key->destination_port;
	event->tuple.family = key->family;
	event->tuple.flags = OWNER_TUPLE_FLOW;
	event->cookie = bpf_get_socket_cookie(skb);
	owner_submit(event);
	return 1;
}

/*
 * The sender is another one than the last time, or the flow is new. @task: who
 * sends; NULL: nobody can say, but perhaps whose the socket is otherwise.
 * Returns whether the socket was looked at.
 */
static __noinline int owner_send_changed(struct __sk_buff *skb, struct sock *sk,
					 struct task_struct *task,
					 const struct flow_key *key)
{
	struct bpf_sock *full = skb->sk;
	struct owner_state *state;
	int tell = 0;

	if (full)
		full = bpf_sk_fullsock(full);
	if (!full)
		return 0;
	state = bpf_sk_storage_get(&owner_sockets, full, 0,
				   task ? BPF_SK_STORAGE_GET_F_CREATE : 0);
	if (!state)
		return !task;
	if (task)
		tell = owner_claim(state, task, OWNER_SENT);
	if (state->known && owner_moved(state, sk))
		tell = 1;
	if (tell && !owner_tell(sk, state, bpf_get_socket_cookie(skb)))
		return 0;
	return !task || !owner_is_shared(sk) ||
	       owner_flow_tell(skb, sk, state, key);
}

/*
 * What TCP sends in softirq is of a flow that is known. But a datagram may come
 * there first, when it had to wait for its neighbour's address: it names the
 * socket's addresses, though not who sent it.
 */
SEC("tc")
int owner_sender(struct __sk_buff *skb)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tap_work *work = tap_work_get();
	struct sk_buff *kernel_skb;
	__u64 hash, *place, both;
	struct sock *sk;
	__u32 process = 0;
	int looked;

	if (!work || !bpf_cast_to_kern_ctx)
		return TAP_NEXT;
	hash = delta_key_hash(&work->key, 0);
	place = owner_sender_place(hash);
	if (!place)
		return TAP_NEXT;
	if (owner_is_itself(task, work))
		process = owner_sender_id(task);
	both = (hash & ~0xffffffffull) | process;
	if (*place == both || (!process && !((*place ^ both) >> 32)))
		return TAP_NEXT;
	kernel_skb = bpf_cast_to_kern_ctx(skb);
	sk = kernel_skb->sk;
	if (!sk || !owner_is_sender(skb, sk))
		return TAP_NEXT;
	if (process && !owner_is_writing(sk, work->facts.payload)) {
		/* Who connects is known, but not yet told. */
		if (sk->__sk_common.skc_state != OWNER_TCP_SYN_SENT)
			return TAP_NEXT;
		both ^= process;
		process = 0;
	}
	if (process)
		looked = owner_send_changed(skb, sk, task, &work->key);
	else
		looked = owner_send_changed(skb, sk, NULL, &work->key);
	if (looked)
		*place = both;
	return TAP_NEXT;
}

SEC("tp_btf/sock_recv_length")
int owner_receive(unsigned long long *arguments)
{
	if ((int)arguments[1] >= 0)
		owner_use((struct sock *)arguments[0], OWNER_RECEIVED);
	return 0;
}

/* ---- TCP's states ---- */

/* A child of a listener is there; its storage is a copy of the listener's. */
static __always_inline void owner_accepted(struct sock *sk)
{
	struct owner_state *state = owner_state_make(sk);

	if (!state)
		return;
	state->known = state->known ? OWNER_LISTENER : OWNER_NOT;
	state->changes = 0;
	state->since = bpf_ktime_get_ns();
	owner_moved(state, sk);
	if (state->known)
		owner_tell(sk, state, bpf_get_socket_cookie(sk));
}

/* The local port is chosen after this; see owner_connected(). */
static __always_inline void owner_connecting(struct sock *sk)
{
	struct owner_state *state = owner_state_make(sk);

	if (!state)
		return;
	state->ports = ~0u;
	state->since = bpf_ktime_get_ns();
	owner_claim(state, bpf_get_current_task_btf(), OWNER_CONNECTED);
}

/* Something came of connect(), good or bad, or nothing did for a second. */
static __always_inline void owner_connected(struct sock *sk,
					    struct owner_state *state)
{
	if (!owner_moved(state, sk))
		return;
	owner_tell(sk, state, bpf_get_socket_cookie(sk));
}

SEC("tp_btf/inet_sock_set_state")
int owner_set_state(unsigned long long *arguments)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct sock *sk = (struct sock *)arguments[0];
	int before = (int)arguments[1], after = (int)arguments[2];
	struct owner_state *state;

	if (sk->sk_protocol != IPPROTO_TCP)
		return 0;
	switch (after) {
	case OWNER_TCP_SYN_SENT:
		owner_connecting(sk);
		break;
	case OWNER_TCP_LISTEN:
		owner_use(sk, OWNER_LISTENING);
		break;
	case OWNER_TCP_ESTABLISHED:
		state = bpf_sk_storage_get(&owner_sockets, sk, 0, 0);
		if (state && before == OWNER_TCP_SYN_SENT)
			owner_connected(sk, state);
		else if (before == OWNER_TCP_SYN_RECV)
			owner_accepted(sk);
		break;
	case OWNER_TCP_FIN_WAIT1:
	case OWNER_TCP_LAST_ACK:
		/* Only close() and shutdown() lead here; the last reference
		 * may have been dropped by a worker of the kernel. */
		if (!(task->flags & OWNER_PF_KTHREAD))
			owner_use(sk, OWNER_CLOSED);
		break;
	case OWNER_TCP_CLOSE:
		state = bpf_sk_storage_get(&owner_sockets, sk, 0, 0);
		if (state)
			owner_tell_gone(sk, state);
		break;
	default:
		break;
	}
	return 0;
}

SEC("tp_btf/tcp_retransmit_skb")
int owner_retransmit(unsigned long long *arguments)
{
	struct sock *sk = (struct sock *)arguments[0];
	struct owner_state *state;

	state = owner_state_make(sk);
	if (!state)
		return 0;
	if (sk->__sk_common.skc_state == OWNER_TCP_SYN_SENT)
		owner_connected(sk, state);
	return 0;
}

/* ---- Before anything is sent: programs of the root control group ---- */

/*
 * Here the socket is a context or a bpf_sock, not the kernel's own struct, so
 * its addresses cannot be told; that is done at its first use.
 */
static __always_inline void owner_prepare(struct owner_state *state, __u8 known)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (state)
		owner_claim(state, task, known);
}

SEC("cgroup/sock_create")
int owner_create(struct bpf_sock *sk)
{
	owner_prepare(bpf_sk_storage_get(&owner_sockets, sk, 0,
					 BPF_SK_STORAGE_GET_F_CREATE),
		      OWNER_CREATED);
	return 1;
}

static __always_inline int owner_address(struct bpf_sock_addr *context,
					 __u8 known)
{
	struct bpf_sock *sk = context->sk;

	if (sk)
		owner_prepare(bpf_sk_storage_get(&owner_sockets, sk, 0,
						 BPF_SK_STORAGE_GET_F_CREATE),
			      known);
	return 1;
}

SEC("cgroup/connect4")
int owner_connect4(struct bpf_sock_addr *context)
{
	return owner_address(context, OWNER_CONNECTED);
}

SEC("cgroup/connect6")
int owner_connect6(struct bpf_sock_addr *context)
{
	return owner_address(context, OWNER_CONNECTED);
}

SEC("cgroup/sendmsg4")
int owner_sendmsg4(struct bpf_sock_addr *context)
{
	return owner_address(context, OWNER_SENT);
}

SEC("cgroup/sendmsg6")
int owner_sendmsg6(struct bpf_sock_addr *context)
{
	return owner_address(context, OWNER_SENT);
}

/* A socket that has a port now, and may take packets that nobody reads. */
static __always_inline int owner_bound(struct bpf_sock *sk, __u8 family)
{
	struct owner_state *state;
	struct owner_event *event;

	state = bpf_sk_storage_get(&owner_sockets, sk, 0,
				   BPF_SK_STORAGE_GET_F_CREATE);
	if (!state)
		return 1;
	owner_prepare(state, OWNER_CREATED);
	event = owner_event_begin(state, OWNER_EVENT_SOCKET);
	if (!event)
		return 1;
	event->cookie = bpf_get_socket_cookie(sk);
	event->tuple.family = family;
	event->tuple.protocol = (__u8)sk->protocol;
	event->tuple.local_port = bpf_htons((__u16)sk->src_port);
	event->tuple.flags = family == FLOW_IPV6 ? OWNER_TUPLE_DUAL : 0;
	event->tuple.netns = owner_current_netns();
	if (family == FLOW_IPV4) {
		*(__u32 *)event->tuple.local = sk->src_ip4;
	} else {
		__u32 *words = (__u32 *)event->tuple.local;

		words[0] = sk->src_ip6[0];
		words[1] = sk->src_ip6[1];
		words[2] = sk->src_ip6[2];
		words[3] = sk->src_ip6[3];
	}
	owner_submit(event);
	return 1;
}

SEC("cgroup/post_bind4")
int owner_bind4(struct bpf_sock *sk)
{
	return owner_bound(sk, FLOW_IPV4);
}

SEC("cgroup/post_bind6")
int owner_bind6(struct bpf_sock *sk)
{
	return owner_bound(sk, FLOW_IPV6);
}

SEC("cgroup/sock_release")
int owner_release(struct bpf_sock *sk)
{
	struct owner_state *state;
	struct owner_event *event;

	/* TCP's end is in inet_sock_set_state. */
	if (sk->protocol == IPPROTO_TCP)
		return 1;
	state = bpf_sk_storage_get(&owner_sockets, sk, 0, 0);
	if (!state || !state->told)
		return 1;
	event = owner_event_begin(state, OWNER_EVENT_GONE);
	if (!event)
		return 1;
	event->cookie = bpf_get_socket_cookie(sk);
	owner_submit(event);
	return 1;
}

/* ---- Sockets that are open already ---- */

/* Was it last told of when events may have been lost? */
static __always_inline int owner_must_repeat(const struct owner_state *state)
{
	const struct owner_wishes *wishes = owner_wishes_get();

	return wishes && state->told && state->told < wishes->again;
}

/*
 * At the start, again when sockets that a listener accepted stay unused, and
 * when events were lost.
 * What is found goes to the reader of the iterator, so that no ring overflows.
 */
SEC("iter/task_file")
int owner_scan(struct bpf_iter__task_file *context)
{
	struct seq_file *seq = context->meta->seq;
	struct task_struct *task = context->task;
	struct file *file = context->file;
	struct owner_state *state;
	struct owner_event event;
	struct socket *socket;
	struct sock *sk;
	__u8 known;

	if (!task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk || !owner_is_inet(sk))
		return 0;
	state = owner_state_make(sk);
	if (!state)
		return 0;
	known = state->known == OWNER_LISTENER ? OWNER_ACCEPTED : OWNER_OPEN;
	if (((known == OWNER_OPEN && state->known) ||
	     !owner_claim(state, task, known)) &&
	    !owner_must_repeat(state))
		return 0;
	owner_moved(state, sk);
	owner_event_fill(&event, state, OWNER_EVENT_SOCKET);
	owner_tuple_fill(&event.tuple, sk);
	event.cookie = bpf_get_socket_cookie(sk);
	bpf_seq_write(seq, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
