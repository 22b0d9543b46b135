/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The flow cache: what each CPU has counted of each flow since the last flush.
 *
 * Deltas lie one behind the other, [CPU][half][slot], in the order in which
 * their flows came, and an index, [CPU][half][bucket], leads from the hash of a
 * key to them: so the flows that there are take few pages and cache lines,
 * however many there could be. A flow that finds no way free pushes an older
 * delta out, into this CPU's ring of deltas, or its packet goes there as it is;
 * so the memory is bounded and each packet is in exactly one delta. User space
 * flips tap_control.half to get the deltas that stayed.
 */
#ifndef BSNIFF_BPF_FLOW_CACHE_H
#define BSNIFF_BPF_FLOW_CACHE_H

#include "bpf/contract.h"
#include "bpf/delta.h"
#include "bpf/flow_plain.h"
#include "bpf/headers.h"
#include "bpf/headers_plain.h"
#include "bpf/tap_maps.h"
#include "bpf/tap_ring.h"

/* Packets of a delta whose times are exact, when no packet is copied. */
#define FLOW_EXACT_TIMES 8

static __always_inline void flow_cache_meta(struct __sk_buff *skb,
					    struct packet_meta *meta)
{
	meta->len = skb->len;
	meta->ifindex = skb->ifindex;
	meta->link = config.link;
	meta->gso_segs = skb->gso_segs;
	meta->gso_size = skb->gso_size;
	meta->vlan_tci = (__u16)skb->vlan_tci;
	meta->protocol = bpf_ntohs((__u16)skb->protocol);
	meta->has_vlan = skb->vlan_present != 0;
}

static __always_inline struct flow_delta *flow_cache_slot(__u32 table,
							  __u32 way)
{
	__u32 index = table * config.flow_slots + way - 1;

	return bpf_map_lookup_elem(&flows, &index);
}

/* What flow_cache_find() found. */
enum flow_cache_found {
	FLOW_CACHE_OTHER, /* a slot: it is empty, or another flow's */
	FLOW_CACHE_SAME,  /* the flow's slot */
	FLOW_CACHE_FULL,  /* no slot, for the packet is to go by itself */
};

/* Is @way the way to @key, whose tag it must have? */
static __always_inline struct flow_delta *
flow_cache_try(__u32 table, const struct flow_bucket *bucket, int way, __u8 tag,
	       const struct flow_key *key)
{
	struct flow_delta *delta;

	if (bucket->tags[way] != tag || !bucket->ways[way])
		return NULL;
	delta = flow_cache_slot(table, bucket->ways[way]);
	return delta && delta_key_equal(&delta->key, key) ? delta : NULL;
}

/* Lead to the slot by the front way; the way in front becomes the other. */
static __always_inline void flow_cache_front(struct flow_bucket *bucket,
					     __u16 slot, __u8 tag)
{
	bucket->ways[1] = bucket->ways[0];
	bucket->tags[1] = bucket->tags[0];
	bucket->ways[0] = slot;
	bucket->tags[0] = tag;
}

/*
 * Where @key, with this hash, is counted, or is to be counted: then what is in
 * the slot must go first. NULL: nowhere.
 *
 * When both ways are taken, a flow that can go without a slot (@may_go) gets one
 * only if it was the last that found none here. So where there are many more
 * flows than slots, each packet is one short record, instead of a delta pushed
 * out and another begun, and who has a slot keeps it.
 */
static __always_inline struct flow_delta *
flow_cache_find(const struct flow_key *key, __u64 hash,
		struct tap_counters *counters, __u32 cpu, int may_go,
		enum flow_cache_found *found)
{
	struct tap_control *control = tap_control_get();
	__u32 buckets = config.flow_slots / 2;
	__u8 tag = (__u8)(hash >> 56);
	__u16 ghost = (__u16)(hash >> 40);
	__u32 half, table, index;
	struct flow_bucket *bucket;
	struct flow_delta *delta;
	__u16 slot;

