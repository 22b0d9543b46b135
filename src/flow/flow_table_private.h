/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of connections, from inside: what flow_table.c and flow_waiting.c
 * share.
 */
#ifndef BSNIFF_FLOW_FLOW_TABLE_PRIVATE_H
#define BSNIFF_FLOW_FLOW_TABLE_PRIVATE_H

#include "src/flow/connection_store.h"
#include "src/flow/flow_frame.h"
#include "src/flow/flow_table.h"
#include "src/flow/flow_waiting.h"

struct flow_table {
	struct flow_table_options options;
	struct flow_totals totals;
	struct connection_store store;
	uint32_t hand; /* where the next eviction looks */

	int32_t epoch; /* of events; set by the first delta */
	bool has_epoch;
	int64_t expired; /* a file's second in which all were looked at */
	uint32_t next_to_expire; /* the record to look at next */

	struct flow_waiting *waiting; /* live deltas; made when first needed */
	struct flow_frames *frames;   /* of files; made when first needed */
};

/* Where a delta belongs. */
struct flow_place {
	const struct flow_key *key; /* canonical */
	uint32_t hash;		    /* of it */
	int side;		    /* that sent the delta's packets */
};

/* Merge all of @delta but its steps; @first: of its first packet, ns since the
 * epoch. The connection, or NULL: no memory. */
struct connection *flow_table_merge_now(struct flow_table *table,
					const struct flow_delta *delta,
					const struct flow_place *at,
					int64_t first);

/* Merge a step of a delta that was merged into @c a moment ago. */
void flow_table_merge_step(struct flow_table *table, struct connection *c,
			   const struct flow_delta *delta, int side,
			   int64_t first, unsigned int step);

/* Tie an ICMP error to the connection whose packet it cites. False: there is
 * none. */
bool flow_table_note_error(struct flow_table *table,
			   const struct flow_delta *delta);

/* Tell on_change. */
void flow_table_tell(const struct flow_table *table, const struct connection *c,
		     struct flow_change change);

#endif
