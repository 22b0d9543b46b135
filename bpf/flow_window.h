/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The headers of a packet in the kernel, copied to where they can be read. They
 * are copied because those of many a packet lie in pages, a socket filter may
 * not look at the others either, and a copy of so few bytes costs less than
 * each read's own check.
 */
#ifndef BSNIFF_BPF_FLOW_WINDOW_H
#define BSNIFF_BPF_FLOW_WINDOW_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/flow_cache.h"
#include "bpf/headers.h"
#include "bpf/tap_work.h"

/* Copy work->length bytes from work->layer.offset on. 0, or -1. */
__attribute__((noinline)) int flow_window_load(struct __sk_buff *skb,
					       struct tap_work *work)
{
	__u32 length;

	if (!work)
		return -1;
	length = work->length;
	asm volatile("" : "+r"(length));
	if (length < 1 || length > HEADERS_WINDOW)
		return -1;
	return bpf_skb_load_bytes(skb, work->layer.offset, work->window, length)
		       ? -1
		       : 0;
}

/* Read the outermost headers: work->key and work->facts. 0, or -1. */
static __always_inline int flow_window_take(struct __sk_buff *skb,
					    struct tap_work *work)
{
	flow_cache_meta(skb, &work->meta);
	work->layer.offset = 0;
	work->length = work->meta.len < HEADERS_WINDOW ? work->meta.len
						       : HEADERS_WINDOW;
	return flow_window_load(skb, work) || tap_work_read(work) ? -1 : 0;
}

#endif
