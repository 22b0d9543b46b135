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

static __always_inline void flow_cache_meta(struct __sk_buff *skb, __u64 time,
					    struct packet_meta *meta)
{
	meta->time = time;
	meta->len = skb->len;
	meta->ifindex = skb->ifindex;
	meta->link = config.link;
	meta->gso_segs = skb->gso_segs;
	meta->gso_size = skb->gso_size;
	meta->vlan_tci = (__u16)skb->vlan_tci;
	meta->protocol = bpf_ntohs((__u16)skb->protocol);
	meta->has_vlan = skb->vlan_present != 0;
}

/* The pair that may hold the flow, or NULL. */
static __always_inline struct flow_pair *
flow_cache_pair(const struct flow_key *key, __u32 cpu)
{
	struct tap_control *control = tap_control_get();
	__u32 pairs = config.flow_slots / 2;
	__u32 index;

	if (!control)
		return NULL;
	index = (cpu * 2 + (control->half & 1)) * pairs +
		((__u32)delta_key_hash(key, config.seed) & (pairs - 1));
	return bpf_map_lookup_elem(&flows, &index);
}

/* Take down what is to be known of the packet. 0, or -1 if its bytes cannot be
 * had. They are copied: the headers of many a packet lie in pages, a socket
 * filter may not look at the others either, and a copy of so few bytes costs
 * less than each read's own check. */
static __always_inline int flow_cache_take(struct __sk_buff *skb, __u64 time,
					   struct tap_work *work)
{
	__u32 length = skb->len;

