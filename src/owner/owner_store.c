/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/owner_store.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/owner/circle.h"
#include "src/owner/hash.h"
#include "src/owner/process_table.h"

enum {
	SLOTS_FIRST = 1024,
	/* Events and packets are timed by one clock, but each in its turn, and
	 * packets by way of the time of day. */
	ABOUT_THEN = 1000000,
};

/* A socket with one pair of addresses. */
struct entry {
	struct link link;	   /* in store->alive or store->gone */
	struct entry *next;	   /* in its slot by tuple */
	struct entry *next_cookie; /* in its slot by cookie */
	struct owner_tuple tuple;
	uint64_t cookie;
	int64_t first, last; /* ns; last is INT64_MAX while it is open */
	int64_t told;	     /* when the latest event about it happened */
	struct process *process;
	uint32_t srtt; /* us, of the kernel; when it is gone */
	uint32_t retransmits;
	uint8_t known;
};

struct owner_store {
	struct process_table processes;
	struct entry **tuples, **cookies;
	size_t slots; /* of tuples and cookies; 2^n */
	size_t count, max;
	size_t unused;
	struct link alive, gone;
	bool shares;
	int64_t lost_from, lost_until; /* events; INT64_MAX, 0: none were */
};

/* ---- Hashes ---- */

/* What makes a tuple, wherever it is: up to protocol and family. */
enum { TUPLE_BYTES = 38 };
_Static_assert(offsetof(struct owner_tuple, flags) == TUPLE_BYTES, "");

static uint64_t hash_tuple(const struct owner_tuple *tuple)
{
	uint8_t bytes[40] = {0};

	memcpy(bytes, tuple, TUPLE_BYTES);
	return hash_bytes(bytes, sizeof(bytes));
}

static struct entry **tuple_slot(const struct owner_store *store,
				 const struct owner_tuple *tuple)
{
	return &store->tuples[hash_tuple(tuple) & (store->slots - 1)];
}

static struct entry **cookie_slot(const struct owner_store *store,
				  uint64_t cookie)
{
	uint64_t hash = hash_mix(0, cookie);

	return &store->cookies[(hash ^ hash >> 32) & (store->slots - 1)];
}

/* ---- Processes ---- */

int owner_store_process(struct owner_store *store,
			const struct owner_process_event *event)
{
	struct process *process =
		process_get(&store->processes, &event->process);

	if (!process)
		return -ENOMEM;
	return event->process.tgid ? process_place(process, event) : 0;
}

void owner_store_command(struct owner_store *store,
			 const struct owner_process *key, const char *command)
{
	struct process *process = process_find(&store->processes, key);

	if (!process)
		return;
	free(process->owner.command);
	process->owner.command = command ? strdup(command) : NULL;
}

const struct owner *owner_store_owner(const struct owner_store *store,
				      const struct owner_process *key)
{
	const struct process *process = process_find(&store->processes, key);

	return process ? &process->owner : NULL;
}

/* ---- Sockets ---- */

static bool tuple_equal(const struct owner_tuple *a,
			const struct owner_tuple *b)
{
	return !memcmp(a, b, TUPLE_BYTES);
}

static bool is_unused(const struct entry *entry)
{
	return entry->known == OWNER_LISTENER && entry->last == INT64_MAX;
}

static void entry_unlink(struct owner_store *store, struct entry *entry)
{
	struct entry **at = tuple_slot(store, &entry->tuple);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	at = cookie_slot(store, entry->cookie);
	while (*at != entry)
		at = &(*at)->next_cookie;
	*at = entry->next_cookie;
	link_remove(&entry->link);
}

static void entry_link(struct owner_store *store, struct entry *entry)
{
	struct entry **slot = tuple_slot(store, &entry->tuple);

	entry->next = *slot;
	*slot = entry;
	slot = cookie_slot(store, entry->cookie);
	entry->next_cookie = *slot;
	*slot = entry;
}

static void entry_forget(struct owner_store *store, struct entry *entry)
{
	store->unused -= is_unused(entry);
	entry_unlink(store, entry);
	process_release(&store->processes, entry->process);
	free(entry);
	store->count--;
}

