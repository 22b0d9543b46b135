// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/flow_merge.h"

#include <stdlib.h>
#include <string.h>

#include "bpf/headers.h"
#include "src/base/cursor.h"

/* A segment that fills a gap this soon was overtaken, not repeated, unless the
 * handshake says that the round trip is shorter (Wireshark's rule). */
#define REORDERING_NS 3000000

static bool happened(const struct flow_delta *delta, int event)
{
	return delta->events & 1u << event;
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

/* NULL: no memory, then what few have is not counted. */
static struct connection_rare *need_rare(struct merge *m)
{
	struct connection_extra *extra = connection_need_extra(m->c);

	return extra ? &extra->rare[m->index] : NULL;
}

/* A SYN or FIN that was there before; Zeek has no letter for it. */
static void add_repeated(struct merge *m)
{
	struct connection_rare *rare = need_rare(m);

	m->side->retransmitted++;
	if (rare)
		rare->repeated++;
}

/* Did payload come with the SYN, which is the first packet? Then its run tells
 * whether it came before. */
static bool syn_has_payload(const struct flow_delta *delta)
{
	return delta->run_count && delta->runs[0].when == 0;
}

/* The same of the FIN. */
static bool fin_has_payload(const struct flow_delta *delta)
{
	return delta->run_count &&
	       delta->runs[(delta->run_count - 1) & (FLOW_RUNS - 1)].end ==
		       delta->fin;
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
	} else if (!syn_has_payload(delta)) {
		add_repeated(m);
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
		else if (!fin_has_payload(delta))
			add_repeated(m);
		side->fin = delta->fin;
	}
	if (happened(delta, FLOW_EVENT_RST)) {
		uint64_t when = m->base + delta->when[FLOW_EVENT_RST];

		if (!(side->events & 1u << FLOW_EVENT_RST))
			connection_first_event(m->c, m->index, FLOW_EVENT_RST,
					       when);
		else if (m->c->rst[m->index] != delta->rst)
			connection_add_event(m->c, m->index, FLOW_EVENT_RST,
					     when);
		m->c->rst[m->index] = delta->rst;
	}
}

static struct connection_gaps *need_gaps(struct connection *c)
{
	struct connection_extra *extra = connection_need_extra(c);

	if (extra && !extra->gaps)
		extra->gaps = calloc(1, sizeof(*extra->gaps));
	return extra ? extra->gaps : NULL;
}

static struct connection_gaps *has_gaps(const struct connection *c)
{
	return c->extra ? c->extra->gaps : NULL;
}

/* The first gap of a side that has no room for more: once acknowledged, it will
 * not be filled any more. */
static void gap_settle(struct merge *m, struct connection_gaps *gaps)
{
	const struct connection_side *peer = &m->c->side[!m->index];
	struct connection_gap *gap = gaps->gap[m->index];

	for (int i = 1; i < CONNECTION_GAPS; i++)
		if (gaps->gap[m->index][i].from < gap->from)
			gap = &gaps->gap[m->index][i];
	if (!(peer->marks & CONNECTION_SIDE_ACK) ||
	    connection_relative(m->side, peer->acknowledgment) <=
		    (int64_t)gap->from)
		return;
	connection_add_events(m->c, m->index, CONNECTION_EVENT_GAP,
			      gaps->before[m->index]++, 1,
			      connection_gap_time(m->c, m->index, gap->seen));
	gaps->missed[m->index] += gap->to - gap->from;
	*gap = gaps->gap[m->index][--gaps->count[m->index]];
}

static void gap_open(struct merge *m, uint64_t from, uint64_t to, uint64_t when)
{
	struct connection_gaps *gaps = need_gaps(m->c);
	struct connection_gap *last;
	uint8_t count;

	if (!gaps)
		return;
	if (gaps->count[m->index] == CONNECTION_GAPS)
		gap_settle(m, gaps);
	count = gaps->count[m->index];
	if (count < CONNECTION_GAPS) {
		gaps->gap[m->index][count] = (struct connection_gap){
			.from = from, .to = to, .seen = when};
		gaps->count[m->index]++;
		return;
	}
	/* The last takes the new one's bytes too: sums matter more than
	 * places. */
	last = &gaps->gap[m->index][CONNECTION_GAPS - 1];
	last->from -= to - from < last->from ? to - from : last->from;
}

/* Bytes [from, to) came. Did they fill a gap that opened a moment ago? */
static bool gap_fill(struct merge *m, int64_t from, int64_t to, uint64_t when)
{
	struct connection_gaps *gaps = has_gaps(m->c);
	bool soon = false;

	for (int i = 0; gaps && i < gaps->count[m->index]; i++) {
		struct connection_gap *gap = &gaps->gap[m->index][i];
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
			*gap = gaps->gap[m->index][--gaps->count[m->index]];
			i--;
		}
	}
	return soon;
}

