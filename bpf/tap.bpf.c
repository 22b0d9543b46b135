/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The tap: what happens to a packet inside the kernel.
 *
 *	filter -> count -> flow cache -> sample -> copy into this CPU's ring
 *
 * One body, three doors: each side of traffic control (TCX, or clsact before
 * Linux 6.6) and an AF_PACKET socket filter; a capture may begin with the one and
 * go over to the others (bpf/handover.h). It changes nothing: the packet
 * goes on as if nobody had looked. The filter is linked in as bsniff_filter(),
 * which the filter compiler writes.
 *
 * Here is only what nearly every packet needs, so that it is quickly verified
 * and quickly run. What more there is to do comes later and stands apart: the
 * tap ends by jumping there (enum tap_stage), if it has been loaded already.
 */
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/flow_cache.h"
#include "bpf/handover.h"
#include "bpf/headers_plain.h"
#include "bpf/owner_filter.h"
#include "bpf/tap_maps.h"
#include "bpf/tap_ring.h"

extern int bsniff_filter(struct __sk_buff *skb);

/* One packet on its way through the tap. */
struct passage {
	struct __sk_buff *skb;
	struct tap_counters *counters;
	__u64 time; /* 0: not read yet */
	__u32 cpu;
	__u32 keep; /* bytes the filter wants of it */
	__u8 direction;
};

/* All of the record but the packet. */
static __always_inline void tap_describe(struct tap_record *record,
					 const struct passage *p, __u32 caplen)
{
	struct __sk_buff *skb = p->skb;
	__u32 segments = skb->gso_segs;

	record->time = p->time;
	record->len = skb->len;
	record->caplen = caplen;
	record->ifindex = skb->ifindex;
	record->vlan_tci = (__u16)skb->vlan_tci;
	record->vlan_protocol = bpf_ntohs((__u16)skb->vlan_proto);
	record->protocol = bpf_ntohs((__u16)skb->protocol);
	record->direction = p->direction;
	record->packet_type =
		p->direction == TAP_OUT ? PACKET_OUTGOING : (__u8)skb->pkt_type;
	record->flags = skb->vlan_present ? TAP_RECORD_VLAN : 0;
	record->segments = segments ? (__u16)segments : 1;
	record->address_length = 0;
	if (config.link == TAP_LINK_COOKED &&
	    !bpf_skb_load_bytes_relative(skb, 6, record->address,
					 sizeof(record->address),
					 BPF_HDR_START_MAC))
		record->address_length = sizeof(record->address);
}

static __always_inline void tap_copy(const struct passage *p)
{
	struct tap_counters *own = p->counters;
	__u32 caplen = p->skb->len;
	struct tap_record *record;

	if (caplen > config.snapshot)
		caplen = config.snapshot;
	if (caplen > p->keep)
		caplen = p->keep;
	record = tap_ring_reserve(own, p->cpu, TAP_RING_PACKETS,
				  sizeof(*record) + caplen);
	if (!record) {
		own->ring_full++;
		return;
	}
	tap_describe(record, p, caplen);
	/* Out of the compiler's sight, so that the bounds stay where the
	 * verifier looks for them. */
	asm volatile("" : "+r"(caplen));
	if (caplen < 1 || caplen > config.snapshot ||
	    bpf_skb_load_bytes(p->skb, 0, record + 1, caplen)) {
		tap_ring_discard(own);
		own->copy_failed++;
		return;
	}
	own->copied++;
	tap_ring_commit(record, own, TAP_RING_PACKETS,
			sizeof(*record) + caplen);
}

/* Is it the turn of this packet? Exactly every Nth of all CPUs together. */
static __always_inline int tap_sampled(void)
{
	struct tap_control *control;

	if (config.sample <= 1)
		return 1;
	control = tap_control_get();
	if (!control)
		return 0;
	return __sync_fetch_and_add(&control->sampled, 1) % config.sample == 0;
}

/* Is it a packet of an owner that is wanted? Not inline: few ask, and its stack
 * would be everybody's. */
