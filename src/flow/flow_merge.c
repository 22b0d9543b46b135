// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/flow_merge.h"

#include <stdlib.h>
#include <string.h>

#include "bpf/headers.h"
#include "src/base/cursor.h"

/* A segment that fills a gap this soon was overtaken, not repeated, unless the
 * handshake says that the round trip is shorter (Wireshark's rule). */
#define REORDERING_NS 3000000

struct merge {
	struct connection *c;
	const struct flow_delta *delta;
	struct connection_side *side;
	int index;     /* of side */
	uint64_t base; /* the delta's first packet on the events' clock */
	int64_t first; /* the same, since the epoch */
};

static bool happened(const struct flow_delta *delta, int event)
{
	return delta->events & 1u << event;
}

/* Zeek repeats a letter at the 1st, 10th, 100th… occurrence. */
static void add_scaled(struct merge *m, int event, uint32_t before,
		       uint32_t after, uint64_t when)
{
	for (uint32_t threshold = 1; threshold <= after; threshold *= 10) {
		if (threshold > before)
			connection_add_event(m->c, m->index, event, when);
		if (threshold > UINT32_MAX / 10)
			break;
	}
}

static void read_options(struct connection_side *side,
			 const struct flow_delta *delta)
{
	struct cursor c = cursor_make(delta->options,
				      (size_t)delta->option_words % 11 * 4);

	while (cursor_left(&c)) {
		uint8_t kind = cursor_u8(&c), length;
		struct cursor body;

		if (kind == 0)
			return;
		if (kind == 1)
			continue;
		length = cursor_u8(&c);
		if (c.overrun || length < 2 || !cursor_has(&c, length - 2u))
			return;
		body = cursor_make(cursor_take(&c, length - 2u), length - 2u);
		if (kind == 2 && length == 4) {
			side->mss = cursor_be16(&body);
			side->options |= CONNECTION_OPTION_MSS;
		} else if (kind == 3 && length == 3) {
			side->window_scale = cursor_u8(&body);
			side->options |= CONNECTION_OPTION_SCALE;
		} else if (kind == 4) {
			side->options |= CONNECTION_OPTION_SACK;
		} else if (kind == 8) {
			side->options |= CONNECTION_OPTION_TIMESTAMP;
		}
	}
}

static void start_sequence(struct connection_side *side, uint32_t start)
{
	side->sequence_start = start;
	side->sequence_high = 1;
	side->marks |= CONNECTION_SIDE_SEQUENCE;
}

/* A SYN or SYN-ACK. Zeek repeats the letter when the number is another. */
static void merge_syn(struct merge *m, int event)
{
	const struct flow_delta *delta = m->delta;
	struct connection_side *side = m->side;
	uint64_t when = m->base + delta->when[event];

	if (!(side->marks & CONNECTION_SIDE_SYN)) {
		connection_first_event(m->c, m->index, event, when);
		if (!(side->marks & CONNECTION_SIDE_SEQUENCE) ||
		    side->sequence_start != delta->syn)
			start_sequence(side, delta->syn);
		side->marks |= CONNECTION_SIDE_SYN;
		read_options(side, delta);
	} else if (side->sequence_start != delta->syn) {
		connection_add_event(m->c, m->index, event, when);
		start_sequence(side, delta->syn);
		read_options(side, delta);
	}
}

static void merge_ends(struct merge *m)
{
	const struct flow_delta *delta = m->delta;
	struct connection_side *side = m->side;

	if (happened(delta, FLOW_EVENT_FIN)) {
		uint64_t when = m->base + delta->when[FLOW_EVENT_FIN];

		if (!(side->events & 1u << FLOW_EVENT_FIN))
			connection_first_event(m->c, m->index, FLOW_EVENT_FIN,
					       when);
		else if (side->fin != delta->fin)
			connection_add_event(m->c, m->index, FLOW_EVENT_FIN,
					     when);
		side->fin = delta->fin;
	}
	if (happened(delta, FLOW_EVENT_RST)) {
		uint64_t when = m->base + delta->when[FLOW_EVENT_RST];

		if (!(side->events & 1u << FLOW_EVENT_RST))
			connection_first_event(m->c, m->index, FLOW_EVENT_RST,
					       when);
		else if (side->rst != delta->rst)
			connection_add_event(m->c, m->index, FLOW_EVENT_RST,
					     when);
		side->rst = delta->rst;
	}
}

/* Windows of zero do not matter to a peer that has sent its FIN, nor from a
 * side that has reset. */
