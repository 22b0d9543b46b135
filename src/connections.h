/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Connections as the program has them: the table, and where the connections go
 * that have ended: the log, the summary.
 */
#ifndef BSNIFF_CONNECTIONS_H
#define BSNIFF_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "src/base/frame.h"
#include "src/base/strbuf.h"
#include "src/options.h"
#include "src/owners.h"

struct connections;

/* What goes with a run's connections into the summary. */
struct run_counters {
	struct tap_counters tap;
	uint64_t written; /* packets in the file of -w */
	bool live;
};

/* Do the options want connections to be counted at all? */
bool connections_wanted(const struct options *options);

/*
 * 0 and the caller's *@connections; or a negative errno after having said why.
 * @options is borrowed. @interface_name: may return NULL; its result is
 * borrowed.
 * @owners: who the processes are; borrowed, NULL: nobody knows.
 */
int connections_open(struct connections **connections,
		     const struct options *options, struct owners *owners,
		     const char *(*interface_name)(uint32_t index,
						   void *context),
		     void *context);
void connections_free(struct connections *connections); /* NULL is allowed */

/* From CLOCK_MONOTONIC to the epoch, ns; for deltas. */
void connections_set_clock(struct connections *connections, int64_t offset);

void connections_add_delta(struct connections *connections,
			   const struct flow_delta *delta);
void connections_add_frame(struct connections *connections,
			   const struct frame *frame);

/* A copied packet, whose flow is in a delta: see whether it names something. */
void connections_peek_frame(struct connections *connections,
			    const struct frame *frame);

/* Live, many times a second: keys of the screen, and its size. */
void connections_tend_screen(struct connections *connections);

/* All deltas up to now have been added: merge them; let the idle ones end. */
void connections_settle(struct connections *connections);

/* Has the reader of standard output, where the log or events go, gone? */
bool connections_are_unread(const struct connections *connections);

/* End all that are open. 0, or a negative errno after having said why: the log
 * or the events could not be written. */
int connections_finish(struct connections *connections);

/* The summary: text to standard error, JSON to standard output. */
int connections_report(struct connections *connections,
		       const struct run_counters *counters);

#endif
