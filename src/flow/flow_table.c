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
#include "src/flow/tunnel.h"

enum {
	CHUNK = 4096,	      /* connections allocated at a time */
	WAITING_MAX = 65536,  /* deltas that wait to be merged */
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

	uint32_t *slots; /* index + 1; open addressing, linear probing */
	uint32_t slot_mask;

	int64_t epoch; /* of events; set by the first delta */
	bool has_epoch;
	int64_t expired; /* a file's second in which all were looked at */

	struct flow_delta *waiting;
	size_t waiting_count;

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
			free(record(table, i)->extra);
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

/*
 * The key with the smaller endpoint first, so that both directions have one.
 * Returns which side the sender is.
 */
static int make_canonical(const struct flow_key *key, struct flow_key *out)
{
	int order = memcmp(key->source, key->destination, sizeof(key->source));

	*out = *key;
	if (!order)
		order = memcmp(&key->source_port, &key->destination_port,
			       sizeof(key->source_port));
	if (order <= 0 || key->family == FLOW_NONE)
		return 0;
	memcpy(out->source, key->destination, sizeof(out->source));
	memcpy(out->destination, key->source, sizeof(out->destination));
	out->source_port = key->destination_port;
	out->destination_port = key->source_port;
	return 1;
}

static uint32_t *find_slot(const struct flow_table *table,
			   const struct flow_key *key, uint32_t hash)
{
	uint32_t at = hash & table->slot_mask;

	for (; table->slots[at]; at = (at + 1) & table->slot_mask) {
		const struct connection *c =
			record(table, table->slots[at] - 1);

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
		home = record(table, table->slots[at] - 1)->hash &
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
		slots[at] = i + 1;
	}
	return 0;
}

static void close_record(struct flow_table *table, uint32_t index,
			 enum connection_end end)
{
	struct connection *c = record(table, index);

	remove_slot(table, c);
	c->end = (uint8_t)end;
	if (table->options.on_end)
		table->options.on_end(c, table->options.context);
	free(c->extra);
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
	*find_slot(table, key, hash) = index + 1;
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

	make_canonical(key, &canonical);
	hash = (uint32_t)delta_key_hash(&canonical, table->seed);
	slot = find_slot(table, &canonical, hash);
	return *slot ? record(table, *slot - 1) : NULL;
}

/* Tie an ICMP error to the connection whose packet it cites. */
static void note_error(struct flow_table *table, const struct flow_delta *delta)
{
	const struct flow_cited *cited = &delta->cited;
	struct flow_key key = {.source_port = cited->source_port,
			       .destination_port = cited->destination_port,
			       .ifindex = delta->key.ifindex,
			       .vlan = delta->key.vlan,
			       .protocol = cited->protocol,
			       .family = cited->family,
			       .tunnel = delta->key.tunnel};
	struct connection_extra *extra;
	struct connection *c;

	memcpy(key.source, cited->source, sizeof(key.source));
	memcpy(key.destination, cited->destination, sizeof(key.destination));
	c = flow_table_find(table, &key);
	extra = c ? connection_need_extra(c) : NULL;
	if (!extra)
		return;
	extra->icmp_errors++;
	extra->icmp_type = cited->type;
	extra->icmp_code = cited->code;
}

static void add_totals(struct flow_table *table, const struct flow_delta *delta)
{
	table->totals.deltas++;
	if (delta->key.tunnel & TUNNEL_INNER)
		return;
	table->totals.packets += delta->packets;
	table->totals.segments += delta->segments;
	table->totals.captured_bytes += delta->captured_bytes;
	table->totals.wire_bytes += delta->wire_bytes;
}

static int merge_now(struct flow_table *table, const struct flow_delta *delta,
		     int64_t first)
{
	struct connection *c = NULL;
	struct flow_key key;
	uint32_t hash, *slot;
	bool is_new = false;
	int side = make_canonical(&delta->key, &key);

	if (!table->has_epoch) {
		table->epoch = first - 3600 * SECOND;
		table->has_epoch = true;
	}
	hash = (uint32_t)delta_key_hash(&key, table->seed);
	slot = find_slot(table, &key, hash);
	if (*slot) {
		enum connection_end end;

		c = record(table, *slot - 1);
		end = is_over(table, c, first);
		if (!end && is_reused(c, delta, side, first))
			end = CONNECTION_REPLACED;
		if (end) {
			close_record(table, *slot - 1, end);
			c = NULL;
		}
	}
	if (!c) {
		c = open_record(table, &key, hash);
		if (!c)
			return -ENOMEM;
		is_new = true;
	}
	add_totals(table, delta);
	table->totals.retransmitted -= c->side[side].retransmitted;
	flow_merge(c, delta, side, first, table->epoch);
	table->totals.retransmitted += c->side[side].retransmitted;
	if (delta->events & 1u << FLOW_EVENT_ICMP_ERROR)
		note_error(table, delta);
	if (is_new && table->options.on_begin)
		table->options.on_begin(c, table->options.context);
	return 0;
}

static int compare_first(const void *a, const void *b)
{
	const struct flow_delta *x = *(const struct flow_delta *const *)a;
	const struct flow_delta *y = *(const struct flow_delta *const *)b;

	return x->first < y->first ? -1 : x->first > y->first;
}

int flow_table_settle(struct flow_table *table)
{
	const struct flow_delta **order;
	int failed = 0;

	if (!table->waiting_count)
		return 0;
	order = malloc(table->waiting_count * sizeof(*order));
	if (!order)
		return -ENOMEM;
	for (size_t i = 0; i < table->waiting_count; i++)
		order[i] = &table->waiting[i];
	qsort(order, table->waiting_count, sizeof(*order), compare_first);
	for (size_t i = 0; i < table->waiting_count; i++) {
		int64_t first =
			(int64_t)order[i]->first + table->options.clock_offset;
		int result = merge_now(table, order[i], first);

		if (result)
			failed = result;
	}
	table->waiting_count = 0;
	free(order);
	return failed;
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
		int result = flow_table_settle(table);

		if (result)
			return result;
	}
	table->waiting[table->waiting_count++] = *delta;
	return 0;
}