	flow_cache_meta(skb, time, &work->meta);
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
__attribute__((noinline)) int flow_cache_join(struct tap_work *work)
{
	if (work)
		fragments_join(&work->fragments, &work->key, &work->facts);
	return 0;
}

__attribute__((noinline)) int flow_cache_read(struct tap_work *work)
{
	struct view view;

	if (!work)
		return -1;
	view.data = work->window;
	view.end = work->window + work->length;
	headers_read(&view, &work->meta, &work->key, &work->facts);
	if (work->facts.fragment)
		flow_cache_join(work);
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
static __attribute__((noinline)) int
flow_cache_spill(struct flow_delta *delta, struct tap_counters *counters,
		 __u32 cpu)
{
	void *ring = bpf_map_lookup_elem(&delta_rings, &cpu);

	if (ring && !bpf_ringbuf_output(
			    ring, delta, sizeof(*delta),
			    tap_wake_flags(counters, ring, sizeof(*delta)))) {
		counters->spilled++;
	} else {
		counters->spill_failed++;
		if (!(delta->key.tunnel & FLOW_TUNNEL_INNER))
			counters->unaccounted += delta->packets;
	}
	delta->packets = 0;
	return 0;
}

__attribute__((noinline)) int flow_cache_add(struct tap_counters *counters,
					     __u32 cpu, struct tap_work *work)
{
	struct flow_delta *delta;
	struct flow_pair *pair;

	if (!counters || !work)
		return 0;
	pair = flow_cache_pair(&work->key, cpu);
	if (!pair) {
		counters->unaccounted++;
		return 0;
	}
	delta = delta_find(pair->deltas, &work->key);
	if (delta->packets && (!delta_key_equal(&delta->key, &work->key) ||
			       !flow_cache_has_room(delta, work)))
		flow_cache_spill(delta, counters, cpu);
	flow_cache_update(delta, work);
	return 0;
}

/* The window over the inner packet. 0, or -1 if its bytes cannot be had. */
__attribute__((noinline)) int flow_cache_enter(struct __sk_buff *skb,
					       struct tap_work *work)
{
	__u32 length;

	if (!work)
		return -1;
	tunnel_enter(&work->layer, &work->meta, &work->facts, &work->inner);
	length = work->meta.len;
	if (length > HEADERS_WINDOW)
		length = HEADERS_WINDOW;
	work->length = length;
	asm volatile("" : "+r"(length));
	if (length < 1 || length > HEADERS_WINDOW)
		return -1;
	return bpf_skb_load_bytes(skb, work->layer.offset, work->window, length)
		       ? -1
		       : 0;
}

__attribute__((noinline)) int flow_cache_find_inner(struct tap_work *work)
{
	struct view view;

	if (!work)
		return 0;
	view.data = work->window;
	view.end = work->window + work->length;
	return tunnel_find(&view, work->meta.len, &work->facts, &work->inner);
}

/* The packet may be a tunnel's: count what is inside, and the packet itself
 * unless it is but an envelope. */
static __attribute__((noinline)) int
flow_cache_unwrap(struct __sk_buff *skb, struct tap_counters *counters,
		  struct tap_work *work, __u32 cpu)
{
	__builtin_memset(&work->layer, 0, sizeof(work->layer));
	HEADERS_LOOP
	for (int i = 0; i < TUNNEL_DEPTH; i++) {
		if (!work->facts.tunnel || !flow_cache_find_inner(work))
			break;
		if (work->inner.tunnel & FLOW_TUNNEL_INNER)
			flow_cache_add(counters, cpu, work);
		if (flow_cache_enter(skb, work) || flow_cache_read(work)) {
			if (!(work->layer.tunnel & FLOW_TUNNEL_INNER))
				counters->unaccounted++;
			return 0;
		}
		tunnel_label(&work->layer, &work->key, &work->facts);
	}
	flow_cache_add(counters, cpu, work);
	return 0;
}

/* @protocol: see headers_plain_protocol(); a constant. */
static __always_inline void flow_cache_add_plain(const __u8 *bytes,
						 __u8 protocol,
						 const struct packet_meta *meta,
						 struct tap_counters *counters,
						 __u32 cpu)
{
	const struct view none = {NULL, NULL};
	struct packet_facts facts;
	struct flow_delta *delta;
	struct flow_pair *pair;
	struct flow_key key;
	int found;

	headers_plain_key(bytes, protocol, meta, &key);
	pair = flow_cache_pair(&key, cpu);
	if (!pair) {
		counters->unaccounted++;
		return;
	}
	delta = delta_look_up(pair->deltas, &key, &found);
	headers_plain_facts(bytes, protocol, meta, &facts);
	if (delta->packets && !(found && delta_has_room(delta, &facts)))
		flow_cache_spill(delta, counters, cpu);
	if (!delta->packets)
		delta_begin(delta, &key, &facts);
	delta_add(delta, &none, &facts);
}

/*
 * The short way, for plain packets. Returns whether it was one. Two bodies,
 * each without what the other needs; not inline, for the filter needs up to
 * half of the stack, and it is the tap's that counts.
 */
static __attribute__((noinline)) int
flow_cache_plain(struct __sk_buff *skb, const __u8 *bytes,
		 struct tap_counters *counters, __u32 cpu, __u64 time)
{
	struct packet_meta meta;

	flow_cache_meta(skb, time, &meta);
	switch (headers_plain_protocol(bytes)) {
	case HEADERS_UDP:
		flow_cache_add_plain(bytes, HEADERS_UDP, &meta, counters, cpu);
		return 1;
	case HEADERS_TCP:
		flow_cache_add_plain(bytes, HEADERS_TCP, &meta, counters, cpu);
		return 1;
	default:
		return 0;
	}
}

/* The long way, for every packet. */
static __attribute__((noinline)) int
flow_cache_any(struct __sk_buff *skb, struct tap_counters *counters,
	       struct tap_work *work, __u32 cpu, __u64 time)
{
	if (flow_cache_take(skb, time, work) || flow_cache_read(work))
		counters->unaccounted++;
	else if (work->facts.tunnel)
		flow_cache_unwrap(skb, counters, work, cpu);
	else
		flow_cache_add(counters, cpu, work);
	return 0;
}

/*
 * Count one matched packet; @plain: its first HEADERS_PLAIN bytes, or NULL when
 * they cannot be looked at in place. Programs of one CPU do not interrupt each
 * other, except under PREEMPT_RT: there, the one that comes second stays out
 * and says so.
 */
static __always_inline void flow_cache_count(struct __sk_buff *skb,
					     struct tap_counters *counters,
					     struct tap_work *work,
					     const __u8 *plain, __u32 cpu,
					     __u64 time)
{
	if (counters->busy) {
		counters->unaccounted++;
		return;
	}
	counters->busy = 1;
	if (!plain || !flow_cache_plain(skb, plain, counters, cpu, time))
		flow_cache_any(skb, counters, work, cpu, time);
	counters->busy = 0;
}

#endif
