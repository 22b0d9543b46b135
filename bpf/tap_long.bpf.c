/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The stage behind the tap that counts the flows of packets that are not plain
 * (bpf/headers.h): everything but the headers of a connection that goes on. It
 * takes the verifier longer than all the rest, so it is loaded when the capture
 * already runs; until then the tap sends such packets to user space.
 *
 * A stage runs in the packet's time, behind the tap and in its place: it ends as
 * that would. The maps are the tap's.
 */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/flow_cache.h"
#include "bpf/flow_window.h"
#include "bpf/flow_long.h"
#include "bpf/tap_maps.h"

struct flow_source {
	struct __sk_buff *skb;
	struct tap_counters *counters;
	__u32 cpu;
};

static __always_inline int flow_source_load(const struct flow_source *source,
					    struct tap_work *work)
{
	return flow_window_load(source->skb, work);
}

static __always_inline void flow_source_fail(const struct flow_source *source)
{
	source->counters->unaccounted++;
}

__attribute__((noinline)) int long_update(struct flow_delta *delta,
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

__attribute__((noinline)) int long_has_room(struct flow_delta *delta,
					    struct tap_work *work)
{
	if (!delta || !work)
		return 0;
	return delta_has_room(delta, &work->facts);
}

__attribute__((noinline)) int long_add(struct tap_counters *counters, __u32 cpu,
				       struct tap_work *work)
{
	struct flow_delta *delta;
	enum flow_cache_found found;
	__u64 hash;

	if (!counters || !work)
		return 0;
	hash = delta_key_hash(&work->key, config.seed);
	delta = flow_cache_find(&work->key, hash, counters, cpu, 0, &found);
	if (!delta) {
		counters->unaccounted++;
		return 0;
	}
	if (delta->packets &&
	    !(found == FLOW_CACHE_SAME && long_has_room(delta, work)))
		flow_cache_spill(delta, counters, cpu);
	long_update(delta, work);
	return 0;
}

static __always_inline void flow_source_count(const struct flow_source *source,
					      struct tap_work *work)
{
	long_add(source->counters, source->cpu, work);
}

/* Plain IPv6 is here, and not in the tap, so that the tap is soon loaded. @ipv6:
 * the first HEADERS_PLAIN_IPV6 bytes, or NULL. Returns whether it was counted. */
static __always_inline int long_plain(struct __sk_buff *skb, const __u8 *ipv6,
				      const struct flow_source *source,
				      struct tap_work *work)
{
	struct flow_counted counted;

	if (!ipv6 ||
	    !flow_cache_plain_ipv6(skb, ipv6, source->counters, source->cpu,
				   work->meta.time, &counted))
		return 0;
	if (config.tell_senders) {
		work->key = counted.key;
		work->facts.payload = counted.payload;
	}
	return 1;
}

static __always_inline void long_pass(struct __sk_buff *skb, const __u8 *ipv6)
{
	struct flow_source source = {.skb = skb};
	struct tap_work *work = tap_work_get();

	source.cpu = bpf_get_smp_processor_id();
	source.counters = bpf_map_lookup_elem(&counters, &source.cpu);
	if (!source.counters || !work ||
	    flow_cache_begin(source.counters))
		return;
	if (!long_plain(skb, ipv6, &source, work)) {
		if (!work->meta.time)
			work->meta.time = tap_time(source.counters);
		flow_cache_meta(skb, &work->meta);
		flow_long(&source, work);
	}
	flow_cache_end(source.counters);
	if (config.tell_senders && work->direction == TAP_OUT)
		bpf_tail_call(skb, &stages, TAP_STAGE_SENDER);
}

SEC("tc")
int long_tc(struct __sk_buff *skb)
{
	const __u8 *data = (const void *)(long)skb->data;
	const __u8 *end = (const void *)(long)skb->data_end;

	if (config.link != TAP_LINK_ETHERNET ||
	    data + HEADERS_PLAIN_IPV6 > end)
		data = NULL;
	long_pass(skb, data);
	return TAP_NEXT;
}

SEC("socket")
int long_socket(struct __sk_buff *skb)
{
	long_pass(skb, NULL);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
