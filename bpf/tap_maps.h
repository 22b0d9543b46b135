/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The tap's maps. Their sizes are set before load (src/source/tap.c).
 */
#ifndef BSNIFF_BPF_TAP_MAPS_H
#define BSNIFF_BPF_TAP_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/headers.h"
#include "bpf/tap_work.h"

/* Known to the verifier, which drops the code that it switches off. */
const volatile struct tap_config config SEC(".rodata.config");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tap_control);
} control SEC(".maps");

/* By CPU number. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tap_counters);
} counters SEC(".maps");

/* [CPU][half][slot] and [CPU][half][bucket]; see bpf/flow_cache.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_delta);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_bucket);
} flow_index SEC(".maps");

/* By enum tap_stage: where the tap goes on, once that is loaded. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, TAP_STAGES);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

struct tap_ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* By CPU number: struct tap_record. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct tap_ring);
} packet_rings SEC(".maps");

/* By CPU number: struct flow_delta, spilled to make room. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct tap_ring);
} delta_rings SEC(".maps");

static __always_inline struct tap_control *tap_control_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&control, &zero);
}

/* The clock, and a note of when that was; see flow_cache_time(). */
static __always_inline __u64 tap_time(struct tap_counters *own)
{
	own->now = bpf_ktime_get_ns();
	own->tick = (__u32)bpf_jiffies64();
	return own->now;
}

/*
 * Whether a record of @bytes for @ring must wake the reader: when it sleeps, or
 * when it has fallen behind. A wake-up costs this CPU as much as dozens of
 * packets, so a reader that naps and comes by itself is left alone: whether it
 * does is looked up in the ring each time that much has gathered.
 */
static __always_inline __u64 tap_wake_flags(struct tap_counters *own,
					    void *ring, __u32 bytes)
{
	struct tap_control *page = tap_control_get();

	own->unwoken += bytes;
	if (!page)
		return 0;
	if (page->sleeping) {
		page->sleeping = 0;
	} else {
		if (own->unwoken < config.wake_bytes)
			return BPF_RB_NO_WAKEUP;
		own->unwoken = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA);
		if (own->unwoken < config.wake_bytes)
			return BPF_RB_NO_WAKEUP;
	}
	own->unwoken = 0;
	return BPF_RB_FORCE_WAKEUP;
}

#endif
