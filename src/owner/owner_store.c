/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/owner_store.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/utf8.h"

enum {
	PROCESSES_MAX = 16384, /* that own no socket any more */
	SLOTS_FIRST = 1024,
	/* Events and packets are timed by one clock, but each in its turn, and
	 * packets by way of the time of day. */
	ABOUT_THEN = 1000000,
};

/* In a circle with a head, the oldest first. */
struct link {
	struct link *next, *previous;
};

struct process {
	struct link link;     /* in store->idle, when nobody refers to it */
	struct process *next; /* in its slot */
	struct owner_process key;
	struct owner owner;
	size_t references;
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
	struct entry **tuples, **cookies;
	struct process **processes;
	size_t slots;	      /* of tuples and cookies; 2^n */
	size_t process_slots; /* 2^n */
	size_t count, max;
	size_t idle_count;
	size_t unused;
	struct link alive, gone, idle;
	bool shares;
	int64_t lost_from, lost_until; /* events; INT64_MAX, 0: none were */
};

/* ---- Circles ---- */

static void link_init(struct link *head)
{
	head->next = head->previous = head;
}

static void link_append(struct link *head, struct link *link)
{
	link->previous = head->previous;
	link->next = head;
	head->previous->next = link;
	head->previous = link;
}

static void link_remove(struct link *link)
{
	link->previous->next = link->next;
	link->next->previous = link->previous;
}

/* ---- Hashes ---- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

static uint64_t hash_bytes(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint64_t hash = 0, word;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = mix(hash, word);
	}
	return hash ^ hash >> 32;
}

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
	uint64_t hash = mix(0, cookie);

	return &store->cookies[(hash ^ hash >> 32) & (store->slots - 1)];
}

static uint64_t hash_process(const struct owner_process *key)
{
	return mix(mix(hash_bytes(key->comm, sizeof(key->comm)), key->start),
		   (uint64_t)key->tgid << 32 | key->uid);
}

/* ---- Processes ---- */

static bool process_is(const struct process *process,
		       const struct owner_process *key)
{
	return process->key.tgid == key->tgid &&
	       process->key.start == key->start &&
	       process->key.uid == key->uid &&
	       !memcmp(process->key.comm, key->comm, sizeof(key->comm));
}

static struct process **process_slot(const struct owner_store *store,
				     const struct owner_process *key)
{
	return &store->processes[hash_process(key) &
				 (store->process_slots - 1)];
}

static struct process *process_find(const struct owner_store *store,
				    const struct owner_process *key)
{
	struct process *process = *process_slot(store, key);

	while (process && !process_is(process, key))
		process = process->next;
	return process;
}

static void process_free(struct process *process)
{
	if (process) {
		free(process->owner.cgroup);
		free(process->owner.command);
	}
	free(process);
}

static void process_forget(struct owner_store *store, struct process *process)
{
	struct process **at = process_slot(store, &process->key);

	while (*at != process)
		at = &(*at)->next;
	*at = process->next;
	link_remove(&process->link);
	store->idle_count--;
	process_free(process);
}

static void process_grow(struct owner_store *store)
{
	size_t slots = store->process_slots * 2;
	struct process **grown = calloc(slots, sizeof(*grown));
	struct process **old = store->processes;
	size_t old_slots = store->process_slots;

	if (!grown)
		return; /* longer chains, nothing worse */
	store->processes = grown;
	store->process_slots = slots;
	for (size_t i = 0; i < old_slots; i++) {
		for (struct process *p = old[i], *next; p; p = next) {
			struct process **at = process_slot(store, &p->key);

			next = p->next;
			p->next = *at;
			*at = p;
		}
	}
	free(old);
}

/* Found or made; not referred to yet. NULL: no memory. */
static struct process *process_get(struct owner_store *store,
				   const struct owner_process *key)
{
	struct process *process = process_find(store, key);
	struct process **slot;

	if (process)
		return process;
	if (store->idle_count >= PROCESSES_MAX)
		process_forget(store, (struct process *)store->idle.next);
	else if (store->idle_count >= store->process_slots)
		process_grow(store);
	process = calloc(1, sizeof(*process));
	if (!process)
		return NULL;
	process->owner.cgroup = strdup("");
	if (!process->owner.cgroup) {
		process_free(process);
		return NULL;
	}
	process->key = *key;
	process->owner.pid = key->tgid;
	process->owner.uid = key->uid;
	process->owner.start = key->start;
	memcpy(process->owner.process, key->comm, sizeof(key->comm));
	/* A process may call itself anything. */
	utf8_make_printable(process->owner.process,
			    strnlen(process->owner.process, OWNER_COMM));
	slot = process_slot(store, key);
	process->next = *slot;
	*slot = process;
	link_append(&store->idle, &process->link);
	store->idle_count++;
	return process;
}

