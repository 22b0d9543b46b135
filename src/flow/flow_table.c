// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/flow_table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "bpf/delta.h"
#include "src/base/cleanup.h"
#include "src/flow/flow_frame.h"
#include "src/flow/flow_merge.h"
#include "src/flow/round_trip.h"
#include "src/flow/tunnel.h"

enum {
	CHUNK = 4096,	      /* connections allocated at a time */
	WAITING_MAX = 16384,  /* deltas that wait to be merged */
	ERRORS_MAX = 64,      /* ICMP errors that do */
	EVICTION_SAMPLE = 32, /* connections that an eviction looks at */
	DEFAULT_MAX = 1 << 20,
};

#define SECOND 1000000000ll

struct flow_table {
	struct flow_table_options options;
	struct flow_totals totals;
	uint64_t seed;

	struct connection **chunks;
	uint32_t chunk_count;
	uint32_t used;	    /* records that were ever handed out */
	uint32_t free_list; /* index + 1 */
	uint32_t count;
	uint32_t hand; /* where the next eviction looks */

	/* Open addressing, linear probing: index + 1 in the lower bits, the
	 * rest of the hash above them, so that few records are looked at in
	 * vain. */
	uint32_t *slots;
	uint32_t slot_mask;
	uint32_t index_mask;

	int64_t epoch; /* of events; set by the first delta */
	bool has_epoch;
	int64_t expired; /* a file's second in which all were looked at */
	uint32_t next_to_expire; /* the record to look at next */

	struct flow_delta *waiting;
	size_t waiting_count;
	/* ICMP errors about connections that are not there yet. */
	struct flow_delta errors[ERRORS_MAX];
	unsigned int error_count;

	struct flow_frames *frames; /* of files; made when first needed */
};

static struct connection *record(const struct flow_table *table, uint32_t index)
{
	return &table->chunks[index / CHUNK][index % CHUNK];
}

struct flow_table *flow_table_new(const struct flow_table_options *options)
{
	struct flow_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->options = *options;
	if (!table->options.max_connections)
		table->options.max_connections = DEFAULT_MAX;
	/* Without randomness it works as well, until somebody is hostile. */
	if (getrandom(&table->seed, sizeof(table->seed), GRND_NONBLOCK) < 0)
		table->seed = 0x5851f42d4c957f2dull;
	table->slot_mask = 1023;
	/* Indices go from 1 to max_connections. */
	table->index_mask = 1;
	while (table->index_mask < table->options.max_connections)
		table->index_mask = table->index_mask * 2 + 1;
	table->slots = calloc(table->slot_mask + 1, sizeof(*table->slots));
	if (!table->slots) {
		free(table);
		return NULL;
	}
	return table;
}

void flow_table_free(struct flow_table *table)
{
	if (!table)
		return;
	for (uint32_t i = 0; i < table->used; i++)
		if (record(table, i)->in_use)
			connection_release(record(table, i));
	for (uint32_t i = 0; i < table->chunk_count; i++)
		free(table->chunks[i]);
	flow_frames_free(table->frames);
	free(table->chunks);
	free(table->slots);
	free(table->waiting);
	free(table);
}

void flow_table_set_offset(struct flow_table *table, int64_t clock_offset)
{
	table->options.clock_offset = clock_offset;
}

uint32_t flow_table_count(const struct flow_table *table)
{
	return table->count;
}

struct flow_totals flow_table_totals(const struct flow_table *table)
{
	return table->totals;
}

size_t flow_table_memory(const struct flow_table *table)
{
	size_t bytes = sizeof(*table);

	bytes += (size_t)table->chunk_count * CHUNK * sizeof(struct connection);
	bytes += ((size_t)table->slot_mask + 1) * sizeof(*table->slots);
	if (table->waiting)
		bytes += WAITING_MAX * sizeof(*table->waiting);
	for (uint32_t i = 0; i < table->used; i++)
		if (record(table, i)->in_use && record(table, i)->extra)
			bytes += sizeof(struct connection_extra);
	return bytes;
}

const struct connection *flow_table_next(const struct flow_table *table,
					 uint32_t *position)
{
	while (*position < table->used) {
		const struct connection *c = record(table, (*position)++);

		if (c->in_use)
			return c;
	}
	return NULL;
}

static uint32_t slot_index(const struct flow_table *table, uint32_t slot)
{
	return (slot & table->index_mask) - 1;
}

static struct connection *slot_record(const struct flow_table *table,
				      uint32_t slot)
{
	return record(table, slot_index(table, slot));
}