static __attribute__((noinline)) int tap_owned(struct __sk_buff *skb,
					       struct tap_counters *counters,
					       __u8 direction)
{
	struct tap_work *work = tap_work_get();
	int verdict = OWNER_UNDECIDED;

	if (work)
		verdict = owner_filter(skb, work, direction);
	if (verdict == OWNER_UNDECIDED)
		counters->undecided++;
	return verdict == OWNER_WANTED;
}

/* What of the counting is left to a stage, or to user space. */
enum tap_rest {
	TAP_REST_NONE,
	TAP_REST_LONG,
	TAP_REST_SENDER,
	TAP_REST_SHIP,
};

/* Who counts flows: the kernel, as far as it can by now; or user space alone, so
 * that there is nearly nothing to load. A constant. */
enum tap_manner {
	TAP_COUNTS,
	TAP_SHIPS,
};

/* Count the packet's flow, if that can be done here. @plain: its first
 * HEADERS_PLAIN bytes, or NULL when they cannot be looked at in place. */
static __always_inline int tap_count_flow(struct passage *p, const __u8 *plain)
{
	struct flow_counted counted;
	struct tap_work *work;
	int is_counted = 0;

	if (flow_cache_begin(p->counters))
		return TAP_REST_NONE;
	if (plain)
		is_counted = flow_cache_plain(p->skb, plain, p->counters,
					      p->cpu, p->time, &counted);
	flow_cache_end(p->counters);
	if (is_counted && !(config.tell_senders && p->direction == TAP_OUT))
		return TAP_REST_NONE;
	work = tap_work_get();
	if (!work) {
		if (!is_counted)
			p->counters->unaccounted++;
		return TAP_REST_NONE;
	}
	work->direction = p->direction;
	if (is_counted) {
		work->key = counted.key;
		work->facts.payload = counted.payload;
		return TAP_REST_SENDER;
	}
	work->meta.time = p->time;
	return TAP_REST_LONG;
}

/* Are all its headers within FLOW_WINDOW_SHORT? TCP has no tunnels inside. */
static __always_inline int tap_is_short(struct __sk_buff *skb)
{
	__u8 protocol = 0;
	__u32 at;

	if (skb->len <= FLOW_WINDOW_SHORT)
		return 1;
	if (skb->protocol == bpf_htons(HEADERS_IPV4))
		at = 9;
	else if (skb->protocol == bpf_htons(HEADERS_IPV6))
		at = 6;
	else
		return 0;
	return !bpf_skb_load_bytes_relative(skb, at, &protocol, 1,
					    BPF_HDR_START_NET) &&
	       protocol == HEADERS_TCP;
}

/* Into a window that has @room for the packet, a constant. */
static __always_inline void tap_ship_in(struct __sk_buff *skb,
					struct tap_counters *counters,
					__u32 cpu, __u64 time, __u32 room)
{
	const __u32 size = __builtin_offsetof(struct flow_window, bytes) + room;
	struct flow_window *window =
		tap_ring_reserve(counters, cpu, TAP_RING_DELTAS, size);
	__u32 caplen = skb->len;
	struct packet_meta meta;

	counters->unaccounted++; /* unless it arrives */
	if (!window) {
		counters->spill_failed++;
		return;
	}
	if (caplen > room)
		caplen = room;
	flow_cache_meta(skb, &meta);
	window->time = time;
	window->len = meta.len;
	window->ifindex = meta.ifindex;
	window->gso_segs = meta.gso_segs;
	window->gso_size = meta.gso_size;
	window->vlan_tci = meta.vlan_tci;
	window->protocol = meta.protocol;
	window->has_vlan = meta.has_vlan;
	window->caplen = caplen;
	asm volatile("" : "+r"(caplen));
	if (caplen < 1 || caplen > room ||
	    bpf_skb_load_bytes(skb, 0, window->bytes, caplen)) {
		tap_ring_discard(counters);
		return;
	}
	counters->unaccounted--;
	counters->spilled++;
	tap_ring_commit(window, counters, TAP_RING_DELTAS, size);
}

/* A packet that cannot be counted here goes to user space, to be counted
 * there. */
static __attribute__((noinline)) int
tap_ship(struct __sk_buff *skb, struct tap_counters *counters, __u32 cpu,
	 __u64 time)
{
	if (tap_is_short(skb))
		tap_ship_in(skb, counters, cpu, time, FLOW_WINDOW_SHORT);
	else
		tap_ship_in(skb, counters, cpu, time, FLOW_WINDOW);
	return 0;
}

