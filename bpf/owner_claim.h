/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * Claims: that a task, which is doing something with a socket, owns it. The
 * best one stays in the socket's storage (enum owner_known).
 */
#ifndef BSNIFF_BPF_OWNER_CLAIM_H
#define BSNIFF_BPF_OWNER_CLAIM_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/owner.h"
#include "bpf/owner_kernel.h"
#include "bpf/owner_process.h"
#include "bpf/owner_socket.h"
#include "bpf/owner_storage.h"
#include "bpf/owner_told.h"

/* Is there nothing to be learned from @task using this socket again? This is
 * all that most sends cost. */
static __always_inline int owner_settled(const struct owner_state *state,
					 struct task_struct *task,
					 struct sock *sk, __u8 known)
{
	struct task_struct *leader = task->group_leader;

	if (known > state->known ||
	    state->ports != sk->__sk_common.skc_portpair ||
	    state->remote != owner_remote_word(sk))
		return 0;
	return known < state->known ||
	       (state->process.tgid == (__u32)task->tgid &&
		owner_words(state->process.comm)[0] ==
			owner_words(leader->comm)[0] &&
		owner_words(state->process.comm)[1] ==
			owner_words(leader->comm)[1]);
}

/* May a claim of @known replace what @state says? */
static __always_inline int owner_replaces(const struct owner_state *state,
					  __u8 known)
{
	if (known != state->known)
		return known > state->known;
	/* Of those who use it, the latest. */
	return known >= OWNER_RECEIVED || known == OWNER_LISTENING;
}

static __always_inline int owner_same(const struct owner_process *a,
				      const struct owner_process *b)
{
	return a->tgid == b->tgid && a->start == b->start && a->uid == b->uid &&
	       owner_words(a->comm)[0] == owner_words(b->comm)[0] &&
	       owner_words(a->comm)[1] == owner_words(b->comm)[1];
}

/* A socket that two processes write to in turn must not flood user space. */
static __always_inline int owner_tell_now(struct owner_state *state, __u64 now)
{
	enum { FREE_CHANGES = 16, PAUSE = 100 * 1000 * 1000 };

	if (state->changes < 65535)
		state->changes++;
	return state->changes <= FREE_CHANGES || now - state->told > PAUSE;
}

/*
 * Record that @task, who is doing something with the socket, owns it. Returns
 * whether user space is to be told.
 */
static __always_inline int owner_claim(struct owner_state *state,
				       struct task_struct *task, __u8 known)
{
	struct owner_process process;
	int same, connects;

	owner_describe(&process, task);
	same = owner_same(&state->process, &process);
	if (!owner_replaces(state, known))
		return 0;
	if (same && state->known == known)
		return 0;
	/* That one who connects or receives sends as well is told at the end. */
	connects = state->known >= OWNER_CONNECTED;
	state->process = process;
	state->known = known;
	state->wanted = owner_wanted(&process, task);
	if (same && connects)
		return 0;
	if (!owner_tell_now(state, bpf_ktime_get_ns()))
		return 0;
	owner_process_tell(&process, task);
	return 1;
}

/* The tuple changed (bound, connected) since user space was told of it? */
static __always_inline int owner_moved(struct owner_state *state,
				       struct sock *sk)
{
	__u32 ports = sk->__sk_common.skc_portpair;
	__u32 remote = owner_remote_word(sk);

	if (state->ports == ports && state->remote == remote)
		return 0;
	state->ports = ports;
	state->remote = remote;
	return 1;
}

static __always_inline struct owner_state *owner_state_make(struct sock *sk)
{
	return bpf_sk_storage_get(&owner_sockets, sk, 0,
				  BPF_SK_STORAGE_GET_F_CREATE);
}

/* The current task uses @sk, and it is not softirq. */
static __always_inline void owner_use(struct sock *sk, __u8 known)
{
	struct task_struct *task;
	struct owner_state *state;
	int tell;

	if (!owner_is_inet(sk))
		return;
	task = bpf_get_current_task_btf();
	state = bpf_sk_storage_get(&owner_sockets, sk, 0, 0);
	if (state && owner_settled(state, task, sk, known))
		return;
	state = owner_state_make(sk);
	if (!state)
		return;
	tell = owner_claim(state, task, known);
	if (owner_moved(state, sk))
		tell = 1;
	if (tell)
		owner_tell(sk, state, bpf_get_socket_cookie(sk));
}

#endif
