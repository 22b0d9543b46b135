/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Deltas of several CPUs, taken apart and put in order of time: first what of a
 * delta only adds up, then its steps (flow_merge.h), each at its moment, so
 * that the steps of another delta may come in between.
 */
#ifndef BSNIFF_FLOW_MERGE_ORDER_H
#define BSNIFF_FLOW_MERGE_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"

enum merge_what {
	MERGE_DELTA, /* all but the steps */
	MERGE_STEP,
	MERGE_ERROR, /* the ICMP error in it */
};

struct merge_item {
	uint64_t time;	/* as the delta's first */
	uint32_t delta; /* its number */
	uint16_t step;	/* of MERGE_STEP */
	uint16_t what;	/* enum merge_what */
};

/* Items that a delta makes at most. */
enum { MERGE_ITEMS = FLOW_RUNS + 2 };

/* What @deltas make, sorted, into @items (twice MERGE_ITEMS a delta, for there
 * must be room to sort). Returns how many. What is at the same time is in the
 * order of the deltas, of enum merge_what and of the steps. */
size_t merge_order(const struct flow_delta *deltas, size_t count,
		   struct merge_item *items);

#endif
