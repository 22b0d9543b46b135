/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/* A program of somebody else's that a filter is linked into. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bsniff_filter(struct __sk_buff *skb);

SEC("tc")
int caller_tc(struct __sk_buff *skb)
{
	return bsniff_filter(skb);
}

SEC("socket")
int caller_socket(struct __sk_buff *skb)
{
	return bsniff_filter(skb);
}

char _license[] SEC("license") = "Dual BSD/GPL";
