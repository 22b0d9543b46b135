/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * One packet into a flow delta.
 *
 * Compiled for the kernel and for the host, so that a live tap, a capture file
 * and a unit test count alike. The use of it, on either side:
 *
 *	headers_read(&view, &meta, &key, &facts);
 *	delta = what is kept for the hash of key;
 *	if (delta->packets && !(delta_key_equal(&delta->key, &key) &&
 *				delta_has_room(delta, &facts)))
 *		hand the whole delta on; delta->packets = 0;
 *	if (!delta->packets)
 *		delta_begin(delta, &key, &facts);
 *	delta_add(delta, &view, &facts);
 */
#ifndef BSNIFF_BPF_DELTA_H
#define BSNIFF_BPF_DELTA_H

#include "bpf/contract.h"
#include "bpf/headers.h"

typedef __u64 __attribute__((may_alias)) delta_word_t;

static __always_inline __u64 delta_word(const struct flow_key *key, int word)
{
	return ((const delta_word_t *)(const void *)key)[word];
}

static __always_inline __u64 delta_mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

/* 64 bits, good ones on both ends. @seed keeps others from choosing flows that
 * collide. */
static __always_inline __u64 delta_key_hash(const struct flow_key *key,
					    __u64 seed)
{
	__u64 hash = delta_mix(seed, delta_word(key, 4));

	hash = delta_mix(hash, delta_word(key, 5));
	if (key->family == FLOW_IPV4) {
		hash = delta_mix(hash,
				 delta_word(key, 0) << 32 | delta_word(key, 2));
	} else {
		hash = delta_mix(hash, delta_word(key, 0));
		hash = delta_mix(hash, delta_word(key, 1));
		hash = delta_mix(hash, delta_word(key, 2));
		hash = delta_mix(hash, delta_word(key, 3));
	}
	/* What only reached the upper half must come down. */
	hash = delta_mix(hash ^ hash >> 32, 0);
	return hash ^ hash >> 32;
}

static __always_inline int delta_key_equal(const struct flow_key *a,
					   const struct flow_key *b)
{
	return !((delta_word(a, 4) ^ delta_word(b, 4)) |
		 (delta_word(a, 0) ^ delta_word(b, 0)) |
		 (delta_word(a, 2) ^ delta_word(b, 2)) |
		 (delta_word(a, 5) ^ delta_word(b, 5)) |
		 (delta_word(a, 1) ^ delta_word(b, 1)) |
		 (delta_word(a, 3) ^ delta_word(b, 3)));
}

#define DELTA_BIT(event) (1u << (event))

/* The sequence number of the packet's first payload byte. */
static __always_inline __u32 delta_sequence(const struct packet_facts *facts)
{
	return facts->sequence + (facts->flags & TCP_SYN ? 1 : 0);
}

/* Does the payload at @sequence follow on the last run? */
static __always_inline int delta_follows(const struct flow_delta *delta,
					 __u32 sequence)
{
	const struct flow_run *run;

	if (!delta->run_count)
		return 0;
	run = &delta->runs[(delta->run_count - 1) & (FLOW_RUNS - 1)];
	return run->end == sequence && run->packets < 65535 &&
	       run->end - run->sequence < 1u << 30 &&
	       !(delta->marks & FLOW_MARK_BELOW &&
		 sequence == delta->sequence_high);
}

static __always_inline int delta_tcp_has_room(const struct flow_delta *delta,
					      const struct packet_facts *facts)
{
	const __u16 syns =
		DELTA_BIT(FLOW_EVENT_SYN) | DELTA_BIT(FLOW_EVENT_SYN_ACK);

	/* A SYN begins a delta, for it may begin a connection; a second RST
	 * does, for it may end another one; a second FIN or window of zero, to
	 * be counted. */
	if (facts->flags & TCP_SYN ||
	    (facts->flags & TCP_RST &&
	     delta->events & DELTA_BIT(FLOW_EVENT_RST)))
		return 0;
	if (facts->flags & TCP_FIN && delta->events & DELTA_BIT(FLOW_EVENT_FIN))
		return 0;
	if (!facts->window && delta->zero_windows)
		return 0;
	return !facts->payload || facts->flags & TCP_RST ||
	       delta->run_count < (delta->events & syns ? 1 : FLOW_RUNS) ||
	       delta_follows(delta, delta_sequence(facts));
}

