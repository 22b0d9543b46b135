// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/flow_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"
#include "src/base/cleanup.h"
#include "src/flow/connection_life.h"
#include "src/flow/flow_merge.h"
#include "src/flow/flow_table_private.h"
#include "src/flow/round_trip.h"
#include "src/flow/tunnel.h"

enum {
	EVICTION_SAMPLE = 32, /* connections that an eviction looks at */
	DEFAULT_MAX = 1 << 20,
};

#define SECOND 1000000000ll

struct flow_table *flow_table_new(const struct flow_table_options *options)
{
	struct flow_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->options = *options;
	if (!table->options.max_connections)
		table->options.max_connections = DEFAULT_MAX;
	if (connection_store_init(&table->store,
				  table->options.max_connections)) {
		free(table);
		return NULL;
	}
	return table;
}

void flow_table_free(struct flow_table *table)
{
	if (!table)
		return;
	connection_store_free(&table->store);
	flow_frames_free(table->frames);
	flow_waiting_free(table->waiting);
	free(table);
}

void flow_table_set_offset(struct flow_table *table, int64_t clock_offset)
{
	table->options.clock_offset = clock_offset;
}

uint32_t flow_table_count(const struct flow_table *table)
{
	return table->store.count;
}

struct flow_totals flow_table_totals(const struct flow_table *table)
{
	return table->totals;
}

size_t flow_table_memory(const struct flow_table *table)
{
	return sizeof(*table) + connection_store_memory(&table->store) +
	       flow_waiting_memory(table->waiting);
}

const struct connection *flow_table_next(const struct flow_table *table,
					 uint32_t *position)
{
	while (*position < table->store.used) {
		const struct connection *c =
			connection_store_at(&table->store, (*position)++);

		if (c->in_use)
			return c;
	}
	return NULL;
}

void flow_table_tell(const struct flow_table *table, const struct connection *c,
		     struct flow_change change)
{
	if (table->options.on_change)
		table->options.on_change(c, &change, table->options.context);
}

static void close_record(struct flow_table *table, struct connection *c,
			 enum connection_end end)
{
	c->end = (uint8_t)end;
	if (!(c->announced & CONNECTION_CLOSE_TOLD))
		flow_table_tell(table, c,
		     (struct flow_change){.kind = FLOW_CHANGE_CLOSE,
					  .time = c->last});
	if (table->options.on_end)
		table->options.on_end(c, table->options.context);
	connection_store_remove(&table->store, c);
}

/* The idlest of some. */
static void evict(struct flow_table *table)
{
	struct connection *victim = NULL;
	int64_t least = 0;

	for (int looked = 0; looked < EVICTION_SAMPLE; table->hand++) {
		struct connection *c;
		int64_t worth;

		if (table->hand >= table->store.used)
			table->hand = 0;
		c = connection_store_at(&table->store, table->hand);
		if (!c->in_use)
			continue;
		looked++;
		worth = connection_life_worth(c);
		if (!victim || worth < least) {
			least = worth;
			victim = c;
		}
	}
	table->totals.evicted++;
	close_record(table, victim, CONNECTION_EVICTED);
}

struct connection *flow_table_find(struct flow_table *table,
				   const struct flow_key *key)
{
	struct flow_key canonical;

	connection_canonical_key(key, &canonical);
	return connection_store_find(
		&table->store, &canonical,
		connection_store_hash(&table->store, &canonical));
}

bool flow_table_note_error(struct flow_table *table,
			   const struct flow_delta *delta)
{
	struct connection_extra *extra;
	struct connection *c;
	struct flow_key key;

	connection_cited_key(delta, &key);
	c = flow_table_find(table, &key);
	extra = c ? connection_need_extra(c) : NULL;
	if (!extra)
		return false;
	extra->icmp_errors++;
	extra->icmp_type = delta->cited.type;
	extra->icmp_code = delta->cited.code;
	return true;
}

static void add_totals(struct flow_table *table, const struct flow_delta *delta)
{
	table->totals.deltas++;
	if (delta->key.tunnel & FLOW_TUNNEL_INNER)
		return;
	table->totals.packets += delta->packets;
	table->totals.segments += delta->segments;
	table->totals.captured_bytes += delta->captured_bytes;
	table->totals.wire_bytes += delta->wire_bytes;
}