static void merge_zero_windows(struct merge *m)
{
	uint64_t when = m->base + m->delta->when[FLOW_EVENT_ZERO_WINDOW];
	int64_t fin = connection_event_time(m->c, !m->index, FLOW_EVENT_FIN);
	int64_t rst = connection_event_time(m->c, m->index, FLOW_EVENT_RST);
	uint32_t before = m->side->zero_windows;

	if (!m->delta->zero_windows)
		return;
	m->side->zero_windows += m->delta->zero_windows;
	if ((fin >= 0 && (uint64_t)fin < when) ||
	    (rst >= 0 && (uint64_t)rst < when))
		return;
	add_scaled(m, FLOW_EVENT_ZERO_WINDOW, before, m->side->zero_windows,
		   when);
}

static void gap_open(struct merge *m, uint64_t from, uint64_t to, int64_t when)
{
	struct connection_extra *extra = connection_need_extra(m->c);
	uint8_t count;

	if (!extra)
		return;
	count = extra->gap_count[m->index];
	if (count == CONNECTION_GAPS) {
		/* The last two become one: the bytes between were seen, but
		 * sums matter more than places. */
		struct connection_gap *last =
			&extra->gaps[m->index][CONNECTION_GAPS - 1];

		last->from -= to - from < last->from ? to - from : last->from;
		return;
	}
	extra->gaps[m->index][count] =
		(struct connection_gap){.from = from, .to = to, .seen = when};
	extra->gap_count[m->index]++;
}

/* Bytes [from, to) came. Did they fill a gap that opened a moment ago? */
static bool gap_fill(struct merge *m, int64_t from, int64_t to, int64_t when)
{
	struct connection_extra *extra = m->c->extra;
	bool soon = false;

	for (int i = 0; extra && i < extra->gap_count[m->index]; i++) {
		struct connection_gap *gap = &extra->gaps[m->index][i];
		int64_t start = (int64_t)gap->from, end = (int64_t)gap->to;

		if (to <= start || from >= end)
			continue;
		soon |= when - gap->seen < REORDERING_NS;
		if (from > start && to < end) {
			gap_open(m, (uint64_t)to, gap->to, gap->seen);
			gap->to = (uint64_t)from;
		} else if (from > start) {
			gap->to = (uint64_t)from;
		} else if (to < end) {
			gap->from = (uint64_t)to;
		} else {
			*gap = extra->gaps[m->index]
					  [--extra->gap_count[m->index]];
			i--;
		}
	}
	return soon;
}

/* How many of the run's packets end at or below @high: all are of the first
 * one's size, as far as anybody knows. */
static uint32_t packets_below(const struct flow_run *run, int64_t from,
			      int64_t high)
{
	int64_t below = run->size ? (high - from) / run->size : 0;

	if (below > run->packets - 1)
		below = run->packets - 1;
	return below > 0 ? (uint32_t)below : 0;
}

static void merge_run(struct merge *m, const struct flow_run *run)
{
	struct connection_side *side = m->side;
	int64_t when = m->first + run->when, from, to, high;
	uint32_t again = 0, before = side->retransmitted + side->out_of_order;

	if (!(side->marks & CONNECTION_SIDE_SEQUENCE))
		start_sequence(side, run->sequence - 1);
	from = connection_relative(side, run->sequence);
	to = from + (uint32_t)(run->end - run->sequence);
	high = (int64_t)side->sequence_high;
	if (to <= high)
		again = run->packets;
	else if (from < high)
		again = packets_below(run, from, high);
	else if (from > high)
		gap_open(m, side->sequence_high, (uint64_t)from, when);
	if (to > high)
		side->sequence_high = (uint64_t)to;
	if (from < high && gap_fill(m, from, to, when))
		side->out_of_order += again;
	else
		side->retransmitted += again;
	if (again)
		add_scaled(m, CONNECTION_EVENT_RETRANSMIT, before,
			   before + again, m->base + run->when);
}

/* The FIN takes a place of its own behind the payload. */
static void merge_fin_sequence(struct merge *m)
{
	struct connection_side *side = m->side;
	int64_t at;

	if (!happened(m->delta, FLOW_EVENT_FIN))
		return;
	if (!(side->marks & CONNECTION_SIDE_SEQUENCE))
		start_sequence(side, m->delta->fin - 1);
	at = connection_relative(side, m->delta->fin);
	if (at > (int64_t)side->sequence_high)
		gap_open(m, side->sequence_high, (uint64_t)at,
			 m->first + m->delta->when[FLOW_EVENT_FIN]);
	if (at + 1 > (int64_t)side->sequence_high)
		side->sequence_high = (uint64_t)at + 1;
}

