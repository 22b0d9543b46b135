/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The gate: the two sides of traffic control, where the tap comes in.
 *
 * Attaching to TCX waits for an RCU grace period a side, so it begins before
 * the tap is even linked: what is attached are these thin programs. They say
 * which side the packet is on and jump to the tap, as soon as it is there. And
 * the verifier, who is most of the start-up time, sees the tap once, not twice.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/tap_work.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tap_work);
} works SEC(".maps");

/* The tap, when it is open. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} taps SEC(".maps");

static __always_inline int gate_enter(struct __sk_buff *skb, __u8 direction)
{
	__u32 zero = 0;
	struct tap_work *work = bpf_map_lookup_elem(&works, &zero);

	if (work) {
		work->direction = direction;
		bpf_tail_call(skb, &taps, 0);
	}
	return TAP_NEXT;
}

SEC("tc")
int gate_ingress(struct __sk_buff *skb)
{
	return gate_enter(skb, TAP_IN);
}

SEC("tc")
int gate_egress(struct __sk_buff *skb)
{
	return gate_enter(skb, TAP_OUT);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