	*found = FLOW_CACHE_OTHER;
	if (!control)
		return NULL;
	half = control->half & 1;
	table = cpu * 2 + half;
	index = table * buckets + ((__u32)hash & (buckets - 1));
	bucket = bpf_map_lookup_elem(&flow_index, &index);
	if (!bucket)
		return NULL;
	*found = FLOW_CACHE_SAME;
	delta = flow_cache_try(table, bucket, 0, tag, key);
	if (delta)
		return delta;
	slot = bucket->ways[1];
	delta = flow_cache_try(table, bucket, 1, tag, key);
	if (!delta) {
		*found = FLOW_CACHE_OTHER;
		if (slot && may_go && bucket->missed != ghost) {
			bucket->missed = ghost;
			*found = FLOW_CACHE_FULL;
			return NULL;
		}
		/* There is a slot for each way. */
		if (!slot)
			slot = (__u16)++counters->used[half];
		delta = flow_cache_slot(table, slot);
	}
	flow_cache_front(bucket, slot, tag);
	return delta;
}

/* The first @length bytes, as delta_length() has it: by cache lines that are
 * needed, since most are far away. */
static __always_inline void flow_cache_copy(struct flow_delta *copy,
					    const struct flow_delta *delta,
					    __u32 length)
{
	/* Named by their fields, the compiler knows that they are aligned. */
	__builtin_memcpy(copy, delta, FLOW_RECORD_DELTA_COUNTS);
	if (length > FLOW_RECORD_DELTA_COUNTS)
		__builtin_memcpy(copy->when, delta->when,
				 FLOW_RECORD_DELTA_RUN -
					 FLOW_RECORD_DELTA_COUNTS);
	if (length > FLOW_RECORD_DELTA_RUN)
		__builtin_memcpy(&copy->runs[1], &delta->runs[1],
				 FLOW_RECORD_DELTA - FLOW_RECORD_DELTA_RUN);
}

/* Push a delta out of the cache. */
static __attribute__((noinline)) int
flow_cache_spill(struct flow_delta *delta, struct tap_counters *counters,
		 __u32 cpu)
{
	__u32 length = delta_length(delta);
	struct flow_delta *copy = tap_ring_reserve(counters, cpu,
						   TAP_RING_DELTAS, length);

	if (copy) {
		flow_cache_copy(copy, delta, length);
		counters->spilled++;
		tap_ring_commit(copy, counters, TAP_RING_DELTAS, length);
	} else {
		counters->spill_failed++;
		if (!(delta->key.tunnel & FLOW_TUNNEL_INNER))
			counters->unaccounted += delta->packets;
	}
	delta->packets = 0;
	return 0;
}

/*
 * The time of a packet that goes into @delta. Reading the clock is a good part
 * of what a packet costs; so when nothing is copied, a packet in the midst of a
 * busy delta takes the time that was read last in the same tick.
 */
static __always_inline __u64 flow_cache_time(struct tap_counters *counters,
					     const struct flow_delta *delta,
					     __u64 time)
{
	if (time)
		return time;
	if (delta->packets < FLOW_EXACT_TIMES ||
	    counters->tick != (__u32)bpf_jiffies64())
		return tap_time(counters);
	return counters->now;
}

/* What was counted, to be told of. */
struct flow_counted {
	struct flow_key key;
	__u32 payload; /* bytes */
};

/* A plain packet goes to user space, to be counted there. */
static __always_inline void flow_cache_send(const __u8 *bytes,
					    const struct packet_meta *meta,
					    struct tap_counters *counters,
					    __u32 cpu)
{
	struct flow_plain *plain = tap_ring_reserve(
		counters, cpu, TAP_RING_DELTAS, sizeof(*plain));

	if (!plain) {
		counters->spill_failed++;
		counters->unaccounted++;
		return;
	}
	flow_plain_pack(plain, bytes, meta);
	counters->spilled++;
	tap_ring_commit(plain, counters, TAP_RING_DELTAS, sizeof(*plain));
}

/*
 * Count a plain packet (bpf/headers_plain.h): @family and @protocol say of which
 * kind, constants. @time: 0, if it was not read. Returns 0, or 1: it must be
 * sent, which IPv6 never must, for struct flow_plain has no place for it.
 */