/* The record of the delta's connection, begun if need be; NULL: no memory. */
static struct connection *place_delta(struct flow_table *table,
				      const struct flow_delta *delta,
				      const struct flow_place *at, int64_t first)
{
	struct connection *c =
		connection_store_find(&table->store, at->key, at->hash);
	enum connection_end end;

	if (c) {
		end = connection_life_ended(c, first);
		if (!end && connection_life_begins_anew(c, delta, at->side,
							first))
			end = CONNECTION_REPLACED;
		if (!end)
			return c;
		close_record(table, c, end);
	}
	if (table->store.count >= table->options.max_connections)
		evict(table);
	c = connection_store_add(&table->store, at->key, at->hash);
	if (!c)
		return NULL;
	c->epoch = table->epoch;
	table->totals.connections++;
	return c;
}

static void tell_of_delta(const struct flow_table *table, struct connection *c,
			  bool is_new, int64_t first)
{
	int64_t server, client, syn;

	if (is_new)
		flow_table_tell(table, c,
		     (struct flow_change){.kind = FLOW_CHANGE_OPEN,
					  .time = first});
	if (!connection_is_tcp(c) || c->announced & CONNECTION_ACCEPT_TOLD ||
	    connection_handshake(c, &server, &client))
		return;
	c->announced |= CONNECTION_ACCEPT_TOLD;
	syn = connection_event_time(c, connection_roles(c).originator,
				    FLOW_EVENT_SYN);
	flow_table_tell(table, c,
	     (struct flow_change){.kind = FLOW_CHANGE_ACCEPT,
				  .time = connection_epoch(c) + syn + server +
					  client});
}

/* Of @side of @c, which had sent so many packets again @before. */
static void tell_of_retransmissions(struct flow_table *table,
				    struct connection *c, int side,
				    uint32_t before, int64_t time)
{
	uint32_t count = c->side[side].retransmitted - before;

	if (!count)
		return;
	table->totals.retransmitted += count;
	flow_table_tell(table, c,
	     (struct flow_change){.kind = FLOW_CHANGE_RETRANSMIT,
				  .side = side,
				  .count = count,
				  .time = time});
}

/* When it was that a packet without payload was sent again: a SYN is the first
 * of its delta. */
static int64_t repeated_at(const struct flow_delta *delta, int64_t first)
{
	if (delta->events & (1u << FLOW_EVENT_SYN | 1u << FLOW_EVENT_SYN_ACK))
		return first;
	return first + delta->when[FLOW_EVENT_FIN];
}

/* Merge all but the steps; NULL: no memory. */
struct connection *flow_table_merge_now(struct flow_table *table,
				    const struct flow_delta *delta,
				    const struct flow_place *at, int64_t first)
{
	struct connection *c;
	uint32_t before;
	bool is_new;
	struct merge m;

	if (!table->has_epoch) {
		table->epoch = (int32_t)((first - 3600 * SECOND) /
					 CONNECTION_EPOCH_UNIT);
		table->has_epoch = true;
	}
	c = place_delta(table, delta, at, first);
	if (!c)
		return NULL;
	is_new = !c->side[0].packets && !c->side[1].packets;
	add_totals(table, delta);
	before = c->side[at->side].retransmitted;
	m = merge_make(c, delta, at->side, first);
	merge_delta(&m);
	if (table->options.on_change)
		tell_of_delta(table, c, is_new, first);
	tell_of_retransmissions(table, c, at->side, before,
				repeated_at(delta, first));
	if (table->options.on_delta)
		table->options.on_delta(c, at->side, delta,
					table->options.context);
	return c;
}

/* A step of a delta that was merged into @c a moment ago. */
void flow_table_merge_step(struct flow_table *table, struct connection *c,
			   const struct flow_delta *delta, int side,
			   int64_t first, unsigned int step)
{
	struct merge m = merge_make(c, delta, side, first);
	uint32_t before = c->side[side].retransmitted;

	merge_step(&m, step);
	tell_of_retransmissions(table, c, side, before,
				first + merge_step_time(delta, step));
}

int flow_table_settle(struct flow_table *table)
{
	int result = flow_waiting_merge(table);

	/* Behind the deltas: now there are connections for round trips. */
	return !result && table->frames ? flow_frames_flush(table->frames)
					: result;
}