/* May the packet be added to @delta, which is not empty and has its key? */
static __always_inline int delta_has_room(const struct flow_delta *delta,
					  const struct packet_facts *facts)
{
	/* A time before the first wraps round and is refused too. */
	if (facts->time - delta->first > 0xffffffffull ||
	    delta->packets == 0xffffffff)
		return 0;
	if (facts->kind == PACKET_TCP)
		return delta_tcp_has_room(delta, facts);
	return !facts->icmp_error ||
	       !(delta->events & DELTA_BIT(FLOW_EVENT_ICMP_ERROR));
}

/* Bytes of @delta behind which all is zero, and which must be handed on: one of
 * enum flow_record_size. */
static __always_inline __u32 delta_length(const struct flow_delta *delta)
{
	if (delta->events == DELTA_BIT(FLOW_EVENT_DATA) && !delta->flags &&
	    !delta->run_count && !delta->congestion_marks)
		return FLOW_RECORD_DELTA_COUNTS;
	if (delta->events & DELTA_BIT(FLOW_EVENT_ICMP_ERROR) ||
	    delta->option_words || delta->run_count > 1)
		return FLOW_RECORD_DELTA;
	return FLOW_RECORD_DELTA_RUN;
}

/* Empty @delta and name its flow; the first packet is added afterwards. */
static __always_inline void delta_begin(struct flow_delta *delta,
					const struct flow_key *key,
					const struct packet_facts *facts)
{
	__builtin_memset(delta, 0, sizeof(*delta));
	delta->key = *key;
	delta->first = facts->time;
	delta->ttl_min = 255;
}

static __always_inline void delta_happened(struct flow_delta *delta,
					   __u32 event, __u32 when)
{
	if (event >= FLOW_EVENTS || delta->events & DELTA_BIT(event))
		return;
	delta->events |= (__u16)DELTA_BIT(event);
	delta->when[event] = when;
}

static __always_inline void delta_add_payload(struct flow_delta *delta,
					      const struct packet_facts *facts,
					      __u32 when)
{
	__u32 sequence = delta_sequence(facts);
	__u32 end = sequence + facts->payload;
	struct flow_run *run;
	__u32 index = delta->run_count;
	int above;

	if (delta_follows(delta, sequence)) {
		run = &delta->runs[(index - 1) & (FLOW_RUNS - 1)];
		run->end = end;
		run->packets++;
	} else {
		above = !index || (__s32)(sequence - delta->sequence_high) >= 0;
		delta->marks &= (__u8)~FLOW_MARK_BELOW;
		if (!above)
			delta->marks |= FLOW_MARK_BELOW;
		run = &delta->runs[index & (FLOW_RUNS - 1)];
		run->sequence = sequence;
		run->end = end;
		run->when = when;
		run->packets = 1;
		run->size = (__u16)(facts->payload < 65535 ? facts->payload
							   : 65535);
		delta->run_count = (__u8)(index + 1);
	}
	if (!index || (__s32)(end - delta->sequence_high) > 0)
		delta->sequence_high = end;
}

/* A duplicate acknowledgment: an ACK alone that says what the acknowledgment
 * before it said, window included (RFC 5681). */
static __always_inline void delta_add_ack(struct flow_delta *delta,
					  const struct packet_facts *facts,
					  int event)
{
	if (!(facts->flags & TCP_ACK))
		return;
	if (!(delta->flags & TCP_ACK)) {
		delta->acknowledgment = facts->acknowledgment;
		delta->ack_first = facts->acknowledgment;
		delta->window_first = facts->window;
		if (event == FLOW_EVENT_ACK)
			delta->marks |= FLOW_MARK_FIRST_ACK;
	} else if (event == FLOW_EVENT_ACK &&
		   facts->acknowledgment == delta->ack_last &&
		   facts->window == delta->window_last) {
		delta->duplicate_acks++;
	}
	if ((__s32)(facts->acknowledgment - delta->acknowledgment) > 0)
		delta->acknowledgment = facts->acknowledgment;
	delta->ack_last = facts->acknowledgment;
	delta->window_last = facts->window;
}

