/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "filters/lower.h"

#define MOST_SLOTS 64

/* Which range holds each register; up to which line each slot was taken. */
struct holders {
	int registers[16];
	int slots[MOST_SLOTS];
};

/* A slot that nobody has used since @range began: a range that loses its
 * register moves out for all of its life. */
static int take_slot(struct lowered *lowered, struct holders *holders,
		     const struct range *range)
{
	for (int slot = 0; slot < MOST_SLOTS; slot++) {
		if (holders->slots[slot] > range->from)
			continue;
		holders->slots[slot] = range->last;
		if (slot >= lowered->slots)
			lowered->slots = slot + 1;
		return -slot - 1;
	}
	lowered->failed = true;
	return -1;
}

/* Give back what has been read for the last time; what is written by the same
 * line may have its register. */
static void expire(const struct lowered *lowered, struct holders *holders,
		   int at)
{
	for (int i = 0; i < 16; i++)
		if (holders->registers[i] != NONE &&
		    lowered->ranges[holders->registers[i]].last <= at)
			holders->registers[i] = NONE;
}

/* The register that the first line reads: taking it saves a copy. */
static int wanted_register(const struct lowered *lowered,
			   const struct range *range)
{
	int a = lowered->lines[range->from].a;

	return a == NONE ? NONE : lowered->ranges[a].place;
}

static void place_range(struct lowered *lowered, struct holders *holders,
			const struct assign_registers *with, int number)
{
	struct range *range = &lowered->ranges[number];
	int wanted = wanted_register(lowered, range);
	int best = NONE, victim = NONE;

	for (size_t i = 0; i < with->count; i++) {
		int reg = with->registers[i];
		int holder = holders->registers[reg];

		if (range->crosses_call && !(with->preserved >> reg & 1))
			continue;
		if (holder == NONE) {
			if (best == NONE || reg == wanted)
				best = reg;
		} else if (victim == NONE ||
			   lowered->ranges[holder].last >
				   lowered->ranges[victim].last) {
			victim = holder;
		}
	}
	if (best == NONE && victim != NONE &&
	    lowered->ranges[victim].last > range->last) {
		best = lowered->ranges[victim].place;
		lowered->ranges[victim].place =
			take_slot(lowered, holders, &lowered->ranges[victim]);
	}
	if (best != NONE)
		holders->registers[best] = number;
	range->place = best != NONE ? best : take_slot(lowered, holders, range);
}

int assign_places(struct lowered *lowered, const struct assign_registers *with)
{
	struct holders holders;

	for (int i = 0; i < 16; i++)
		holders.registers[i] = NONE;
	for (int i = 0; i < MOST_SLOTS; i++)
		holders.slots[i] = NONE;
	for (size_t i = 0; i < lowered->line_count; i++) {
		int to = lowered->lines[i].to;

		if (to == NONE || lowered->ranges[to].from != (int)i)
			continue;
		expire(lowered, &holders, (int)i);
		place_range(lowered, &holders, with, to);
	}
	return lowered->failed ? -E2BIG : 0;
}
