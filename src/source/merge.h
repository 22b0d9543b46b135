/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rings of all CPUs as one stream of packet records, ordered by time.
 *
 * Within a ring records are in order. Between rings they are ordered as far as
 * they can be: a record is held back until it is older than a horizon, by when
 * each CPU has put into its ring what it saw earlier.
 */
#ifndef BSNIFF_SOURCE_MERGE_H
#define BSNIFF_SOURCE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "src/source/tap_ring.h"

struct merge {
	struct tap_ring *rings; /* borrowed */
	size_t count;
	const struct tap_record **heads; /* the next of each ring, or NULL */
	size_t current;			 /* the ring of the record given last */
	uint64_t until;			 /* stay with it up to this time */
	size_t passed;			 /* bytes passed and not given back */
};

/* 0 or -ENOMEM. */
int merge_init(struct merge *merge, struct tap_ring *rings, size_t count);
void merge_free(struct merge *merge);

/* Look again at rings that were empty. */
void merge_refresh(struct merge *merge);

/*
 * The oldest record that is not younger than @horizon (ns, CLOCK_MONOTONIC),
 * or NULL. It is valid until merge_release().
 */
const struct tap_record *merge_next(struct merge *merge, uint64_t horizon);

/* Is something waiting that the horizon holds back? */
bool merge_is_holding(const struct merge *merge);

/* Give all that was passed back to the kernel. Not after each record, for the
 * kernel reads the position, too. */
void merge_release(struct merge *merge);

#endif
