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

/* [CPU][chunk]; see bpf/tap_ring.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 8);
} packet_rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 8);
} delta_rings SEC(".maps");

/* Rung to wake the reader; what is in it means nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} bell SEC(".maps");

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

#endif