/* Both hashes, from the oldest on, so that the latest stay in front. */
static void entries_grow(struct owner_store *store)
{
	size_t slots = store->slots * 2;
	struct entry **tuples = calloc(slots, sizeof(struct entry *));
	struct entry **cookies = calloc(slots, sizeof(struct entry *));
	struct link *heads[] = {&store->gone, &store->alive};

	if (!tuples || !cookies) {
		free(tuples);
		free(cookies);
		return;
	}
	free(store->tuples);
	free(store->cookies);
	store->tuples = tuples;
	store->cookies = cookies;
	store->slots = slots;
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		for (struct link *link = heads[i]->next; link != heads[i];
		     link = link->next)
			entry_link(store, (struct entry *)link);
}

static void make_room(struct owner_store *store)
{
	struct link *head =
		store->gone.next != &store->gone ? &store->gone : &store->alive;

	if (store->count >= store->max)
		entry_forget(store, (struct entry *)head->next);
	else if (store->count >= store->slots)
		entries_grow(store);
}

static struct entry *entry_of(const struct owner_store *store,
			      const struct owner_event *event)
{
	struct entry *entry = *cookie_slot(store, event->cookie);

	while (entry && (entry->cookie != event->cookie ||
			 entry->tuple.netns != event->tuple.netns ||
			 !tuple_equal(&entry->tuple, &event->tuple)))
		entry = entry->next_cookie;
	return entry;
}

static struct entry *entry_make(struct owner_store *store,
				const struct owner_event *event,
				struct process *process)
{
	struct entry *entry;

	make_room(store);
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->tuple = event->tuple;
	entry->cookie = event->cookie;
	/* What was open before is as old as anything. */
	entry->first = event->known == OWNER_OPEN ? 0 : (int64_t)event->since;
	entry->last = INT64_MAX;
	entry->process = process;
	process_refer(&store->processes, process);
	entry_link(store, entry);
	/* Flows are many and soon forgotten. */
	link_append(event->tuple.flags & OWNER_TUPLE_FLOW ? &store->gone
							  : &store->alive,
		    &entry->link);
	store->count++;
	return entry;
}

/* One port, two sockets of two processes at a time: who can tell which of them
 * took a datagram? */
static bool is_shared(const struct entry *a, const struct entry *b)
{
	return !a->tuple.remote_port && a->cookie != b->cookie &&
	       (a->process->key.tgid != b->process->key.tgid ||
		a->process->key.start != b->process->key.start) &&
	       a->first <= b->last && b->first <= a->last;
}

static bool shares_port(const struct owner_store *store,
			const struct entry *entry)
{
	const struct entry *other = *tuple_slot(store, &entry->tuple);

	if (entry->tuple.remote_port || entry->tuple.protocol != IPPROTO_UDP)
		return false;
	while (other && (!tuple_equal(&other->tuple, &entry->tuple) ||
			 other->tuple.netns != entry->tuple.netns ||
			 !is_shared(other, entry)))
		other = other->next;
	return other;
}

bool owner_store_shares(const struct owner_store *store)
{
	return store->shares;
}

int owner_store_socket(struct owner_store *store,
		       const struct owner_event *event)
{
	struct process *process =
		process_get(&store->processes, &event->process);
	struct entry *entry;

	if (!process)
		return -ENOMEM;
	/* Neither may go while room is made. */
	process_refer(&store->processes, process);
	entry = entry_of(store, event);
	if (!entry)
		entry = entry_make(store, event, process);
	/* Two ways lead here, so one event may overtake another. */
	if (entry && entry->told <= (int64_t)event->time) {
		entry->told = (int64_t)event->time;
		store->unused -= is_unused(entry);
		process_refer(&store->processes, process);
		process_release(&store->processes, entry->process);
		entry->process = process;
		entry->known = event->known;
		entry->tuple.flags = event->tuple.flags;
		store->unused += is_unused(entry);
		store->shares |= shares_port(store, entry);
	}
	process_release(&store->processes, process);
	return entry ? 0 : -ENOMEM;
}

static void entry_end(struct owner_store *store, struct entry *entry,
		      const struct owner_event *event)
{
	store->unused -= is_unused(entry);
	entry->last = (int64_t)event->time;
	entry->srtt = event->srtt;
	entry->retransmits = event->retransmits;
	link_remove(&entry->link);
	link_append(&store->gone, &entry->link);
}

int owner_store_gone(struct owner_store *store, const struct owner_event *event)
{
	struct entry *entry;
	int result = 0;

	/* Of a connection, even if nothing was told before. */
	if (event->tuple.protocol && event->tuple.remote_port && event->known)
		result = owner_store_socket(store, event);
	entry = *cookie_slot(store, event->cookie);
	for (; entry; entry = entry->next_cookie)
		if (entry->cookie == event->cookie && entry->last == INT64_MAX)
			entry_end(store, entry, event);
	return result;
}