int flow_table_merge(struct flow_table *table, const struct flow_delta *delta)
{
	if (!delta->packets)
		return 0;
	if (!table->waiting)
		table->waiting = flow_waiting_new();
	return table->waiting ? flow_waiting_add(table, delta) : -ENOMEM;
}

/* What flow_frame.c hands on: the file's times are since the epoch. */
static int take_result(const struct flow_frames_result *result, void *context)
{
	const struct flow_delta *delta = result->delta;
	struct flow_place at = {result->key, (uint32_t)result->hash, result->side};
	struct flow_table *table = context;
	struct connection_extra *extra;
	struct connection *c = NULL;
	struct flow_delta judged;

	if (delta && delta->marks & FLOW_MARK_SUM_WRONG) {
		judged = *delta;
		delta = &judged;
		c = connection_store_find(&table->store, at.key, at.hash);
		merge_judge_damage(&judged, c, at.side);
	}
	if (delta) {
		int64_t first = (int64_t)delta->first;
		unsigned int steps = merge_steps(delta);

		c = flow_table_merge_now(table, delta, &at, first);
		if (!c)
			return -ENOMEM;
		for (unsigned int i = 0; i < steps; i++)
			flow_table_merge_step(table, c, delta, at.side, first, i);
		if (merge_has_error(delta))
			flow_table_note_error(table, delta);
	} else {
		c = connection_store_find(&table->store, at.key, at.hash);
		if (!c)
			return 1;
	}
	if (!c->service)
		c->service = result->service;
	extra = result->rtt ? connection_need_extra(c) : NULL;
	if (extra)
		round_trip_add(&extra->rtt[at.side], result->rtt);
	return 0;
}

static uint8_t on_payload(const struct flow_key *key, struct slice payload,
			  void *context)
{
	const struct flow_table *table = context;

	return table->options.on_payload(key, payload, table->options.context);
}

static int need_frames(struct flow_table *table, bool only_time)
{
	const struct flow_frames_options options = {
		.only_time = only_time,
		.trust_checksums = table->options.trust_checksums,
		.seed = table->store.seed,
		.emit = take_result,
		.payload = table->options.on_payload ? on_payload : NULL,
		.context = table,
	};

	if (!table->frames)
		table->frames = flow_frames_new(&options);
	return table->frames ? 0 : -ENOMEM;
}

int flow_table_peek_frame(struct flow_table *table, const struct frame *frame)
{
	int result = need_frames(table, true);

	return result ? result : flow_frames_add(table->frames, frame);
}

int flow_table_add_frame(struct flow_table *table, const struct frame *frame)
{
	int result = need_frames(table, false);

	if (result)
		return result;
	/* Idle records go once in a while, when no packet of theirs can be
	 * held back any more. */
	if (frame->time.seconds - table->expired >= 10 ||
	    frame->time.seconds < table->expired) {
		result = flow_frames_flush(table->frames);
		if (result)
			return result;
		if (frame->time.seconds - table->expired < 1000000000)
			flow_table_expire(table, stamp_to_ns(frame->time), 0);
		table->expired = frame->time.seconds;
	}
	return flow_frames_add(table->frames, frame);
}

void flow_table_expire(struct flow_table *table, int64_t now, uint32_t most)
{
	const struct connection_store *store = &table->store;
	uint32_t count = most && most < store->used ? most : store->used;

	for (; count; count--) {
		struct connection *c;
		enum connection_end end;

		if (table->next_to_expire >= store->used)
			table->next_to_expire = 0;
		c = connection_store_at(store, table->next_to_expire++);
		end = c->in_use ? connection_life_ended(c, now)
				: CONNECTION_OPEN;
		if (end)
			close_record(table, c, end);
	}
}

void flow_table_finish(struct flow_table *table)
{
	flow_table_settle(table);
	for (uint32_t i = 0; i < table->store.used; i++) {
		struct connection_state s = {0};
		struct connection *c = connection_store_at(&table->store, i);

		if (!c->in_use)
			continue;
		if (connection_is_tcp(c))
			s = connection_replay(c);
		close_record(table, c,
			     s.closed_originator && s.closed_responder
				     ? CONNECTION_CLOSED
				     : CONNECTION_AT_EXIT);
	}
}
