/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * What the programs of the tap know of the packet that a CPU is busy with: too
 * much for a stack, and handed on from stage to stage.
 */
#ifndef BSNIFF_BPF_TAP_WORK_H
#define BSNIFF_BPF_TAP_WORK_H

#ifdef __bpf__
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#endif

#include "bpf/contract.h"
#include "bpf/fragments.h"
#include "bpf/headers.h"
#include "bpf/tunnel.h"

struct tap_work {
	struct packet_meta meta;
	struct packet_facts facts;
	struct flow_key key; /* of tunnels: the innermost, in the end */
	struct tunnel_layer layer; /* while tunnels are looked into */
	struct tunnel_inner inner;
	__u64 stack;	/* see bpf/owner_sender.h */
	__u32 length;	/* bytes of window that are valid */
	__u8 direction; /* enum tap_direction */
	__u8 reserved[3];
	__u8 window[HEADERS_WINDOW]; /* the packet's first bytes */
	struct fragments fragments;  /* stays from packet to packet */
};

/*
 * What is long is a function of its own: the verifier looks at a global function
 * once, by itself, and its paths do not multiply with those of the others.
 */
#ifdef __bpf__
#define TAP_WORK_PART __attribute__((noinline))
#else
#define TAP_WORK_PART static
#endif

/* Read the headers in the window. 0, or -1 (the verifier has no word that there
 * is a @work). */
TAP_WORK_PART int tap_work_read(struct tap_work *work)
{
	struct view view;

	if (!work)
		return -1;
	view.data = work->window;
	view.end = work->window + work->length;
	headers_read(&view, &work->meta, &work->key, &work->facts);
	return 0;
}

#ifdef __bpf__
/* One a CPU; shared by all that runs in a packet's time. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tap_work);
} works SEC(".maps");

static __always_inline struct tap_work *tap_work_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&works, &zero);
}
#endif

#endif