static bool entry_fits(const struct entry *entry,
		       const struct owner_tuple *tuple, enum owner_scope scope)
{
	bool here = entry->tuple.netns == tuple->netns;

	if (here != (scope != OWNER_ELSEWHERE) ||
	    !tuple_equal(&entry->tuple, tuple))
		return false;
	return scope != OWNER_HERE_DUAL ||
	       entry->tuple.flags & OWNER_TUPLE_DUAL;
}

void owner_store_lost(struct owner_store *store, int64_t from, int64_t until)
{
	if (from < store->lost_from)
		store->lost_from = from;
	if (until > store->lost_until)
		store->lost_until = until;
}

bool owner_store_doubts(const struct owner_store *store,
			struct owner_period period)
{
	return period.until >= store->lost_from;
}

/* How long before or after the period the socket was there; 0: then. */
static int64_t entry_distance(const struct entry *entry,
			      struct owner_period period)
{
	if (entry->first > period.until)
		return entry->first - period.until;
	return entry->last < period.from ? period.from - entry->last : 0;
}

/* May it be another's that was not heard of, or another's by now? */
static bool is_doubtful(const struct owner_store *store,
			const struct entry *entry, struct owner_period period)
{
	int64_t latest = entry->tuple.remote_port && entry->told < entry->last
				 ? entry->told
				 : entry->last;

	if (period.begins && latest < period.from - ABOUT_THEN)
		return true;
	if (!owner_store_doubts(store, period))
		return false;
	if (entry->last == INT64_MAX && entry->told < store->lost_until)
		return true;
	return entry_distance(entry, period) > ABOUT_THEN;
}

struct owner_end owner_store_find(const struct owner_store *store,
				  const struct owner_tuple *tuple,
				  enum owner_scope scope,
				  struct owner_period period)
{
	const struct entry *entry = *tuple_slot(store, tuple);
	const struct entry *best = NULL;
	int64_t nearest = INT64_MAX;

	/* The latest come first. A datagram socket is heard of just after its
	 * first packet was seen. */
	for (; entry; entry = entry->next) {
		int64_t distance;

		if (!entry_fits(entry, tuple, scope))
			continue;
		if (scope == OWNER_ELSEWHERE && best &&
		    best->tuple.netns != entry->tuple.netns)
			return (struct owner_end){0};
		distance = entry_distance(entry, period);
		if (best && !nearest && !distance && is_shared(best, entry))
			return (struct owner_end){0};
		if (!best || distance < nearest) {
			best = entry;
			nearest = distance;
		}
	}
	if (!best || is_doubtful(store, best, period))
		return (struct owner_end){0};
	return (struct owner_end){
		.owner = &best->process->owner,
		.known = (enum owner_known)best->known,
		.srtt = best->srtt,
		.retransmits = best->retransmits,
		.netns = scope == OWNER_ELSEWHERE ? best->tuple.netns : 0,
		.distance = nearest};
}

size_t owner_store_count(const struct owner_store *store)
{
	return store->count;
}

size_t owner_store_unused(const struct owner_store *store)
{
	return store->unused;
}

/* ---- The whole ---- */

struct owner_store *owner_store_new(size_t max_sockets)
{
	struct owner_store *store = calloc(1, sizeof(*store));

	if (!store)
		return NULL;
	link_init(&store->alive);
	link_init(&store->gone);
	store->lost_from = INT64_MAX;
	store->max = max_sockets ? max_sockets : 1;
	store->slots = SLOTS_FIRST;
	store->tuples = calloc(SLOTS_FIRST, sizeof(struct entry *));
	store->cookies = calloc(SLOTS_FIRST, sizeof(struct entry *));
	if (!process_table_init(&store->processes) || !store->tuples ||
	    !store->cookies) {
		owner_store_free(store);
		return NULL;
	}
	return store;
}

void owner_store_free(struct owner_store *store)
{
	if (!store)
		return;
	while (store->alive.next != &store->alive)
		entry_forget(store, (struct entry *)store->alive.next);
	while (store->gone.next != &store->gone)
		entry_forget(store, (struct entry *)store->gone.next);
	process_table_free(&store->processes);
	free(store->tuples);
	free(store->cookies);
	free(store);
}
