/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/report/event_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"

enum {
	/* The second SYN comes after one second, and tells whose it is at the
	 * latest. */
	WAIT = 1200000000,
	WAITING_MAX = 256, /* lines; of more, none waits */
};

struct line {
	int64_t time;
	uint64_t order; /* of those at the same time */
	struct connection_identity connection;
	char *text;
	size_t length;
	size_t owner_at; /* in text */
	bool may_wait;
};

struct event_queue {
	struct event_queue_options options;
	struct line *lines;
	size_t count, room;
	size_t waiting; /* of them, the first ones */
	uint64_t order;
};

struct event_queue *event_queue_new(const struct event_queue_options *options)
{
	struct event_queue *queue = calloc(1, sizeof(*queue));

	if (queue)
		queue->options = *options;
	return queue;
}

void event_queue_free(struct event_queue *queue)
{
	if (!queue)
		return;
	for (size_t i = 0; i < queue->count; i++)
		free(queue->lines[i].text);
	free(queue->lines);
	free(queue);
}

static int make_room(struct event_queue *queue)
{
	size_t room = queue->room ? queue->room * 2 : 64;
	struct line *lines;

	if (queue->count < queue->room)
		return 0;
	lines = realloc(queue->lines, room * sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	queue->lines = lines;
	queue->room = room;
	return 0;
}

/* A SYN, and no answer so far. */
static bool is_call(const struct connection *c,
		    const struct connection_identity *identity)
{
	return identity->begins && !c->side[!identity->originator].packets;
}

int event_queue_add(struct event_queue *queue, const struct connection *c,
		    const struct flow_change *change)
{
	struct strbuf text = STRBUF_INIT;
	size_t at = event_log_put(&text, c, change);
	struct line *line;
	int error;

	if (!at)
		return 0;
	error = make_room(queue);
	if (error) {
		strbuf_free(&text);
		return error;
	}
	line = &queue->lines[queue->count++];
	*line = (struct line){
		.time = change->time,
		.order = queue->order++,
		.connection = connection_identify(c),
		.text = text.data, /* it is ours now */
		.length = text.length,
		.owner_at = at,
	};
	line->may_wait = queue->options.owner_may_come &&
			 change->kind == FLOW_CHANGE_OPEN &&
			 is_call(c, &line->connection);
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Is there another line of the same connection behind line @i? */
static bool goes_on(const struct event_queue *queue, size_t i)
{
	const struct connection_identity *c = &queue->lines[i].connection;

	for (size_t k = i + 1; k < queue->count; k++)
		if (delta_key_equal(&queue->lines[k].connection.key, &c->key))
			return true;
	return false;
}

static bool waits(const struct event_queue *queue, size_t i, int64_t now)
{
	const struct line *line = &queue->lines[i];

	return line->may_wait && now < line->time + WAIT &&
	       queue->waiting < WAITING_MAX &&
	       queue->options.owner_may_come(&line->connection,
					     queue->options.context) &&
	       !goes_on(queue, i);
}

void event_queue_put(struct event_queue *queue, struct strbuf *out, int64_t now)
{
	const struct event_queue_options *options = &queue->options;

	if (!queue->count)
		return;
	qsort(queue->lines, queue->count, sizeof(*queue->lines), compare_lines);
	queue->waiting = 0;
	for (size_t i = 0; i < queue->count; i++) {
		struct line *line = &queue->lines[i];
		const char *owner = NULL;

		if (options->owner)
			owner = options->owner(&line->connection,
					       options->context);
		if (!owner && waits(queue, i, now)) {
			queue->lines[queue->waiting++] = *line;
			continue;
		}
		strbuf_add(out, line->text, line->owner_at);
		if (options->owner)
			event_log_put_owner(out, owner);
		strbuf_add(out, line->text + line->owner_at,
			   line->length - line->owner_at);
		free(line->text);
	}
	queue->count = queue->waiting;
}
