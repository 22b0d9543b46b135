// SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only)
/*
 * bpf/headers.h and bpf/delta.h in the kernel, both ways of reaching the
 * bytes; tests/headers_kernel.c compares with the host.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "bpf/delta.h"
#include "tests/headers_check.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct headers_check);
} checks SEC(".maps");

struct window {
	__u8 bytes[HEADERS_WINDOW];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct window);
} windows SEC(".maps");

static __always_inline int check(const struct view *view, __u32 link,
				 const struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct headers_check *out = bpf_map_lookup_elem(&checks, &zero);
	struct packet_meta meta = {0};
	struct packet_facts *facts;
	struct flow_delta *delta;
	struct flow_key *key;

	if (!out)
		return 0;
	meta.time = out->time;
	meta.len = skb->len;
	meta.gso_segs = skb->gso_segs;
	meta.gso_size = skb->gso_size;
	meta.link = link;
	meta.protocol = HEADERS_SWAP16((__u16)skb->protocol);
	key = &out->key;
	facts = &out->facts;
	headers_read(view, &meta, key, facts);
	out->hash = delta_key_hash(key, out->seed);
	delta = &out->slots[out->hash & (HEADERS_CHECK_SLOTS - 1)];
	if (delta->packets && (!delta_key_equal(&delta->key, key) ||
			       !delta_has_room(delta, facts))) {
		out->spilled = *delta;
		out->spills++;
		delta->packets = 0;
	}
	if (!delta->packets)
		delta_begin(delta, key, facts);
	delta_add(delta, view, facts);
	return 0;
}

SEC("tc")
int check_direct(struct __sk_buff *skb)
{
	struct view view = {(void *)(long)skb->data,
			    (void *)(long)skb->data_end};

	check(&view, TAP_LINK_ETHERNET, skb);
	return TC_ACT_OK;
}

SEC("socket")
int check_window(struct __sk_buff *skb)
{
	__u32 zero = 0, length = skb->len;
	struct window *window = bpf_map_lookup_elem(&windows, &zero);
	struct view view;

	if (!window)
		return 0;
	if (length > HEADERS_WINDOW)
		length = HEADERS_WINDOW;
	if (length == 0 || bpf_skb_load_bytes(skb, 0, window->bytes, length))
		return 0;
	view.data = window->bytes;
	view.end = window->bytes + length;
	check(&view, TAP_LINK_COOKED, skb);
	return 0;
}
