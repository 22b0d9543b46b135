/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A delta into a connection. What only adds up may come in any order; what the
 * sequence numbers say (retransmitted, out of order, gaps, duplicate
 * acknowledgments) is right when a direction's deltas come in order of time.
 */
#ifndef BSNIFF_FLOW_FLOW_MERGE_H
#define BSNIFF_FLOW_FLOW_MERGE_H

#include "src/flow/connection.h"

/* A delta, and where it belongs. */
struct merge {
	struct connection *c;
	const struct flow_delta *delta;
	struct connection_side *side;
	int index;     /* of side */
	int64_t first; /* the delta's first packet, ns since the epoch */
	uint64_t base; /* the same on the clock of the connection's events */
};

struct merge merge_make(struct connection *c, const struct flow_delta *delta,
			int side, int64_t first);

/*
 * The checksum of @delta's one packet is wrong. Was it damaged on its way to
 * side @side's peer? Only of a sender whose checksums were right before it can
 * be told: others leave them to the network card, or their addresses were made
 * anonymous; then the mark is taken away. What was damaged is thrown away by
 * whoever gets it, as Zeek does: only what it weighed is left. @c: its
 * connection, NULL: there is none yet.
 */
void merge_judge_damage(struct flow_delta *delta, const struct connection *c,
			int side);

/* Add all but the payload's sequence numbers. */
void merge_delta(struct merge *m);

/*
 * The sequence numbers come in steps, so that deltas of several CPUs can be
 * interleaved: as many as merge_steps(), each at merge_step_time() (ns after
 * the delta's first packet).
 */
unsigned int merge_steps(const struct flow_delta *delta);
uint32_t merge_step_time(const struct flow_delta *delta, unsigned int step);
void merge_step(struct merge *m, unsigned int step);

/* Is there an ICMP error in it, which speaks of another connection? */
static inline bool merge_has_error(const struct flow_delta *delta)
{
	return delta->events & 1u << FLOW_EVENT_ICMP_ERROR;
}

/* Is there a FIN or RST in it? (Of TCP.) */
static inline bool merge_may_end(const struct flow_delta *delta)
{
	return delta->events & (1u << FLOW_EVENT_FIN | 1u << FLOW_EVENT_RST |
				1u << FLOW_EVENT_FIN_RST);
}

#endif