static __always_inline int
flow_cache_add_plain(const __u8 *bytes, __u8 family, __u8 protocol,
		     struct packet_meta *meta, struct tap_counters *counters,
		     __u32 cpu, __u64 time, struct flow_counted *counted)
{
	const struct view none = {NULL, NULL};
	struct flow_key *key = &counted->key;
	enum flow_cache_found found;
	struct packet_facts facts;
	struct flow_delta *delta;

	counted->payload = 0;
	headers_plain_key(bytes, family, protocol, meta, key);
	delta = flow_cache_find(key, delta_key_hash(key, config.seed), counters,
				cpu, family == FLOW_IPV4, &found);
	if (family == FLOW_IPV4 && found == FLOW_CACHE_FULL) {
		meta->time = time ? time : tap_time(counters);
		if (config.tell_senders) {
			headers_plain_facts(bytes, family, protocol, meta,
					    &facts);
			counted->payload = facts.payload;
		}
		return 1;
	}
	if (!delta) {
		counters->unaccounted++;
		return 0;
	}
	meta->time = flow_cache_time(counters, delta, time);
	headers_plain_facts(bytes, family, protocol, meta, &facts);
	if (delta->packets && !(found == FLOW_CACHE_SAME &&
				delta_has_room(delta, &facts)))
		flow_cache_spill(delta, counters, cpu);
	if (!delta->packets)
		delta_begin(delta, key, &facts);
	delta_add(delta, &none, &facts);
	counted->payload = facts.payload;
	return 0;
}

/*
 * Count @bytes, a packet's first HEADERS_PLAIN, if it is plain IPv4. Returns
 * whether it was. Two bodies, each without what the other needs.
 */
static __always_inline int flow_cache_plain(struct __sk_buff *skb,
					    const __u8 *bytes,
					    struct tap_counters *counters,
					    __u32 cpu, __u64 time,
					    struct flow_counted *counted)
{
	struct packet_meta meta;
	int to_send;

	flow_cache_meta(skb, &meta);
	switch (headers_plain_protocol(bytes, &meta)) {
	case HEADERS_UDP:
		to_send = flow_cache_add_plain(bytes, FLOW_IPV4, HEADERS_UDP,
					       &meta, counters, cpu, time,
					       counted);
		break;
	case HEADERS_TCP:
		to_send = flow_cache_add_plain(bytes, FLOW_IPV4, HEADERS_TCP,
					       &meta, counters, cpu, time,
					       counted);
		break;
	default:
		return 0;
	}
	if (to_send)
		flow_cache_send(bytes, &meta, counters, cpu);
	return 1;
}

/* The same of IPv6 and its first HEADERS_PLAIN_IPV6 bytes. */
static __always_inline int flow_cache_plain_ipv6(struct __sk_buff *skb,
						 const __u8 *bytes,
						 struct tap_counters *counters,
						 __u32 cpu, __u64 time,
						 struct flow_counted *counted)
{
	struct packet_meta meta;

	flow_cache_meta(skb, &meta);
	switch (headers_plain_protocol_ipv6(bytes, &meta)) {
	case HEADERS_UDP:
		flow_cache_add_plain(bytes, FLOW_IPV6, HEADERS_UDP, &meta,
				     counters, cpu, time, counted);
		return 1;
	case HEADERS_TCP:
		flow_cache_add_plain(bytes, FLOW_IPV6, HEADERS_TCP, &meta,
				     counters, cpu, time, counted);
		return 1;
	default:
		return 0;
	}
}

/*
 * Programs of one CPU do not interrupt each other, except under PREEMPT_RT:
 * there, the one that comes second stays out of the cache and says so.
 */
static __always_inline int flow_cache_begin(struct tap_counters *counters)
{
	if (counters->busy) {
		counters->unaccounted++;
		return -1;
	}
	counters->busy = 1;
	return 0;
}

static __always_inline void flow_cache_end(struct tap_counters *counters)
{
	counters->busy = 0;
}

#endif
