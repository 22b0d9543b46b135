/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Live deltas that wait to be merged into the table, in order of time.
 */
#ifndef BSNIFF_FLOW_FLOW_WAITING_H
#define BSNIFF_FLOW_FLOW_WAITING_H

#include <stddef.h>

#include "bpf/contract.h"

struct flow_table;
struct flow_waiting;

/* NULL: no memory. */
struct flow_waiting *flow_waiting_new(void);
void flow_waiting_free(struct flow_waiting *waiting); /* NULL is allowed */

/* Let table->waiting take @delta (it is copied). When too many wait, they are
 * merged now. 0 or -ENOMEM. */
int flow_waiting_add(struct flow_table *table, const struct flow_delta *delta);

/* Merge all that wait. 0 or -ENOMEM: of some, there was no memory for the
 * connection. */
int flow_waiting_merge(struct flow_table *table);

/* Bytes that it holds. */
size_t flow_waiting_memory(const struct flow_waiting *waiting);

#endif