static void merge_acks(struct merge *m)
{
	const struct flow_delta *delta = m->delta;
	struct connection_side *side = m->side;

	side->duplicate_acks += delta->duplicate_acks;
	if (!(delta->flags & TCP_ACK))
		return;
	if (side->marks & CONNECTION_SIDE_ACK) {
		if (delta->marks & FLOW_MARK_FIRST_ACK &&
		    delta->ack_first == side->ack_last &&
		    delta->window_first == side->window_last)
			side->duplicate_acks++;
		if ((int32_t)(delta->acknowledgment - side->acknowledgment) > 0)
			side->acknowledgment = delta->acknowledgment;
	} else {
		side->acknowledgment = delta->acknowledgment;
		side->marks |= CONNECTION_SIDE_ACK;
	}
	side->ack_last = delta->ack_last;
	side->window_last = delta->window_last;
}

/* An acknowledgment of bytes that never came: G, of the side that sent them.
 * When exactly is not known; it is dated at the delta's last packet. */
static void note_gaps(struct merge *m, int sender)
{
	const struct connection_side *side = &m->c->side[sender];
	const struct connection_side *peer = &m->c->side[!sender];
	const struct connection_extra *extra = m->c->extra;

	if (!extra || side->events & 1u << CONNECTION_EVENT_GAP ||
	    !(peer->marks & CONNECTION_SIDE_ACK))
		return;
	for (int i = 0; i < extra->gap_count[sender]; i++) {
		if (connection_relative(side, peer->acknowledgment) <=
		    (int64_t)extra->gaps[sender][i].from)
			continue;
		connection_first_event(m->c, sender, CONNECTION_EVENT_GAP,
				       m->base + m->delta->last);
		return;
	}
}

static void merge_tcp(struct merge *m)
{
	static const uint8_t once[] = {FLOW_EVENT_DATA, FLOW_EVENT_ACK,
				       FLOW_EVENT_MULTI, FLOW_EVENT_FIN_RST};
	const struct flow_delta *delta = m->delta;

	if (happened(delta, FLOW_EVENT_SYN))
		merge_syn(m, FLOW_EVENT_SYN);
	if (happened(delta, FLOW_EVENT_SYN_ACK))
		merge_syn(m, FLOW_EVENT_SYN_ACK);
	merge_ends(m);
	for (size_t i = 0; i < sizeof(once); i++)
		if (happened(delta, once[i]))
			connection_first_event(m->c, m->index, once[i],
					       m->base + delta->when[once[i]]);
	for (int i = 0; i < delta->run_count && i < FLOW_RUNS; i++)
		merge_run(m, &delta->runs[i]);
	merge_fin_sequence(m);
	merge_zero_windows(m);
	merge_acks(m);
	if (m->c->extra) {
		note_gaps(m, m->index);
		note_gaps(m, !m->index);
	}
	m->side->flags |= delta->flags;
}

static void merge_counts(struct merge *m)
{
	const struct flow_delta *delta = m->delta;
	struct connection_side *side = m->side;

	if (!side->packets || delta->ttl_min < side->ttl_min)
		side->ttl_min = delta->ttl_min;
	if (delta->ttl_max > side->ttl_max)
		side->ttl_max = delta->ttl_max;
	if (delta->marks & FLOW_MARK_FRAGMENT)
		side->marks |= CONNECTION_SIDE_FRAGMENT;
	side->packets += delta->packets;
	side->segments += delta->segments;
	side->wire_bytes += delta->wire_bytes;
	side->ip_bytes += delta->ip_bytes;
	side->payload_bytes += delta->payload_bytes;
	side->congestion_marks += delta->congestion_marks;
	m->c->captured_bytes += delta->captured_bytes;
}

void flow_merge(struct connection *c, const struct flow_delta *delta, int side,
		int64_t first, int64_t epoch)
{
	struct merge m = {.c = c,
			  .delta = delta,
			  .side = &c->side[side],
			  .index = side,
			  .first = first};

	/* 59 bits are 18 years; what claims to be farther away is put there. */
	if (first > epoch)
		m.base = (uint64_t)(first - epoch);
	if (m.base >= 1ull << 58)
		m.base = (1ull << 58) - 1;
	if (!c->side[0].packets && !c->side[1].packets) {
		c->first = first;
		c->last = first + delta->last;
		c->first_side = (uint8_t)side;
	} else if (first < c->first) {
		c->first = first;
		c->first_side = (uint8_t)side;
	}
	if (first + delta->last > c->last)
		c->last = first + delta->last;
	merge_counts(&m);
	if (c->key.protocol == HEADERS_TCP && c->key.family != FLOW_NONE)
		merge_tcp(&m);
	else
		connection_first_event(c, side, FLOW_EVENT_DATA, m.base);
}
