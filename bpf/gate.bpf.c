/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The gate: what stands at the two sides of TCX until the tap is there.
 *
 * To attach to TCX takes an RCU grace period a side, so that begins before the
 * tap is even linked, with these programs. They jump to the tap as soon as it is
 * loaded; when both sides are attached, the tap takes their place.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"

/* The tap's programs: for what comes in, and for what goes out. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} taps SEC(".maps");

SEC("tc")
int gate_ingress(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &taps, 0);
	return TAP_NEXT;
}

SEC("tc")
int gate_egress(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &taps, 1);
	return TAP_NEXT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
