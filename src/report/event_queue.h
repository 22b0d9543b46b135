/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines of --events, live: put in order of time, a batch at a time. The line of
 * a connection that nobody has answered yet waits for a moment, until it is
 * known whose it is.
 */
#ifndef BSNIFF_REPORT_EVENT_QUEUE_H
#define BSNIFF_REPORT_EVENT_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/strbuf.h"
#include "src/flow/connection.h"
#include "src/report/event_log.h"

struct event_queue;

struct event_queue_options {
	/* What the owner is called ("curl/1234"); its result is borrowed; NULL:
	 * not known. Without it there is no column of owners. */
	const char *(*owner)(const struct connection_identity *c,
			     void *context);
	/* May the owner of such a connection be known soon? NULL: no. */
	bool (*owner_may_come)(const struct connection_identity *c,
			       void *context);
	void *context;
};

/* NULL: no memory. */
struct event_queue *event_queue_new(const struct event_queue_options *options);
void event_queue_free(struct event_queue *queue); /* NULL is allowed */

/* Something happened to @c, which is not needed any more afterwards. 0 or
 * -ENOMEM. */
int event_queue_add(struct event_queue *queue, const struct connection *c,
		    const struct flow_change *change);

/* All lines to @out, in order, but those that wait at @now (ns since the epoch;
 * INT64_MAX: none does). */
void event_queue_put(struct event_queue *queue, struct strbuf *out,
		     int64_t now);

#endif
