/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/merge.h"

#include <errno.h>
#include <stdlib.h>

int merge_init(struct merge *merge, struct tap_ring *rings, size_t count)
{
	*merge = (struct merge){.rings = rings, .count = count};
	merge->heads = calloc(count + 1, sizeof(*merge->heads));
	return merge->heads ? 0 : -ENOMEM;
}

void merge_free(struct merge *merge)
{
	free(merge->heads);
	merge->heads = NULL;
}

static void look(struct merge *merge, size_t i)
{
	size_t length;

	merge->heads[i] = tap_ring_peek(&merge->rings[i], &length);
}

void merge_refresh(struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		if (!merge->heads[i])
			look(merge, i);
	merge->until = 0;
}

/* Find the ring with the oldest head, and how long it stays the oldest. */
static void choose(struct merge *merge)
{
	uint64_t first = UINT64_MAX;

	merge->until = UINT64_MAX;
	for (size_t i = 0; i < merge->count; i++) {
		uint64_t time =
			merge->heads[i] ? merge->heads[i]->time : UINT64_MAX;

		if (time < first) {
			merge->until = first;
			first = time;
			merge->current = i;
		} else if (time < merge->until) {
			merge->until = time;
		}
	}
}

const struct tap_record *merge_next(struct merge *merge, uint64_t horizon)
{
	const struct tap_record *record;

	if (!merge->count)
		return NULL;
	record = merge->heads[merge->current];
	if (!record || record->time > merge->until) {
		choose(merge);
		record = merge->heads[merge->current];
	}
	if (!record || record->time > horizon)
		return NULL;
	merge->passed += sizeof(*record) + record->caplen;
	tap_ring_next(&merge->rings[merge->current]);
	look(merge, merge->current);
	return record;
}

bool merge_is_holding(const struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		if (merge->heads[i])
			return true;
	return false;
}

void merge_release(struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		tap_ring_release(&merge->rings[i]);
	merge->passed = 0;
}