/* An MSS below this is no sender's: Linux goes no lower than 48, and takes 88
 * for what is too small. */
enum { MSS_LEAST = 88, TIMESTAMP_LENGTH = 12 };

/* What the handshake said that the side's segments hold at most; 0: nothing.
 * Who sends knows what the peer takes. */
static uint32_t largest_segment(const struct merge *m)
{
	const struct connection_side *peer = &m->c->side[!m->index];
	uint32_t mss = peer->options & CONNECTION_OPTION_MSS	  ? peer->mss
		       : m->side->options & CONNECTION_OPTION_MSS ? m->side->mss
								  : 0;

	return mss < MSS_LEAST ? 0 : mss;
}

/* Segments on the wire, and the payload of each, as far as anybody knows. */
struct segments {
	uint32_t count;
	uint32_t size;
};

/* Packets larger than a segment were joined by the card or the kernel, or not
 * cut yet; any other is a segment, and all have the first one's size. */
static struct segments run_segments(const struct merge *m,
				    const struct flow_run *run)
{
	uint32_t most = largest_segment(m), bytes = run->end - run->sequence;
	struct segments segments = {.count = run->packets, .size = run->size};

	if (!most || run->size <= most)
		return segments;
	if (m->side->options & m->c->side[!m->index].options &
	    CONNECTION_OPTION_TIMESTAMP)
		most -= TIMESTAMP_LENGTH;
	segments.size = most;
	segments.count = bytes / most + (bytes % most != 0);
	if (segments.count < run->packets)
		segments.count = run->packets;
	return segments;
}

/* How many of them end at or below @high. */
static uint32_t segments_below(const struct segments *segments, int64_t from,
			       int64_t high)
{
	int64_t below = segments->size ? (high - from) / segments->size : 0;

	if (below > (int64_t)segments->count - 1)
		below = (int64_t)segments->count - 1;
	return below > 0 ? (uint32_t)below : 0;
}

static void add_out_of_order(struct merge *m, uint32_t packets)
{
	struct connection_rare *rare = packets ? need_rare(m) : NULL;

	if (rare)
		rare->out_of_order += packets;
}

static void merge_run(struct merge *m, const struct flow_run *run)
{
	struct connection_side *side = m->side;
	const struct segments segments = run_segments(m, run);
	uint64_t when = m->base + run->when;
	int64_t from, to, high;
	const struct connection_rare *rare = connection_rare(m->c, m->index);
	uint32_t again = 0, before = side->retransmitted - rare->repeated +
				     rare->out_of_order;

	if (!(side->marks & CONNECTION_SIDE_SEQUENCE))
		start_sequence(side, run->sequence - 1);
	from = connection_relative(side, run->sequence);
	to = from + (uint32_t)(run->end - run->sequence);
	high = (int64_t)side->sequence_high;
	if (to <= high)
		again = segments.count;
	else if (from < high)
		again = segments_below(&segments, from, high);
	else if (from > high)
		gap_open(m, side->sequence_high, (uint64_t)from, when);
	if (to > high)
		side->sequence_high = (uint64_t)to;
	if (from < high && gap_fill(m, from, to, when))
		add_out_of_order(m, again);
	else
		side->retransmitted += again;
	if (again)
		connection_add_events(m->c, m->index,
				      CONNECTION_EVENT_RETRANSMIT, before,
				      again, when);
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
			 m->base + m->delta->when[FLOW_EVENT_FIN]);
	if (at + 1 > (int64_t)side->sequence_high)
		side->sequence_high = (uint64_t)at + 1;
}

static void add_duplicate_acks(struct merge *m, uint32_t packets)
{
	struct connection_rare *rare = packets ? need_rare(m) : NULL;

	if (rare)
		rare->duplicate_acks += packets;
}

static void merge_acks(struct merge *m)
{
	const struct flow_delta *delta = m->delta;
	struct connection_side *side = m->side;

	add_duplicate_acks(m, delta->duplicate_acks);
	if (!(delta->flags & TCP_ACK))
		return;
	if (delta->acknowledgment == 0 && side->marks & CONNECTION_SIDE_ACK &&
	    (int32_t)(0 - side->acknowledgment) > 1 << 20)
		return; /* rather broken than so far ahead (Zeek's rule) */
	if (side->marks & CONNECTION_SIDE_ACK) {
		if (delta->marks & FLOW_MARK_FIRST_ACK &&
		    delta->ack_first == side->ack_last &&
		    delta->window_first == side->window_last)
			add_duplicate_acks(m, 1);
		if ((int32_t)(delta->acknowledgment - side->acknowledgment) > 0)
			side->acknowledgment = delta->acknowledgment;
	} else {
		side->acknowledgment = delta->acknowledgment;
		side->marks |= CONNECTION_SIDE_ACK;
	}
	side->ack_last = delta->ack_last;
	side->window_last = delta->window_last;
}