static uint32_t make_slot(const struct flow_table *table, uint32_t index,
			  uint32_t hash)
{
	return (hash & ~table->index_mask) | (index + 1);
}

static uint32_t *find_slot(const struct flow_table *table,
			   const struct flow_key *key, uint32_t hash)
{
	uint32_t at = hash & table->slot_mask;

	for (; table->slots[at]; at = (at + 1) & table->slot_mask) {
		const struct connection *c;

		if ((table->slots[at] ^ hash) & ~table->index_mask)
			continue;
		c = slot_record(table, table->slots[at]);
		if (c->hash == hash && delta_key_equal(&c->key, key))
			break;
	}
	return &table->slots[at];
}

/* Take the record out of the slots and close the hole behind it. */
static void remove_slot(struct flow_table *table, const struct connection *c)
{
	uint32_t hole =
		(uint32_t)(find_slot(table, &c->key, c->hash) - table->slots);
	uint32_t at = hole;

	for (;;) {
		uint32_t home;

		at = (at + 1) & table->slot_mask;
		if (!table->slots[at])
			break;
		home = slot_record(table, table->slots[at])->hash &
		       table->slot_mask;
		if (((at - home) & table->slot_mask) <
		    ((at - hole) & table->slot_mask))
			continue;
		table->slots[hole] = table->slots[at];
		hole = at;
	}
	table->slots[hole] = 0;
}

