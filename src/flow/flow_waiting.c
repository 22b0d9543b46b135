/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/flow/flow_waiting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"
#include "src/flow/connection_life.h"
#include "src/flow/flow_merge.h"
#include "src/flow/flow_table_private.h"
#include "src/flow/merge_order.h"

enum {
	WAITING_MAX = 16384, /* deltas that wait to be merged */
	ERRORS_MAX = 64,     /* ICMP errors that do */
	LINE = 64,
};

/*
 * A connection among many is in no cache, and the way to it goes through three
 * places in memory: the delta, the slot of its hash, the record. Each is asked
 * for so many items before it is needed.
 */
enum {
	AHEAD_RECORD = 8,
	AHEAD_SLOT = 16,
	AHEAD_DELTA = 24,
};

struct merged {
	struct connection *c; /* NULL: no memory for it */
	uint32_t hash;	      /* of the canonical key */
};

struct flow_waiting {
	size_t count;
	struct flow_delta deltas[WAITING_MAX];
	struct merged merged[WAITING_MAX]; /* by delta */
	struct merge_item items[2 * WAITING_MAX * MERGE_ITEMS];
	/* ICMP errors about connections that are not there yet. */
	struct flow_delta errors[ERRORS_MAX];
	unsigned int error_count;
};

struct flow_waiting *flow_waiting_new(void)
{
	struct flow_waiting *waiting =
		aligned_alloc(LINE, (sizeof(*waiting) + LINE - 1) &
					    ~(size_t)(LINE - 1));

	if (waiting)
		waiting->count = waiting->error_count = 0;
	return waiting;
}

void flow_waiting_free(struct flow_waiting *waiting)
{
	free(waiting);
}

size_t flow_waiting_memory(const struct flow_waiting *waiting)
{
	return waiting ? sizeof(*waiting) : 0;
}

/* ---- What is ahead ---- */

static void fetch_delta(struct flow_waiting *waiting,
			const struct merge_item *item)
{
	const uint8_t *delta = (const void *)&waiting->deltas[item->delta];

	for (size_t i = 0; i < sizeof(waiting->deltas[0]); i += LINE)
		__builtin_prefetch(delta + i);
}

static void fetch_slot(const struct flow_table *table,
		       const struct merge_item *item)
{
	struct flow_waiting *waiting = table->waiting;
	struct merged *merged = &waiting->merged[item->delta];
	struct flow_key key;

	connection_canonical_key(&waiting->deltas[item->delta].key, &key);
	merged->hash = connection_store_hash(&table->store, &key);
	connection_store_fetch_slot(&table->store, merged->hash);
}

static void look_ahead(const struct flow_table *table,
		       const struct merge_item *items, size_t at, size_t count)
{
	if (at + AHEAD_DELTA < count &&
	    items[at + AHEAD_DELTA].what == MERGE_DELTA)
		fetch_delta(table->waiting, &items[at + AHEAD_DELTA]);
	if (at + AHEAD_SLOT < count &&
	    items[at + AHEAD_SLOT].what == MERGE_DELTA)
		fetch_slot(table, &items[at + AHEAD_SLOT]);
	if (at + AHEAD_RECORD < count &&
	    items[at + AHEAD_RECORD].what == MERGE_DELTA)
		connection_store_fetch(
			&table->store,
			table->waiting->merged[items[at + AHEAD_RECORD].delta]
				.hash);
}

/* ---- Merging ---- */

/* The kernel may have handed on the error and still keep what it cites: then
 * it is tried once more, behind the next deltas. */
static void note_error_later(struct flow_table *table,
			     const struct flow_delta *delta)
{
	struct flow_waiting *waiting = table->waiting;

	if (!flow_table_note_error(table, delta) &&
	    waiting->error_count < ERRORS_MAX)
		waiting->errors[waiting->error_count++] = *delta;
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
	struct connection *c;

	if (delta->key.protocol != HEADERS_TCP || !merge_may_end(delta))
		return;
	c = flow_table_find(table, &delta->key);
	if (!c || c->announced & CONNECTION_CLOSE_TOLD ||
	    !connection_life_closed(c))
		return;
	c->announced |= CONNECTION_CLOSE_TOLD;
	flow_table_tell(
		table, c,
		(struct flow_change){.kind = FLOW_CHANGE_CLOSE, .time = c->last});
}

/* 0 or -ENOMEM. */
static int merge_item(struct flow_table *table, const struct merge_item *item)
{
	const struct flow_delta *delta = &table->waiting->deltas[item->delta];
	struct merged *merged = &table->waiting->merged[item->delta];
	int64_t first = (int64_t)delta->first + table->options.clock_offset;
	struct flow_key key;
	struct flow_place at = {.key = &key, .hash = merged->hash};

	at.side = connection_canonical_key(&delta->key, &key);
	switch (item->what) {
	case MERGE_DELTA:
		merged->c = flow_table_merge_now(table, delta, &at, first);
		return merged->c ? 0 : -ENOMEM;
	case MERGE_STEP:
		if (merged->c && is_still(merged->c, &key, first))
			flow_table_merge_step(table, merged->c, delta, at.side,
					      first, item->step);
		break;
	case MERGE_ERROR:
		note_error_later(table, delta);
		break;
	}
	return 0;
}

static int merge_items(struct flow_table *table, size_t count)
{
	const struct merge_item *items = table->waiting->items;
	int failed = 0;

	for (size_t i = 0; i < count && i < AHEAD_SLOT; i++)
		if (items[i].what == MERGE_DELTA)
			fetch_slot(table, &items[i]);
	for (size_t i = 0; i < count; i++) {
		look_ahead(table, items, i, count);
		if (merge_item(table, &items[i]))
			failed = -ENOMEM;
	}
	return failed;
}

int flow_waiting_merge(struct flow_table *table)
{
	struct flow_waiting *waiting = table->waiting;
	unsigned int earlier;
	int result;

	if (!waiting || !waiting->count)
		return 0;
	earlier = waiting->error_count;
	result = merge_items(table, merge_order(waiting->deltas, waiting->count,
						waiting->items));
	for (size_t i = 0; table->options.on_change && i < waiting->count; i++)
		tell_of_end(table, &waiting->deltas[i]);
	waiting->count = 0;
	for (unsigned int i = 0; i < earlier; i++)
		flow_table_note_error(table, &waiting->errors[i]);
	waiting->error_count -= earlier;
	memmove(waiting->errors, waiting->errors + earlier,
		waiting->error_count * sizeof(*waiting->errors));
	return result;
}

int flow_waiting_add(struct flow_table *table, const struct flow_delta *delta)
{
	struct flow_waiting *waiting = table->waiting;
	int result = 0;

	if (waiting->count == WAITING_MAX)
		result = flow_waiting_merge(table);
	waiting->deltas[waiting->count++] = *delta;
	return result;
}
