/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * Who sends what the tap sees go out: a stage behind the tap (enum tap_stage).
 *
 * It takes the place of the tracepoint at each send: that costs all senders of
 * the machine, this only those whose packets are looked at, and less. A packet
 * that is sent by the process that runs proves that the process writes to the
 * socket; which is not so in softirq (where the current task is whoever was
 * interrupted, and TCP sends what acknowledgments have made room for), nor when
 * somebody's packet makes the kernel answer for another's socket, as when it
 * comes out of a TUN device in the time of the process that wrote it there.
 */
#ifndef BSNIFF_BPF_OWNER_SENDER_H
#define BSNIFF_BPF_OWNER_SENDER_H

#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/delta.h"
#include "bpf/owner.h"
#include "bpf/owner_kernel.h"
#include "bpf/owner_process.h"
#include "bpf/tap_work.h"

/*
 * The last sender of each flow that was seen to, on any CPU, or two that take
 * turns on two would both seem to be known: parts of the hashes of the flow and
 * of the process, in one word; 0: none. By the hash of the flow; the size, 2^n,
 * is set before load.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096); /* a CPU */
	__type(key, __u32);
	__type(value, __u64);
} owner_senders SEC(".maps");

/* struct __sk_buff -> struct sk_buff. Linux 6.2. */
extern void *bpf_cast_to_kern_ctx(void *context) __ksym __weak;

#define OWNER_SOFTIRQ 0x100 /* SOFTIRQ_OFFSET of <linux/preempt.h>: served */

/*
 * Is this @task's own stack? Interrupts and softirq have stacks of their own on
 * x86 (arch/x86/include/asm/irq_stack.h); and how deep a CPU is in them is not
 * for all kernels to be read from here (__preempt_count is in no symbol table
 * without CONFIG_KALLSYMS_ALL). An address becomes a number by way of memory.
 */
static __always_inline int owner_is_on_stack(struct task_struct *task,
					     struct tap_work *work)
{
	const __u64 bytes = 16384; /* THREAD_SIZE */
	volatile __u64 *here = &work->stack;

	asm volatile("*(u64 *)(%0 + 0) = r10" : : "r"(here) : "memory");
	return *here - (__u64)task->stack < bytes;
}

/* Does @task run on its own behalf? */
static __always_inline int owner_is_itself(struct task_struct *task,
					   struct tap_work *work)
{
	struct task_struct___rt *rt = (void *)task;

	if (task->flags & OWNER_PF_KTHREAD)
		return 0;
	if (bpf_core_field_exists(rt->softirq_disable_cnt))
		return !(BPF_CORE_READ(rt, softirq_disable_cnt) &
			 OWNER_SOFTIRQ);
	if (bpf_core_field_exists(task->thread_info.preempt.count))
		return !(BPF_CORE_READ(task, thread_info.preempt.count) &
			 OWNER_SOFTIRQ);
	return owner_is_on_stack(task, work);
}

/* The same process under another name is another one. */
static __always_inline __u32 owner_sender_id(struct task_struct *task)
{
	const __u64 *name = (const __u64 *)task->group_leader->comm;
	__u64 hash = delta_mix((__u32)task->tgid, name[0]);

	return (__u32)(delta_mix(hash, name[1]) >> 32) | 1;
}

/* The place that remembers the sender of @flow. */
static __always_inline __u64 *owner_sender_place(__u64 flow)
{
	__u32 index = (__u32)flow & (owner_config.senders - 1);

	return bpf_map_lookup_elem(&owner_senders, &index);
}

/* Is @sk a socket of some process, from which the packet comes right here? */
static __always_inline int owner_is_sender(struct __sk_buff *skb,
					   struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;
	__u8 state = sk->__sk_common.skc_state;

	if (family != OWNER_AF_INET && family != OWNER_AF_INET6)
		return 0;
	/* These are not whole sockets. */
	if (state == OWNER_TCP_TIME_WAIT || state == OWNER_TCP_NEW_SYN_RECV)
		return 0;
	/* The kernel's own; or forwarded, with whom it is from still known. */
	return !BPF_CORE_READ_BITFIELD(sk, sk_kern_sock) &&
	       !skb->ingress_ifindex;
}

/*
 * Does the process that runs write to it? @payload: bytes that the packet has.
 * A TCP socket is locked by who works on it; what has no payload may be an
 * answer to what came in.
 */
static __always_inline int owner_is_writing(struct sock *sk, __u32 payload)
{
	return sk->sk_protocol != IPPROTO_TCP ||
	       (payload && sk->sk_lock.owned);
}

#endif