static int grow_slots(struct flow_table *table)
{
	uint32_t mask = table->slot_mask * 2 + 1;
	uint32_t *slots = calloc((size_t)mask + 1, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(table->slots);
	table->slots = slots;
	table->slot_mask = mask;
	for (uint32_t i = 0; i < table->used; i++) {
		uint32_t at;

		if (!record(table, i)->in_use)
			continue;
		at = record(table, i)->hash & mask;
		while (slots[at])
			at = (at + 1) & mask;
		slots[at] = make_slot(table, i, record(table, i)->hash);
	}
	return 0;
}

static void tell(const struct flow_table *table, const struct connection *c,
		 struct flow_change change)
{
	if (table->options.on_change)
		table->options.on_change(c, &change, table->options.context);
}

static void close_record(struct flow_table *table, uint32_t index,
			 enum connection_end end)
{
	struct connection *c = record(table, index);

	remove_slot(table, c);
	c->end = (uint8_t)end;
	if (!(c->announced & CONNECTION_CLOSE_TOLD))
		tell(table, c,
		     (struct flow_change){.kind = FLOW_CHANGE_CLOSE,
					  .time = c->last});
	if (table->options.on_end)
		table->options.on_end(c, table->options.context);
	connection_release(c);
	memset(c, 0, sizeof(*c));
	c->next_free = table->free_list;
	table->free_list = index + 1;
	table->count--;
}

/* The idlest of some; one that never had an answer counts as idler. */
static void evict(struct flow_table *table)
{
	uint32_t victim = 0;
	int64_t oldest = INT64_MAX;
	bool found = false;

	for (int looked = 0; looked < EVICTION_SAMPLE; table->hand++) {
		const struct connection *c;
		int64_t last;

		if (table->hand >= table->used)
			table->hand = 0;
		c = record(table, table->hand);
		if (!c->in_use)
			continue;
		looked++;
		last = c->last;
		if (c->side[0].packets && c->side[1].packets)
			last += 60 * SECOND;
		if (!found || last < oldest) {
			oldest = last;
			victim = table->hand;
			found = true;
		}
	}
	table->totals.evicted++;
	close_record(table, victim, CONNECTION_EVICTED);
}

static int add_chunk(struct flow_table *table)
{
	size_t bytes = (table->chunk_count + 1) * sizeof(*table->chunks);
	struct connection **chunks = realloc(table->chunks, bytes);

	if (!chunks)
		return -ENOMEM;
	table->chunks = chunks;
	chunks[table->chunk_count] = calloc(CHUNK, sizeof(struct connection));
	if (!chunks[table->chunk_count])
		return -ENOMEM;
	table->chunk_count++;
	return 0;
}

/* A record for a new connection; NULL: no memory. */
static struct connection *open_record(struct flow_table *table,
				      const struct flow_key *key, uint32_t hash)
{
	struct connection *c;
	uint32_t index;

	if (table->count >= table->options.max_connections)
		evict(table);
	if (table->count + table->count / 4 >= table->slot_mask &&
	    grow_slots(table))
		return NULL;
	if (table->free_list) {
		index = table->free_list - 1;
		table->free_list = record(table, index)->next_free;
	} else {
		if (table->used == table->chunk_count * CHUNK &&
		    add_chunk(table))
			return NULL;
		index = table->used++;
	}
	c = record(table, index);
	memset(c, 0, sizeof(*c));
	c->key = *key;
	c->hash = hash;
	c->in_use = 1;
	*find_slot(table, key, hash) = make_slot(table, index, hash);
	table->count++;
	table->totals.connections++;
	return c;
}

static bool is_tcp(const struct connection *c)
{
	return c->key.family != FLOW_NONE && c->key.protocol == HEADERS_TCP;
}

/* Zeek's: five minutes for TCP, one for the rest, ten seconds for DNS. */
static int64_t timeout_of(const struct connection *c)
{
	const uint16_t dns = htons(53);

	if (c->key.family == FLOW_NONE)
		return INT64_MAX;
	if (is_tcp(c))
		return 300 * SECOND;
	if (c->key.protocol == HEADERS_UDP &&
	    (c->key.source_port == dns || c->key.destination_port == dns))
		return 10 * SECOND;
	return 60 * SECOND;
}

/* Is the TCP connection complete for five seconds, or a SYN without an answer
 * for as long? @now in ns since the table's epoch. */
static bool tcp_ended(const struct connection *c, int64_t now)
{
	const uint16_t syn = 1u << FLOW_EVENT_SYN;
	const uint16_t ends = 1u << FLOW_EVENT_FIN | 1u << FLOW_EVENT_RST |
			      1u << FLOW_EVENT_FIN_RST;
	uint16_t events = c->side[0].events | c->side[1].events;
	int64_t complete;

	if (events & ends) {
		complete = connection_replay(c).complete;
		return complete >= 0 && now - complete > 5 * SECOND;
	}
	return events == syn && (!c->side[0].packets || !c->side[1].packets) &&
	       now - (int64_t)(c->events[0] >> 5) > 5 * SECOND;
}

/* Is the connection over at @now? CONNECTION_OPEN: no. */
static enum connection_end is_over(const struct flow_table *table,
				   const struct connection *c, int64_t now)
{
	if (is_tcp(c) && tcp_ended(c, now - table->epoch))
		return CONNECTION_CLOSED;
	if (now - c->last > timeout_of(c))
		return CONNECTION_IDLE;
	return CONNECTION_OPEN;
}

/* Does the delta begin the same addresses' next connection? */
static bool is_reused(const struct connection *c,
		      const struct flow_delta *delta, int side, int64_t first)
{
	const struct connection_side *s = &c->side[side];
	const uint16_t ends = 1u << FLOW_EVENT_FIN | 1u << FLOW_EVENT_RST;

	if (!is_tcp(c) || !(delta->events & 1u << FLOW_EVENT_SYN) ||
	    first < c->last)
		return false;
	if ((c->side[0].events | c->side[1].events) & ends)
		return true;
	return s->marks & CONNECTION_SIDE_SYN &&
	       s->sequence_start != delta->syn;
}

struct connection *flow_table_find(struct flow_table *table,
				   const struct flow_key *key)
{
	struct flow_key canonical;
	uint32_t hash, *slot;

	connection_canonical_key(key, &canonical);
	hash = (uint32_t)delta_key_hash(&canonical, table->seed);
	slot = find_slot(table, &canonical, hash);
	return *slot ? slot_record(table, *slot) : NULL;
}

static bool has_error(const struct flow_delta *delta)
{
	return delta->events & 1u << FLOW_EVENT_ICMP_ERROR;
}

/* Tie an ICMP error to the connection whose packet it cites. False: there is
 * none. */
static bool note_error(struct flow_table *table, const struct flow_delta *delta)
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

/* The kernel may have handed on the error and still keep what it cites: then
 * it is tried once more, behind the next deltas. */
static void note_error_later(struct flow_table *table,
			     const struct flow_delta *delta)
{
	if (!note_error(table, delta) && table->error_count < ERRORS_MAX)
		table->errors[table->error_count++] = *delta;
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

/* Where a delta belongs. */
struct place {
	const struct flow_key *key; /* canonical */
	uint32_t hash;		    /* of it */
	int side;		    /* that sent the delta's packets */
};

/* The record of the delta's connection, begun if need be; NULL: no memory. */
static struct connection *place_delta(struct flow_table *table,
				      const struct flow_delta *delta,
				      const struct place *at, int64_t first)
{
	uint32_t *slot = find_slot(table, at->key, at->hash);

	if (*slot) {
		struct connection *c = slot_record(table, *slot);
		enum connection_end end = is_over(table, c, first);

		if (!end && is_reused(c, delta, at->side, first))
			end = CONNECTION_REPLACED;
		if (!end)
			return c;
		close_record(table, slot_index(table, *slot), end);
	}
	return open_record(table, at->key, at->hash);
}

static void tell_of_delta(const struct flow_table *table, struct connection *c,
			  bool is_new, int64_t first)
{
	int64_t server, client, syn;

	if (is_new)
		tell(table, c,
		     (struct flow_change){.kind = FLOW_CHANGE_OPEN,
					  .time = first});
	if (!is_tcp(c) || c->announced & CONNECTION_ACCEPT_TOLD ||
	    connection_handshake(c, &server, &client))
		return;
	c->announced |= CONNECTION_ACCEPT_TOLD;
	syn = connection_event_time(c, connection_roles(c).originator,
				    FLOW_EVENT_SYN);
	tell(table, c,
	     (struct flow_change){.kind = FLOW_CHANGE_ACCEPT,
				  .time = table->epoch + syn + server +
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
	tell(table, c,
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
static struct connection *merge_now(struct flow_table *table,
				    const struct flow_delta *delta,
				    const struct place *at, int64_t first)
{
	struct connection *c;
	uint32_t before;
	bool is_new;
	struct merge m;

	if (!table->has_epoch) {
		table->epoch = first - 3600 * SECOND;
		table->has_epoch = true;
	}
	c = place_delta(table, delta, at, first);
	if (!c)
		return NULL;
	is_new = !c->side[0].packets && !c->side[1].packets;
	add_totals(table, delta);
	before = c->side[at->side].retransmitted;
	m = merge_make(c, delta, at->side, first, table->epoch);
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
static void merge_one_step(struct flow_table *table, struct connection *c,
			   const struct flow_delta *delta, int side,
			   int64_t first, unsigned int step)
{
	struct merge m = merge_make(c, delta, side, first, table->epoch);
	uint32_t before = c->side[side].retransmitted;

	merge_step(&m, step);
	tell_of_retransmissions(table, c, side, before,
				first + merge_step_time(delta, step));
}

/* Is @c still what the delta was merged into? In a flood, the record may be
 * another's by now. */
static bool is_still(const struct connection *c, const struct flow_key *key,
		     int64_t first)
{
	return c->in_use && c->first <= first && delta_key_equal(&c->key, key);
}

/* The record of a connection stays for some seconds after its end; that it has
 * ended is told at once. */
static void tell_of_end(struct flow_table *table,
			const struct flow_delta *delta)
{
	const uint16_t ends = 1u << FLOW_EVENT_FIN | 1u << FLOW_EVENT_RST |
			      1u << FLOW_EVENT_FIN_RST;
	const uint16_t resets = ends & ~(1u << FLOW_EVENT_FIN);
	struct connection_state state;
	struct connection *c;

	if (delta->key.protocol != HEADERS_TCP || !(delta->events & ends))
		return;
	c = flow_table_find(table, &delta->key);
	if (!c || c->announced & CONNECTION_CLOSE_TOLD)
		return;
	state = connection_replay(c);
	if (!((c->side[0].events | c->side[1].events) & resets) &&
	    !(state.closed_originator && state.closed_responder))
		return;
	c->announced |= CONNECTION_CLOSE_TOLD;
	tell(table, c,
	     (struct flow_change){.kind = FLOW_CHANGE_CLOSE, .time = c->last});
}

enum { ERROR_STEP = 255 };

/* What is merged in order of time: a delta, or a step of one. */
struct item {
	uint64_t time;
	uint32_t delta;
	uint32_t step; /* 0: the delta itself; ERROR_STEP; else step + 1 */
};

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->delta != y->delta ? (x->delta < y->delta ? -1 : 1)
				    : (int)x->step - (int)y->step;
}

static size_t make_items(const struct flow_table *table, struct item *items)
{
	size_t n = 0;

	for (uint32_t i = 0; i < table->waiting_count; i++) {
		const struct flow_delta *delta = &table->waiting[i];
		unsigned int steps = merge_steps(delta);

		items[n++] = (struct item){delta->first, i, 0};
		if (has_error(delta))
			items[n++] = (struct item){
				delta->first +
					delta->when[FLOW_EVENT_ICMP_ERROR],
				i, ERROR_STEP};
		for (unsigned int k = 0; k < steps; k++)
			items[n++] = (struct item){
				delta->first + merge_step_time(delta, k), i,
				k + 1};
	}
	return n;
}

static int merge_items(struct flow_table *table, const struct item *items,
		       size_t count, struct connection **merged)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		const struct flow_delta *delta =
			&table->waiting[items[i].delta];
		struct connection **c = &merged[items[i].delta];
		int64_t first =
			(int64_t)delta->first + table->options.clock_offset;
		struct flow_key key;
		struct place at = {&key, 0, 0};

		at.side = connection_canonical_key(&delta->key, &key);
		if (!items[i].step) {
			at.hash = (uint32_t)delta_key_hash(&key, table->seed);
			*c = merge_now(table, delta, &at, first);
			if (!*c)
				failed = -ENOMEM;
		} else if (items[i].step == ERROR_STEP) {
			note_error_later(table, delta);
		} else if (*c && is_still(*c, &key, first)) {
			merge_one_step(table, *c, delta, at.side, first,
				       items[i].step - 1);
		}
	}
	for (uint32_t i = 0; table->options.on_change &&
			     i < table->waiting_count;
	     i++)
		tell_of_end(table, &table->waiting[i]);
	return failed;
}

static int merge_waiting(struct flow_table *table)
{
	_cleanup_free_ struct item *items = NULL;
	_cleanup_free_ struct connection **merged = NULL;
	unsigned int earlier;
	size_t count = 0;
	int result;

	if (!table->waiting_count)
		return 0;
	items = malloc(table->waiting_count * (FLOW_RUNS + 2) * sizeof(*items));
	merged = malloc(table->waiting_count * sizeof(*merged));
	if (!items || !merged)
		return -ENOMEM;
	earlier = table->error_count;
	count = make_items(table, items);
	qsort(items, count, sizeof(*items), compare_items);
	result = merge_items(table, items, count, merged);
	table->waiting_count = 0;
	for (unsigned int i = 0; i < earlier; i++)
		note_error(table, &table->errors[i]);
	table->error_count -= earlier;
	memmove(table->errors, table->errors + earlier,
		table->error_count * sizeof(*table->errors));
	return result;
}

int flow_table_settle(struct flow_table *table)
{
	int result = merge_waiting(table);

	/* Behind the deltas: now there are connections for round trips. */
	return !result && table->frames ? flow_frames_flush(table->frames)
					: result;
}

int flow_table_merge(struct flow_table *table, const struct flow_delta *delta)
{
	if (!delta->packets)
		return 0;
	if (!table->waiting)
		table->waiting = malloc(WAITING_MAX * sizeof(*table->waiting));
	if (!table->waiting)
		return -ENOMEM;
	if (table->waiting_count == WAITING_MAX) {
		int result = merge_waiting(table);

		if (result)
			return result;
	}
	table->waiting[table->waiting_count++] = *delta;
	return 0;
}

/* What flow_frame.c hands on: the file's times are since the epoch. */
static int take_result(const struct flow_frames_result *result, void *context)
{
	const struct flow_delta *delta = result->delta;
	struct place at = {result->key, (uint32_t)result->hash, result->side};
	struct flow_table *table = context;
	struct connection_extra *extra;
	struct connection *c = NULL;

	if (delta) {
		int64_t first = (int64_t)delta->first;
		unsigned int steps = merge_steps(delta);

		c = merge_now(table, delta, &at, first);
		if (!c)
			return -ENOMEM;
		for (unsigned int i = 0; i < steps; i++)
			merge_one_step(table, c, delta, at.side, first, i);
		if (has_error(delta))
			note_error(table, delta);
	} else {
		const uint32_t *slot = find_slot(table, at.key, at.hash);

		c = *slot ? slot_record(table, *slot) : NULL;
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
		.seed = table->seed,
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
	uint32_t count = most && most < table->used ? most : table->used;

	for (; count; count--) {
		const struct connection *c;
		enum connection_end end;

		if (table->next_to_expire >= table->used)
			table->next_to_expire = 0;
		c = record(table, table->next_to_expire);
		end = c->in_use ? is_over(table, c, now) : CONNECTION_OPEN;
		if (end)
			close_record(table, table->next_to_expire, end);
		table->next_to_expire++;
	}
}

void flow_table_finish(struct flow_table *table)
{
	flow_table_settle(table);
	for (uint32_t i = 0; i < table->used; i++) {
		struct connection_state s = {0};
		const struct connection *c = record(table, i);

		if (!c->in_use)
			continue;
		if (is_tcp(c))
			s = connection_replay(c);
		close_record(table, i,
			     s.closed_originator && s.closed_responder
				     ? CONNECTION_CLOSED
				     : CONNECTION_AT_EXIT);
	}
}