/* Keep the options: they lie where the second run would. */
static __always_inline void delta_add_syn(struct flow_delta *delta,
					  const struct view *view,
					  const struct packet_facts *facts)
{
	__u32 at = (__u32)HEADERS_FORGET(facts->transport) + 20;

	delta->syn = facts->sequence;
	delta->option_words = 0;
	HEADERS_LOOP
	for (__u32 i = 0; i < 10; i++) {
		const __u8 *p;

		if (at >= facts->inner)
			return;
		p = view_at(view, at, 4);
		if (!p)
			return;
		delta->options[i] = view_u32(p);
		delta->option_words = (__u8)(i + 1);
		at += 4;
	}
}

static __always_inline void delta_add_tcp(struct flow_delta *delta,
					  const struct view *view,
					  const struct packet_facts *facts,
					  __u32 when)
{
	__u8 event = facts->event;

	delta_happened(delta, event, when);
	if (facts->flags & TCP_SYN)
		delta_add_syn(delta, view, facts);
	if (facts->flags & TCP_FIN)
		delta->fin = facts->sequence + facts->payload;
	if (facts->flags & TCP_RST) {
		delta->rst = facts->sequence;
	} else {
		if (facts->payload)
			delta_add_payload(delta, facts, when);
		if (facts->window == 0) {
			delta->zero_windows++;
			delta_happened(delta, FLOW_EVENT_ZERO_WINDOW, when);
		}
	}
	delta_add_ack(delta, facts, event);
	delta->flags |= facts->flags;
}

/* What an ICMP error cites, which lies at facts->inner. */
static __always_inline void delta_add_cited(struct flow_delta *delta,
					    const struct view *view,
					    const struct packet_facts *facts)
{
	struct flow_cited *cited = &delta->cited;
	__u32 at = HEADERS_FORGET(facts->inner);
	const __u8 *p;

	cited->type = (__u8)HEADERS_SWAP16(delta->key.source_port);
	cited->code = (__u8)HEADERS_SWAP16(delta->key.destination_port);
	if (delta->key.family == FLOW_IPV4) {
		p = view_at(view, at, 20);
		if (!p || p[0] >> 4 != 4)
			return;
		cited->protocol = p[9];
		headers_copy_ipv4(cited->source, p + 12);
		headers_copy_ipv4(cited->destination, p + 16);
		at += (__u32)(p[0] & 15) * 4;
	} else {
		p = view_at(view, at, 40);
		if (!p || p[0] >> 4 != 6)
			return;
		cited->protocol = p[6];
		headers_copy_ipv6(cited->source, p + 8);
		headers_copy_ipv6(cited->destination, p + 24);
		at += 40;
	}
	cited->family = delta->key.family;
	p = view_at(view, at, 4);
	if (p &&
	    (cited->protocol == HEADERS_TCP || cited->protocol == HEADERS_UDP ||
	     cited->protocol == HEADERS_SCTP)) {
		cited->source_port = view_u16(p);
		cited->destination_port = view_u16(p + 2);
	}
}

/* Add a packet for which delta_has_room() has said yes, or the first. */
static __always_inline void delta_add(struct flow_delta *delta,
				      const struct view *view,
				      const struct packet_facts *facts)
{
	__u32 more = facts->segments - 1;
	__u32 when = (__u32)(facts->time - delta->first);

	delta->last = when;
	delta->packets++;
	delta->captured_bytes += facts->captured;
	delta->wire_bytes += facts->captured + (__u64)more * facts->overhead;
	delta->ip_bytes += facts->ip_length + (__u64)more * facts->ip_header;
	delta->payload_bytes += facts->payload;
	delta->segments += facts->segments;
	if (facts->ttl < delta->ttl_min)
		delta->ttl_min = facts->ttl;
	if (facts->ttl > delta->ttl_max)
		delta->ttl_max = facts->ttl;
	if (facts->fragment)
		delta->marks |= FLOW_MARK_FRAGMENT;
	if (facts->congestion)
		delta->congestion_marks++;
	if (facts->kind == PACKET_TCP) {
		delta_add_tcp(delta, view, facts, when);
		return;
	}
	delta_happened(delta, FLOW_EVENT_DATA, when);
	if (facts->icmp_error) {
		delta_happened(delta, FLOW_EVENT_ICMP_ERROR, when);
		delta_add_cited(delta, view, facts);
	}
}

#endif
