// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/merge_order.h"

#include <stdbool.h>
#include <string.h>

#include "src/flow/flow_merge.h"

enum {
	FEW = 64, /* are sorted without counting */
	DIGIT_BITS = 11,
	DIGITS = 1 << DIGIT_BITS,
};

/* What the deltas make, in the order that stays for what is at the same time. */
static size_t take_apart(const struct flow_delta *deltas, size_t count,
			 struct merge_item *items)
{
	size_t n = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct flow_delta *delta = &deltas[i];
		unsigned int steps = merge_steps(delta);

		items[n++] = (struct merge_item){
			.time = delta->first, .delta = i, .what = MERGE_DELTA};
		for (unsigned int k = 0; k < steps; k++)
			items[n++] = (struct merge_item){
				.time = delta->first + merge_step_time(delta, k),
				.delta = i,
				.step = (uint16_t)k,
				.what = MERGE_STEP};
		if (merge_has_error(delta))
			items[n++] = (struct merge_item){
				.time = delta->first +
					delta->when[FLOW_EVENT_ICMP_ERROR],
				.delta = i,
				.what = MERGE_ERROR};
	}
	return n;
}

static void sort_few(struct merge_item *items, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct merge_item item = items[i];
		size_t at = i;

		for (; at && items[at - 1].time > item.time; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

static unsigned int digit(const struct merge_item *item, uint64_t least,
			  unsigned int shift)
{
	return (unsigned int)((item->time - least) >> shift) & (DIGITS - 1);
}

/* By one digit, from @from to @to; what is equal keeps its order. */
static void sort_digit(const struct merge_item *from, struct merge_item *to,
		       size_t n, uint64_t least, unsigned int shift)
{
	uint32_t place[DIGITS] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		place[digit(&from[i], least, shift)]++;
	for (size_t i = 0; i < DIGITS; i++) {
		uint32_t here = place[i];

		place[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++)
		to[place[digit(&from[i], least, shift)]++] = from[i];
}

/* Digit by digit, the lowest first: times lie close together, so they differ in
 * few. */
static void sort_many(struct merge_item *items, size_t n)
{
	struct merge_item *from = items, *to = items + n;
	uint64_t least = UINT64_MAX, most = 0, span;
	unsigned int shift = 0;
	bool sorted = true;

	for (size_t i = 0; i < n; i++) {
		if (items[i].time < most)
			sorted = false;
		if (items[i].time > most)
			most = items[i].time;
		if (items[i].time < least)
			least = items[i].time;
	}
	span = sorted ? 0 : most - least;
	for (; shift < 64 && span >> shift; shift += DIGIT_BITS) {
		struct merge_item *swap = from;

		sort_digit(from, to, n, least, shift);
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, n * sizeof(*items));
}

size_t merge_order(const struct flow_delta *deltas, size_t count,
		   struct merge_item *items)
{
	size_t n = take_apart(deltas, count, items);

	if (n <= FEW)
		sort_few(items, n);
	else
		sort_many(items, n);
	return n;
}
