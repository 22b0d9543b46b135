/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/owner_table.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "src/base/cleanup.h"
#include "src/owner/local_addresses.h"
#include "src/owner/owner_program.h"
#include "src/owner/owner_store.h"
#include "src/source/ring.h"

enum {
	SOCKETS_DEFAULT = 262144,
	/* 16,000 connections a second make 50 ms of 1 MiB. */
	RING_BYTES = 4 << 20,
	/* How often to look who holds what listeners have accepted. */
	SCAN_PAUSE = 1000000000,
	/* The time of day may be off by so much and was not set anew. */
	CLOCK_STEADY = 500000,
};

struct owner_table {
	struct owner_program *program;
	struct owner_store *store;
	struct local_addresses addresses;
	uint32_t netns;	 /* inode number of ours */
	int64_t scanned; /* ns */
	int64_t offset;	 /* from CLOCK_MONOTONIC to the epoch, at the start */
	int64_t looked;	 /* ns: for lost events */
	uint64_t lost;	 /* so many by then */
	bool must_scan;	 /* for all sockets again */
	struct owner_wishes wishes;
	uint64_t generation;
};

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* From CLOCK_MONOTONIC to the epoch. */
static int64_t time_of_day(void)
{
	enum { SHORT = 20000, TRIES = 8 };
	int64_t offset = 0;

	/* As good as undisturbed in between. */
	for (int i = 0; i < TRIES; i++) {
		int64_t before = clock_ns(CLOCK_MONOTONIC);
		int64_t day = clock_ns(CLOCK_REALTIME);
		int64_t after = clock_ns(CLOCK_MONOTONIC);

		offset = day - before - (after - before) / 2;
		if (after - before < SHORT)
			break;
	}
	return offset;
}

/* ---- Taking in ---- */

static void take_command(struct owner_table *table,
			 const struct owner_command_event *event)
{
	_cleanup_(strbuf_free) struct strbuf command = STRBUF_INIT;
	const struct owner *owner =
		owner_store_owner(table->store, &event->process);

	if (!owner)
		return;
	owner_store_command(table->store, &event->process,
			    owner_put_command_line(owner, event, &command)
				    ? strbuf_text(&command)
				    : NULL);
}

static void take(struct owner_table *table, const void *record, size_t length)
{
	const struct owner_event *event = record;

	table->generation++;
	switch ((enum owner_event_type)event->type) {
	case OWNER_EVENT_PROCESS:
		if (length >= sizeof(struct owner_process_event))
			owner_store_process(table->store, record);
		break;
	case OWNER_EVENT_COMMAND:
		if (length >= sizeof(struct owner_command_event))
			take_command(table, record);
		break;
	case OWNER_EVENT_SOCKET:
		owner_store_socket(table->store, event);
		break;
	case OWNER_EVENT_GONE:
		owner_store_gone(table->store, event);
		break;
	}
}

static void drain(struct owner_table *table)
{
	struct ring *ring = owner_program_ring(table->program);
	const void *record;
	size_t length;

	while ((record = ring_peek(ring, &length))) {
		if (length >= sizeof(struct owner_event))
			take(table, record, length);
		ring_next(ring);
		ring_release(ring);
	}
}

/* Processes are told through the ring, sockets through the iterator. */
static void take_scanned(void *user, const struct owner_event *event)
{
	struct owner_table *table = user;

	drain(table);
	table->generation++;
	owner_store_socket(table->store, event);
}

static int scan(struct owner_table *table)
{
	int error;

	drain(table);
	error = owner_program_scan(table->program, take_scanned, table);
	drain(table);
	table->scanned = clock_ns(CLOCK_MONOTONIC);
	return error;
}

/* What is missing was told of since the last look. */
static void look_for_lost(struct owner_table *table)
{
	int64_t now = clock_ns(CLOCK_MONOTONIC);
	uint64_t lost = owner_program_lost(table->program);

	if (lost != table->lost) {
		owner_store_lost(table->store, table->looked, now);
		table->wishes.again = (uint64_t)now;
		owner_program_wish(table->program, &table->wishes);
		table->must_scan = true;
		table->generation++;
	}
	table->lost = lost;
	table->looked = now;
}

static void look_for_shared(struct owner_table *table)
{
	if (table->wishes.shared || !owner_store_shares(table->store))
		return;
	table->wishes.shared = 1;
	owner_program_wish(table->program, &table->wishes);
}

void owner_poll(struct owner_table *table, bool is_last)
{
	bool is_due = clock_ns(CLOCK_MONOTONIC) - table->scanned > SCAN_PAUSE;

	drain(table);
	look_for_lost(table);
	look_for_shared(table);
	if ((is_due && owner_store_unused(table->store)) ||
	    ((is_due || is_last) && table->must_scan)) {
		table->must_scan = false;
		scan(table);
	}
}

/* ---- Beginning and ending ---- */

static int start(struct owner_table *table, const struct owner_options *options,
		 struct strbuf *error)
{
	const struct owner_config config = {
		.filter = options->filter,
		.command_lines = options->command_lines,
	};
	struct stat netns;
	int result;

	if (stat("/proc/thread-self/ns/net", &netns)) {
		result = -errno;
		strbuf_printf(error, "/proc/thread-self/ns/net: %s",
			      strerror(-result));
		return result;
	}
	table->netns = (uint32_t)netns.st_ino;
	table->store = owner_store_new(
		options->max_sockets ? options->max_sockets : SOCKETS_DEFAULT);
	if (!table->store) {
		strbuf_puts(error, strerror(ENOMEM));
		return -ENOMEM;
	}
	result =
		owner_program_load(&table->program, &config, &options->tap,
				   RING_BYTES, error);
	if (!result)
		scan(table); /* without an iterator: what is used from now on */
	return result;
}

