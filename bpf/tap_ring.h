/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The rings of a CPU, one of packets and one of deltas, which it alone fills and
 * user space alone empties: memory of an array map. The kernel's own ring
 * buffer (kernel/bpf/ringbuf.c) takes a lock and half a dozen calls for each
 * record, since it is for many CPUs at a time.
 *
 * A ring is 2^n pieces (chunks) of 2^m bytes, elements of the map, each with
 * room behind it for the record that begins last in it: no record is ever
 * split. The next one begins as far into the next chunk.
 */
#ifndef BSNIFF_BPF_TAP_RING_H
#define BSNIFF_BPF_TAP_RING_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/tap_maps.h"

/* Of a record, with its header. */
static __always_inline __u32 tap_ring_size(__u32 length)
{
	return (length + sizeof(struct tap_ring_header) + 7) & ~7u;
}

/*
 * Room for a record of @length bytes. @kind (enum tap_ring_kind) is a constant.
 * Where the record goes, or NULL: there is no room. Programs of one CPU do not
 * interrupt each other, except under PREEMPT_RT: there, the one that comes second
 * finds no room.
 */
static __always_inline void *tap_ring_reserve(struct tap_counters *own,
					      __u32 cpu, __u32 kind,
					      __u32 length)
{
	const __u32 chunk = config.ring_chunk[kind];
	__u64 at = own->written[kind];
	__u32 index;
	__u8 *bytes;

	if (own->writing ||
	    at - *(const volatile __u64 *)&own->read[kind] +
			    tap_ring_size(length) >
		    (__u64)chunk * config.ring_chunks[kind])
		return NULL;
	index = cpu * config.ring_chunks[kind] +
		((__u32)(at >> config.ring_shift[kind]) &
		 (config.ring_chunks[kind] - 1));
	bytes = kind == TAP_RING_PACKETS
			? bpf_map_lookup_elem(&packet_rings, &index)
			: bpf_map_lookup_elem(&delta_rings, &index);
	if (!bytes)
		return NULL;
	own->writing = 1;
	return bytes + (at & (chunk - 1)) + sizeof(struct tap_ring_header);
}

/* Without a record. */
static __always_inline void tap_ring_discard(struct tap_counters *own)
{
	own->writing = 0;
}

static __always_inline void tap_ring_wake(void)
{
	__u64 nothing = 0;

	bpf_ringbuf_output(&bell, &nothing, sizeof(nothing),
			   BPF_RB_FORCE_WAKEUP);
}

/*
 * The @record is there, of @length bytes, no more than were reserved. The reader
 * is woken when it sleeps, or when it has fallen behind. A wake-up costs this CPU
 * as much as dozens of packets, so a reader that naps and comes by itself is left
 * alone: whether it does is looked up each time that so much has gathered.
 */
static __always_inline void tap_ring_commit(void *record,
					    struct tap_counters *own,
					    __u32 kind, __u32 length)
{
	struct tap_ring_header *header = (struct tap_ring_header *)record - 1;
	const __u32 size = tap_ring_size(length);
	struct tap_control *page = tap_control_get();
	__u64 before;

	header->length = length;
	/* The bytes first: this is a full barrier, if its answer is used. */
	before = __sync_fetch_and_add(&own->written[kind], size);
	asm volatile("" : : "r"(before));
	own->writing = 0;
	own->unwoken += size;
	if (!page)
		return;
	if (page->sleeping) {
		page->sleeping = 0;
	} else {
		if (own->unwoken < config.wake_bytes)
			return;
		own->unwoken = own->written[kind] - own->read[kind];
		if (own->unwoken < config.wake_bytes)
			return;
	}
	own->unwoken = 0;
	tap_ring_wake();
}

#endif
