/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The flow cache: what each CPU has counted of each flow since the last flush.
 *
 * A map of pairs of deltas, [CPU][half][pair], found by the hash of the flow's
 * key. A flow whose pair is taken pushes the older delta out, into this CPU's
 * ring of deltas; so the memory is bounded and each packet is in exactly one
 * delta. User space flips tap_control.half to get the deltas that stayed.
 */
#ifndef BSNIFF_BPF_FLOW_CACHE_H
#define BSNIFF_BPF_FLOW_CACHE_H

#include "bpf/contract.h"
#include "bpf/delta.h"
#include "bpf/headers.h"
#include "bpf/tap_maps.h"

/* Take down what is to be known of the packet. 0, or -1 if its bytes cannot be
 * had. They are copied: the headers of many a packet lie in pages, a socket
 * filter may not look at the others either, and a copy of so few bytes costs
 * less than each read's own check. */
static __always_inline int flow_cache_take(struct __sk_buff *skb, __u64 time,
					   struct tap_work *work)
{
	__u32 length = skb->len;

	work->meta.time = time;
	work->meta.len = length;
	work->meta.ifindex = skb->ifindex;
	work->meta.link = config.link;
	work->meta.gso_segs = skb->gso_segs;
	work->meta.gso_size = skb->gso_size;
	work->meta.vlan_tci = (__u16)skb->vlan_tci;
	work->meta.protocol = bpf_ntohs((__u16)skb->protocol);
	work->meta.has_vlan = skb->vlan_present != 0;
	if (length > HEADERS_WINDOW)
		length = HEADERS_WINDOW;
	work->length = length;
	asm volatile("" : "+r"(length));
	if (length < 1 || length > HEADERS_WINDOW)
		return -1;
	return bpf_skb_load_bytes(skb, 0, work->window, length) ? -1 : 0;
}

/* The verifier looks at a global function once, by itself; so what is long is
 * one, and its paths do not multiply with those of the others. */
__attribute__((noinline)) int flow_cache_read(struct tap_work *work)
{
	struct view view;

	if (!work)
		return -1;
	view.data = work->window;
	view.end = work->window + work->length;
	headers_read(&view, &work->meta, &work->key, &work->facts);
	return 0;
}

__attribute__((noinline)) int flow_cache_update(struct flow_delta *delta,
						struct tap_work *work)
{
	struct view view;

	if (!delta || !work)
		return -1;
	view.data = work->window;
	view.end = work->window + work->length;
	if (!delta->packets)
		delta_begin(delta, &work->key, &work->facts);
	delta_add(delta, &view, &work->facts);
	return 0;
}

__attribute__((noinline)) int flow_cache_has_room(struct flow_delta *delta,
						  struct tap_work *work)
{
	if (!delta || !work)
		return 0;
	return delta_has_room(delta, &work->facts);
}

/* Push a delta out of the cache. */
static __always_inline void flow_cache_spill(struct flow_delta *delta,
					     struct tap_counters *counters,
					     __u32 cpu)
{
	void *ring = bpf_map_lookup_elem(&delta_rings, &cpu);

	if (ring && !bpf_ringbuf_output(ring, delta, sizeof(*delta),
					tap_wake_flags(counters,
						       sizeof(*delta)))) {
		counters->spilled++;
	} else {
		counters->spill_failed++;
		counters->unaccounted += delta->packets;
	}
	delta->packets = 0;
}

static __always_inline void flow_cache_add(struct tap_counters *counters,
					   __u32 cpu, struct tap_work *work)
{
	struct tap_control *control = tap_control_get();
	__u32 pairs = config.flow_slots / 2;
	struct flow_delta *delta;
	struct flow_pair *pair;
	__u32 index;

	if (!control) {
		counters->unaccounted++;
		return;
	}
	index = (cpu * 2 + (control->half & 1)) * pairs +
		((__u32)delta_key_hash(&work->key, config.seed) & (pairs - 1));
	pair = bpf_map_lookup_elem(&flows, &index);
	if (!pair) {
		counters->unaccounted++;
		return;
	}
	delta = delta_find(pair->deltas, &work->key);
	if (delta->packets && (!delta_key_equal(&delta->key, &work->key) ||
			       !flow_cache_has_room(delta, work)))
		flow_cache_spill(delta, counters, cpu);
	flow_cache_update(delta, work);
}

/*
 * Count one matched packet. Programs of one CPU do not interrupt each other,
 * except under PREEMPT_RT: there, the one that comes second stays out and says
 * so.
 */
static __always_inline void flow_cache_count(struct __sk_buff *skb,
					     struct tap_counters *counters,
					     struct tap_work *work, __u32 cpu,
					     __u64 time)
{
	if (counters->busy) {
		counters->unaccounted++;
		return;
	}
	counters->busy = 1;
	if (flow_cache_take(skb, time, work) || flow_cache_read(work))
		counters->unaccounted++;
	else
		flow_cache_add(counters, cpu, work);
	counters->busy = 0;
}

#endif
