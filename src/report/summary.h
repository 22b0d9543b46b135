/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is said at the end of a run: a table of connections for people, or one
 * JSON object for machines, and the accounting.
 *
 * Connections are added as they end (flow_table's on_end, which the table also
 * calls for each connection at exit). Memory is bounded: the table keeps the
 * rows that would be shown, the JSON waits in a temporary file.
 */
#ifndef BSNIFF_REPORT_SUMMARY_H
#define BSNIFF_REPORT_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"

enum summary_sort {
	SUMMARY_SORT_BYTES,
	SUMMARY_SORT_PACKETS,
	SUMMARY_SORT_START,
	SUMMARY_SORT_DURATION,
	SUMMARY_SORT_RTT,
	SUMMARY_SORT_RETRANSMITS,
};

enum summary_group {
	SUMMARY_BY_CONNECTION,
	SUMMARY_BY_HOST, /* each connection counts for both its ends */
	SUMMARY_BY_PORT, /* the responder's port and protocol */
	SUMMARY_BY_PROCESS,
	SUMMARY_BY_CONTAINER,
};

struct summary_options {
	bool json; /* keep the records for summary_write_json() */
	enum summary_sort sort;
	enum summary_group group;
	unsigned int top;			/* rows of the table; 0: 1000 */
	unsigned int width;			/* columns it may take; 0: 80 */
	const struct conn_log_context *context; /* NULL: nothing is known */
	/* The owner as text ("curl/1234"), and its container; NULL or a
	 * function that returns NULL: not known. */
	const char *(*process)(const struct connection *c, void *context);
	const char *(*container)(const struct connection *c, void *context);
	void *owner_context;
};

/* The run's counters, in packets; see struct tap_counters. */
struct summary_counters {
	uint64_t seen;
	uint64_t matched;
	uint64_t matched_bytes;
	uint64_t matched_segments;
	uint64_t sampled_out;
	uint64_t copied;
	uint64_t ring_full;
	uint64_t copy_failed;
	uint64_t unaccounted;
	uint64_t undecided; /* not matched: nobody knows whose they are */
	uint64_t too_deep;  /* not matched: more headers than are followed */
	uint64_t written;
	bool is_live; /* the accounting of copies makes sense */
};

struct summary;

/* NULL: no memory, or no temporary file (errno says). */
struct summary *summary_new(const struct summary_options *options);
void summary_free(struct summary *summary); /* NULL is allowed */

static inline void summary_freep(struct summary **summary)
{
	summary_free(*summary);
}

/* Count a connection that has ended. 0 or a negative errno. */
int summary_add(struct summary *summary, const struct connection *c);

/*
 * For --interval: count a delta (flow_table's on_delta), and packets that were
 * sent again (FLOW_CHANGE_RETRANSMIT); end the interval; and print the table of
 * what was counted in the one that ended last, as often as need be. A summary
 * that is used so is used for nothing else.
 */
int summary_count(struct summary *summary, const struct connection *c, int side,
		  const struct flow_delta *delta);
int summary_count_retransmits(struct summary *summary,
			      const struct connection *c, uint32_t count);
void summary_end_interval(struct summary *summary);
void summary_put_recent(struct summary *summary, struct strbuf *out);

/* From now on, show so many rows of that width in that order. */
void summary_set_view(struct summary *summary, enum summary_sort sort,
		      unsigned int top, unsigned int width);

/* The table, the totals and the accounting line. */
void summary_put_text(struct summary *summary,
		      const struct summary_counters *counters,
		      const struct flow_totals *totals, struct strbuf *out);

/* {"counters":{…},"connections":[…]} and a newline. 0 or a negative errno. */
int summary_write_json(struct summary *summary,
		       const struct summary_counters *counters, FILE *to);

/* The names of the options' values, for the command line: index by the enum,
 * NULL at the end. */
extern const char *const summary_sort_names[];
extern const char *const summary_group_names[];

#endif
