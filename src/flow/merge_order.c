// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/merge_order.h"

#include <stdlib.h>

#include "src/flow/flow_merge.h"

static int compare_items(const void *a, const void *b)
{
	const struct merge_item *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->delta != y->delta)
		return x->delta < y->delta ? -1 : 1;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	return (int)x->step - (int)y->step;
}

size_t merge_order(const struct flow_delta *deltas, size_t count,
		   struct merge_item *items)
{
	size_t n = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct flow_delta *delta = &deltas[i];
		unsigned int steps = merge_steps(delta);

		items[n++] = (struct merge_item){delta->first, i, MERGE_DELTA,
						 0};
		if (merge_has_error(delta))
			items[n++] = (struct merge_item){
				delta->first +
					delta->when[FLOW_EVENT_ICMP_ERROR],
				i, MERGE_ERROR, 0};
		for (unsigned int k = 0; k < steps; k++)
			items[n++] = (struct merge_item){
				delta->first + merge_step_time(delta, k), i,
				MERGE_STEP, k};
	}
	qsort(items, n, sizeof(*items), compare_items);
	return n;
}