int owner_start(struct owner_table **out, const struct owner_options *options,
		struct strbuf *error)
{
	struct owner_table *table = calloc(1, sizeof(*table));
	int result;

	if (!table)
		return -ENOMEM;
	table->generation = 1;
	table->offset = time_of_day();
	table->looked = clock_ns(CLOCK_MONOTONIC);
	result = start(table, options, error);
	if (result)
		owner_free(table);
	else
		*out = table;
	return result;
}

void owner_free(struct owner_table *table)
{
	if (!table)
		return;
	owner_program_free(table->program);
	owner_store_free(table->store);
	local_addresses_free(&table->addresses);
	free(table);
}

int owner_sockets_map(const struct owner_table *table)
{
	return owner_program_sockets(table->program);
}

bool owner_sees_first(const struct owner_table *table)
{
	return owner_program_sees_first(table->program);
}

uint64_t owner_generation(const struct owner_table *table)
{
	return table->generation;
}

uint64_t owner_lost(const struct owner_table *table)
{
	return owner_program_lost(table->program);
}

/* ---- Asking ---- */

/* The tuple of a socket at the source of @key. */
static struct owner_tuple tuple_of(const struct owner_table *table,
				   const struct flow_key *key)
{
	struct owner_tuple tuple = {
		.local_port = key->source_port,
		.remote_port = key->destination_port,
		.protocol = key->protocol,
		.family = key->family,
		.netns = table->netns,
	};

	memcpy(tuple.local, key->source, sizeof(tuple.local));
	memcpy(tuple.remote, key->destination, sizeof(tuple.remote));
	return tuple;
}

static struct flow_key reverse_of(const struct flow_key *key)
{
	struct flow_key reverse = *key;

	memcpy(reverse.source, key->destination, sizeof(reverse.source));
	memcpy(reverse.destination, key->source, sizeof(reverse.destination));
	reverse.source_port = key->destination_port;
	reverse.destination_port = key->source_port;
	return reverse;
}

/* Of two that may be it, the nearer in time; @a when they are equal. */
static struct owner_end nearer(struct owner_end a, struct owner_end b)
{
	return !a.owner || (b.owner && b.distance < a.distance) ? b : a;
}

/* A socket that listens, or takes datagrams from anybody. */
static struct owner_end find_unconnected(struct owner_table *table,
					 struct owner_tuple tuple,
					 struct owner_period period)
{
	struct owner_end end;

	/* Whose it was that a listener accepted may have been told, but lost. */
	if (tuple.protocol == IPPROTO_TCP &&
	    owner_store_doubts(table->store, period))
		return (struct owner_end){0};
	if (!local_addresses_have(&table->addresses, tuple.family, tuple.local,
				  clock_ns(CLOCK_MONOTONIC)))
		return (struct owner_end){0};
	memset(tuple.remote, 0, sizeof(tuple.remote));
	tuple.remote_port = 0;
	end = owner_store_find(table->store, &tuple, OWNER_HERE, period);
	memset(tuple.local, 0, sizeof(tuple.local));
	end = nearer(end, owner_store_find(table->store, &tuple, OWNER_HERE,
					   period));
	if (tuple.family != FLOW_IPV4)
		return end;
	tuple.family = FLOW_IPV6;
	return nearer(end, owner_store_find(table->store, &tuple,
					    OWNER_HERE_DUAL, period));
}

static bool is_loopback(const struct owner_tuple *tuple)
{
	static const uint8_t loopback6[16] = {[15] = 1};

	return tuple->family == FLOW_IPV4
		       ? tuple->local[0] == 127
		       : !memcmp(tuple->local, loopback6, sizeof(loopback6));
}

static struct owner_end find_source(struct owner_table *table,
				    const struct flow_key *key,
				    struct owner_period period)
{
	struct owner_tuple tuple = tuple_of(table, key);
	struct owner_end end;

	end = owner_store_find(table->store, &tuple, OWNER_HERE, period);
	if (!end.owner)
		end = find_unconnected(table, tuple, period);
	if (!end.owner && !is_loopback(&tuple))
		end = owner_store_find(table->store, &tuple, OWNER_ELSEWHERE,
				       period);
	return end;
}

void owner_find(struct owner_table *table, const struct flow_key *key,
		struct owner_period period, struct owner_end ends[2])
{
	int64_t offset = time_of_day(), moved = offset - table->offset;
	struct flow_key reverse;

	period.from -= offset;
	period.until -= offset;
	/* The clock was set: when it was before, that is not known any more. */
	if (moved > CLOCK_STEADY || moved < -CLOCK_STEADY)
		period.begins = false;

	ends[0] = ends[1] = (struct owner_end){0};
	if (key->family != FLOW_IPV4 && key->family != FLOW_IPV6)
		return;
	reverse = reverse_of(key);
	ends[0] = find_source(table, key, period);
	ends[1] = find_source(table, &reverse, period);
}

bool owner_is_here(struct owner_table *table, const struct flow_key *key,
		   int end)
{
	return local_addresses_have(&table->addresses, key->family,
				    end ? key->destination : key->source,
				    clock_ns(CLOCK_MONOTONIC));
}