static void process_refer(struct owner_store *store, struct process *process)
{
	if (process->references++)
		return;
	link_remove(&process->link);
	store->idle_count--;
}

static void process_release(struct owner_store *store, struct process *process)
{
	if (--process->references)
		return;
	link_append(&store->idle, &process->link);
	store->idle_count++;
}

/*
 * The names from @at on, innermost first, up to the root's, which is empty; as
 * a path. *@at: behind them. NULL: no memory.
 */
static char *join_path(const struct owner_process_event *event, size_t *at)
{
	_cleanup_(strbuf_free) struct strbuf path = STRBUF_INIT;
	struct {
		const char *text;
		size_t length;
	} names[OWNER_CGROUP_LEVELS + 1];
	size_t count = 0, length = event->length;

	if (length > sizeof(event->names))
		length = sizeof(event->names);
	while (*at < length && count < ARRAY_SIZE(names)) {
		const char *name = event->names + *at;
		size_t n = strnlen(name, length - *at);

		*at += n + 1;
		if (!n)
			break;
		names[count].text = name;
		names[count++].length = n;
	}
	while (count--) {
		if (path.length || names[count].length != 3 ||
		    memcmp(names[count].text, "...", 3))
			strbuf_putc(&path, '/');
		strbuf_add(&path, names[count].text, names[count].length);
	}
	if (!path.length)
		strbuf_putc(&path, '/');
	/* Whoever may make a cgroup may call it anything. */
	utf8_make_printable(path.data, path.length);
	return strndup(path.data ? path.data : "", path.length);
}

/* Which of the paths of versions 1 and 2 says more? That which names a
 * container; else what is not the root. */
static bool says_more(const char *version1, const char *version2)
{
	struct container one, two;

	container_read(&one, version1);
	container_read(&two, version2);
	if (container_is(&one) != container_is(&two))
		return container_is(&one);
	return !strcmp(version2, "/");
}

/* NULL: no memory. */
static char *choose_path(const struct owner_process_event *event)
{
	size_t at = 0;
	char *path = join_path(event, &at), *other;

	if (!path || at >= event->length)
		return path;
	other = join_path(event, &at);
	if (other && says_more(other, path)) {
		free(path);
		return other;
	}
	free(other);
	return path;
}

int owner_store_process(struct owner_store *store,
			const struct owner_process_event *event)
{
	struct process *process = process_get(store, &event->process);
	char *path;

	if (!process)
		return -ENOMEM;
	if (!event->process.tgid)
		return 0;
	path = choose_path(event);
	if (!path)
		return -ENOMEM;
	free(process->owner.cgroup);
	process->owner.cgroup = path;
	container_read(&process->owner.container, path);
	return 0;
}

void owner_store_command(struct owner_store *store,
			 const struct owner_process *key, const char *command)
{
	struct process *process = process_find(store, key);

	if (!process)
		return;
	free(process->owner.command);
	process->owner.command = command ? strdup(command) : NULL;
}

const struct owner *owner_store_owner(const struct owner_store *store,
				      const struct owner_process *key)
{
	const struct process *process = process_find(store, key);

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
	process_release(store, entry->process);
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
	process_refer(store, process);
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
	struct process *process = process_get(store, &event->process);
	struct entry *entry;

	if (!process)
		return -ENOMEM;
	/* Neither may go while room is made. */
	process_refer(store, process);
	entry = entry_of(store, event);
	if (!entry)
		entry = entry_make(store, event, process);
	/* Two ways lead here, so one event may overtake another. */
	if (entry && entry->told <= (int64_t)event->time) {
		entry->told = (int64_t)event->time;
		store->unused -= is_unused(entry);
		process_refer(store, process);
		process_release(store, entry->process);
		entry->process = process;
		entry->known = event->known;
		entry->tuple.flags = event->tuple.flags;
		store->unused += is_unused(entry);
		store->shares |= shares_port(store, entry);
	}
	process_release(store, process);
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
	return (struct owner_end){.owner = &best->process->owner,
				  .known = (enum owner_known)best->known,
				  .srtt = best->srtt,
				  .retransmits = best->retransmits,
				  .netns = scope == OWNER_ELSEWHERE
						   ? best->tuple.netns
						   : 0,
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
	link_init(&store->idle);
	store->lost_from = INT64_MAX;
	store->max = max_sockets ? max_sockets : 1;
	store->slots = store->process_slots = SLOTS_FIRST;
	store->tuples = calloc(SLOTS_FIRST, sizeof(struct entry *));
	store->cookies = calloc(SLOTS_FIRST, sizeof(struct entry *));
	store->processes = calloc(SLOTS_FIRST, sizeof(struct process *));
	if (!store->tuples || !store->cookies || !store->processes) {
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
	while (store->idle.next != &store->idle)
		process_forget(store, (struct process *)store->idle.next);
	free(store->tuples);
	free(store->cookies);
	free(store->processes);
	free(store);
}