static __always_inline void tap_pass(struct __sk_buff *skb, const __u8 *plain,
				     __u8 direction, enum tap_manner manner)
{
	struct passage p = {.skb = skb, .direction = direction};
	int rest = TAP_REST_NONE;
	__u32 segments;

	if (!(config.directions & direction))
		return;
	if (config.loopback && direction == TAP_OUT &&
	    skb->ifindex == config.loopback)
		return;
	p.cpu = bpf_get_smp_processor_id();
	p.counters = bpf_map_lookup_elem(&counters, &p.cpu);
	if (!p.counters)
		return;
	p.counters->seen++;
	p.keep = (__u32)bsniff_filter(skb);
	if (!p.keep)
		return;
	if (p.keep == TAP_TOO_DEEP) {
		p.counters->too_deep++;
		return;
	}
	if (config.filter_owners && !tap_owned(skb, p.counters, direction))
		return;
	segments = skb->gso_segs;
	p.counters->matched++;
	p.counters->matched_bytes += skb->len;
	p.counters->matched_segments += segments ? segments : 1;
	if (config.snapshot || manner == TAP_SHIPS)
		p.time = bpf_ktime_get_ns();
	if (config.count_flows)
		rest = manner == TAP_SHIPS ? TAP_REST_SHIP
					   : tap_count_flow(&p, plain);
	if (config.snapshot && tap_sampled())
		tap_copy(&p);
	else
		p.counters->sampled_out++;
	if (rest == TAP_REST_LONG) {
		bpf_tail_call(skb, &stages, TAP_STAGE_LONG);
		rest = TAP_REST_SHIP; /* it is not there */
	}
	if (rest == TAP_REST_SHIP && !p.time)
		p.time = tap_time(p.counters);
	if (rest == TAP_REST_SHIP)
		tap_ship(skb, p.counters, p.cpu, p.time);
	if (rest == TAP_REST_SENDER)
		bpf_tail_call(skb, &stages, TAP_STAGE_SENDER);
}

static __always_inline int tap_side(struct __sk_buff *skb, __u8 direction)
{
	const __u8 *data = (const void *)(long)skb->data;
	const __u8 *end = (const void *)(long)skb->data_end;

	if (config.link != TAP_LINK_ETHERNET || data + HEADERS_PLAIN > end)
		data = NULL;
	tap_pass(skb, data, direction, TAP_COUNTS);
	return TAP_NEXT;
}

SEC("tc")
int tap_ingress(struct __sk_buff *skb)
{
	return tap_side(skb, TAP_IN);
}

SEC("tc")
int tap_egress(struct __sk_buff *skb)
{
	return tap_side(skb, TAP_OUT);
}

static __always_inline __u8 tap_socket_direction(const struct __sk_buff *skb)
{
	return skb->pkt_type == PACKET_OUTGOING ? TAP_OUT : TAP_IN;
}

/* Keeps nothing for the socket itself: what it wants went into the ring. */
SEC("socket")
int tap_socket(struct __sk_buff *skb)
{
	/* No program of this kind may look at packet memory. */
	tap_pass(skb, NULL, tap_socket_direction(skb), TAP_COUNTS);
	return 0;
}

/* What a socket begins with: soon loaded, and somebody else takes over soon. */
SEC("socket")
int tap_first(struct __sk_buff *skb)
{
	__u8 direction = tap_socket_direction(skb);

	if (!config.hands_over || handover_is_for_socket(skb, direction))
		tap_pass(skb, NULL, direction, TAP_SHIPS);
	return 0;
}

SEC("tc")
int gate_ingress(struct __sk_buff *skb)
{
	if (handover_is_for_gate(skb, TAP_IN))
		bpf_tail_call(skb, &stages, TAP_STAGE_IN);
	return TAP_NEXT;
}

SEC("tc")
int gate_egress(struct __sk_buff *skb)
{
	if (handover_is_for_gate(skb, TAP_OUT))
		bpf_tail_call(skb, &stages, TAP_STAGE_OUT);
	return TAP_NEXT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