static void merge_zero_windows(struct merge *m)
{
	const struct flow_delta *delta = m->delta;
	struct connection_rare *rare = need_rare(m);

	if (!rare)
		return;
	connection_add_events(m->c, m->index, FLOW_EVENT_ZERO_WINDOW,
			      rare->zero_windows, delta->zero_windows,
			      m->base + delta->when[FLOW_EVENT_ZERO_WINDOW]);
	rare->zero_windows += delta->zero_windows;
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
	merge_acks(m);
	if (delta->zero_windows)
		merge_zero_windows(m);
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
	if (delta->marks & FLOW_MARK_SUM_RIGHT)
		side->marks |= CONNECTION_SIDE_SUMS;
	side->packets += delta->packets;
	side->segments += delta->segments;
	side->wire_bytes += delta->wire_bytes;
	side->ip_bytes += delta->ip_bytes;
	side->payload_bytes += delta->payload_bytes;
	if (delta->congestion_marks && need_rare(m))
		need_rare(m)->congestion_marks += delta->congestion_marks;
}

struct merge merge_make(struct connection *c, const struct flow_delta *delta,
			int side, int64_t first)
{
	struct merge m = {.c = c,
			  .delta = delta,
			  .side = &c->side[side],
			  .index = side,
			  .first = first};

	/* 58 bits are 9 years; what claims to be farther away is put there. */
	if (first > connection_epoch(c))
		m.base = (uint64_t)(first - connection_epoch(c));
	if (m.base >= 1ull << 58)
		m.base = (1ull << 58) - 1;
	return m;
}

static void merge_times(struct merge *m)
{
	struct connection *c = m->c;
	int64_t last = m->first + m->delta->last;

	if (!c->side[0].packets && !c->side[1].packets) {
		c->first = m->first;
		c->last = last;
		c->first_side = (uint8_t)m->index;
		return;
	}
	if (m->first < c->first) {
		c->first = m->first;
		c->first_side = (uint8_t)m->index;
	}
	if (last > c->last && !(m->delta->marks & FLOW_MARK_SUM_WRONG))
		c->last = last;
}

void merge_judge_damage(struct flow_delta *delta, const struct connection *c,
			int side)
{
	if (!c || !(c->side[side].marks & CONNECTION_SIDE_SUMS)) {
		delta->marks &= (uint8_t)~FLOW_MARK_SUM_WRONG;
		return;
	}
	delta->events = 0;
	delta->flags = 0;
	delta->run_count = 0;
	delta->payload_bytes = 0;
	delta->duplicate_acks = delta->zero_windows = 0;
}

static void merge_damaged(struct merge *m)
{
	struct connection_extra *extra = connection_need_extra(m->c);

	if (!extra)
		return;
	connection_add_events(m->c, m->index, CONNECTION_EVENT_CORRUPT,
			      extra->corrupt[m->index]++, 1, m->base);
}

void merge_delta(struct merge *m)
{
	merge_times(m);
	merge_counts(m);
	if (m->delta->marks & FLOW_MARK_SUM_WRONG)
		merge_damaged(m);
	else if (m->c->key.protocol == HEADERS_TCP &&
		 m->c->key.family != FLOW_NONE)
		merge_tcp(m);
	else
		connection_first_event(m->c, m->index, FLOW_EVENT_DATA,
				       m->base);
}

static unsigned int runs_of(const struct flow_delta *delta)
{
	if (delta->key.protocol != HEADERS_TCP ||
	    delta->key.family == FLOW_NONE)
		return 0;
	return delta->run_count < FLOW_RUNS ? delta->run_count : FLOW_RUNS;
}

unsigned int merge_steps(const struct flow_delta *delta)
{
	return runs_of(delta) + happened(delta, FLOW_EVENT_FIN);
}

/* Which step is the FIN: it comes behind the runs that began before it. */
static unsigned int fin_step(const struct flow_delta *delta)
{
	unsigned int step = 0, runs = runs_of(delta);

	if (!happened(delta, FLOW_EVENT_FIN))
		return runs;
	while (step < runs &&
	       delta->runs[step].when <= delta->when[FLOW_EVENT_FIN])
		step++;
	return step;
}

uint32_t merge_step_time(const struct flow_delta *delta, unsigned int step)
{
	unsigned int fin = fin_step(delta);

	if (step == fin)
		return delta->when[FLOW_EVENT_FIN];
	return delta->runs[step - (step > fin)].when;
}

void merge_step(struct merge *m, unsigned int step)
{
	unsigned int fin = fin_step(m->delta);

	if (step == fin)
		merge_fin_sequence(m);
	else
		merge_run(m, &m->delta->runs[step - (step > fin)]);
}
