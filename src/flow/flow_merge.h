/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A delta into a connection. What only adds up may come in any order; what the
 * sequence numbers say (retransmitted, out of order, gaps, duplicate
 * acknowledgments) is right when a direction's deltas come in order of time.
 */
#ifndef BSNIFF_FLOW_FLOW_MERGE_H
#define BSNIFF_FLOW_FLOW_MERGE_H

#include "src/flow/connection.h"

/*
 * Add @delta, which is of side @side, to @c. @first is its first packet's time
 * in ns since the epoch; @epoch the time that events are counted from.
 */
void flow_merge(struct connection *c, const struct flow_delta *delta, int side,
		int64_t first, int64_t epoch);

#endif