static void add_round_trips(struct connection *c, int side,
			    const struct connection_rtt *rtt)
{
	struct connection_extra *extra = connection_need_extra(c);
	struct connection_rtt *sum;

	if (!extra)
		return;
	sum = &extra->rtt[side];
	if (!sum->count || rtt->min < sum->min)
		sum->min = rtt->min;
	if (rtt->max > sum->max)
		sum->max = rtt->max;
	sum->sum += rtt->sum;
	sum->count += rtt->count;
}

/* What flow_frame.c hands on: the file's times are since the epoch. */
static int merge_frames(const struct flow_delta *delta,
			const struct connection_rtt *rtt, void *context)
{
	struct flow_table *table = context;
	int result = merge_now(table, delta, (int64_t)delta->first);
	struct connection *c;
	struct flow_key key;

	if (result || !rtt)
		return result;
	c = flow_table_find(table, &delta->key);
	if (c)
		add_round_trips(c, make_canonical(&delta->key, &key), rtt);
	return 0;
}

int flow_table_add_frame(struct flow_table *table, const struct frame *frame)
{
	int result;

	if (!table->frames)
		table->frames = flow_frames_new(merge_frames, table);
	if (!table->frames)
		return -ENOMEM;
	/* Idle records go once in a while, when no packet of theirs can be
	 * held back any more. */
	if (frame->time.seconds - table->expired >= 10 ||
	    frame->time.seconds < table->expired) {
		result = flow_frames_flush(table->frames);
		if (result)
			return result;
		if (frame->time.seconds - table->expired < 1000000000)
			flow_table_expire(table, stamp_to_ns(frame->time));
		table->expired = frame->time.seconds;
	}
	return flow_frames_add(table->frames, frame);
}

void flow_table_expire(struct flow_table *table, int64_t now)
{
	for (uint32_t i = 0; i < table->used; i++) {
		const struct connection *c = record(table, i);
		enum connection_end end;

		if (!c->in_use)
			continue;
		end = is_over(table, c, now);
		if (end)
			close_record(table, i, end);
	}
}

void flow_table_finish(struct flow_table *table)
{
	if (table->frames)
		flow_frames_flush(table->frames);
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
