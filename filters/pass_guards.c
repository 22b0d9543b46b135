/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "filters/array.h"
#include "filters/pass.h"
#include "src/base/cleanup.h"

/* All ways from here end without a match. */
#define HOPELESS UINT32_MAX

/* By block: the bytes of one pointer that are vouched for at its end, or that
 * all ways from its beginning will ask for. */
struct ends {
	uint32_t *at;
	int pointer;
};

static bool is_guard_of(const struct step *step, int pointer)
{
	return step->kind == STEP_GUARD && step->node == pointer;
}

/* ---- Guards that others imply ---- */

static void drop_step(struct block *block, size_t at)
{
	for (size_t s = at + 1; s < block->step_count; s++)
		block->steps[s - 1] = block->steps[s];
	block->step_count--;
}

static uint32_t vouched_before(const struct graph *graph, const uint32_t *in,
			       int block)
{
	return graph->blocks[block].dominator == NONE ? 0 : in[block];
}

/* The packet's start: enough that each way here has asked, since r7 is one
 * register for all. */
static bool drop_absolute(struct graph *graph)
{
	uint32_t *in _cleanup_free_ = malloc(graph->block_count * sizeof(*in));
	bool changed = false;

	if (!in) {
		graph->failed = true;
		return false;
	}
	for (size_t i = 0; i < graph->block_count; i++)
		in[i] = UINT32_MAX;
	for (size_t i = 0; i < graph->order_count; i++) {
		int at = graph->order[i];
		struct block *block = &graph->blocks[at];
		uint32_t have = vouched_before(graph, in, at);

		for (size_t s = 0; s < block->step_count;) {
			const struct step *step = &block->steps[s];

			if (!is_guard_of(step, NONE)) {
				s++;
			} else if (step->end <= have) {
				drop_step(block, s);
				changed = true;
			} else {
				have = step->end;
				s++;
			}
		}
		for (size_t way = 0; way < graph_ways(block); way++) {
			int to = graph_way(block, way);

			in[to] = in[to] < have ? in[to] : have;
		}
	}
	return changed;
}

static bool implied_here(const struct block *block, size_t at)
{
	const struct step *step = &block->steps[at];

	for (size_t s = 0; s < at; s++)
		if (block->steps[s].kind == step->kind &&
		    block->steps[s].node == step->node &&
		    block->steps[s].end >= step->end &&
		    step->kind != STEP_FAR && step->kind != STEP_RANDOM)
			return true;
	return false;
}

/* Other pointers, and divisors: by dominators, since a pointer that is made
 * anew is a stranger to the verifier. */
static bool drop_relative(struct graph *graph)
{
	bool changed = false;

	for (size_t i = 0; i < graph->order_count; i++) {
		int at = graph->order[i];
		struct block *block = &graph->blocks[at];

		for (size_t s = 0; s < block->step_count;) {
			const struct step *step = &block->steps[s];
			bool above =
				block->dominator != NONE &&
				pass_is_implied(graph, block->dominator, step);

			if ((step->kind == STEP_GUARD && step->node == NONE) ||
			    (!above && !implied_here(block, s))) {
				s++;
				continue;
			}
			drop_step(block, s);
			changed = true;
		}
	}
	return changed;
}

/* ---- Guards that ask for all at once ---- */

/* A guard behind another pointer asks for as much from the packet's start, and
 * more by what is surely added: on the edge from @from, that is what a phi
 * chooses there (NONE: nothing is known). */
static uint32_t from_start(const struct graph *graph, int from,
			   const struct step *step, int at)
{
	int x = graph_at(graph, step->node)->a;
	int value = from == NONE ? NONE : graph_phi_value(graph, at, x, from);

	return graph_is_constant(graph, value)
		       ? step->end + graph_at(graph, value)->k
		       : step->end;
}

/* What block @at asks for, behind the pointer in question. */
static uint32_t asked_in(const struct graph *graph, const struct ends *wanted,
			 int from, int at)
{
	const struct block *block = &graph->blocks[at];
	uint32_t most = 0;

	for (size_t s = 0; s < block->step_count; s++) {
		const struct step *step = &block->steps[s];
		uint32_t end = 0;

		if (is_guard_of(step, wanted->pointer))
			end = step->end;
		else if (step->kind == STEP_GUARD && wanted->pointer == NONE)
			end = from_start(graph, from, step, at);
		most = end > most ? end : most;
	}
	return most;
}

/* What every way from the end of block @at on asks for. */
static uint32_t wanted_after(const struct graph *graph,
			     const struct ends *wanted, int at)
{
	const struct block *block = &graph->blocks[at];
	uint32_t least = HOPELESS;

	if (block->end == END_RETURN)
		return graph_is_constant(graph, block->a) &&
				       !graph_at(graph, block->a)->k
			       ? HOPELESS
			       : 0;
	for (size_t way = 0; way < graph_ways(block); way++) {
		int to = graph_way(block, way);
		uint32_t want = wanted->at[to];
		uint32_t here = graph->blocks[to].phi_count
					? asked_in(graph, wanted, at, to)
					: 0;

		want = here > want ? here : want;
		least = want < least ? want : least;
	}
	return least;
}

static void find_wanted(const struct graph *graph, struct ends *wanted)
{
	for (size_t i = graph->order_count; i--;) {
		int at = graph->order[i];
		uint32_t want = wanted_after(graph, wanted, at);
		uint32_t here = asked_in(graph, wanted, NONE, at);

		wanted->at[at] = here > want ? here : want;
	}
}

/* A block from which no way matches returns 0 at once. */
static bool give_up(struct graph *graph, int at)
{
	struct block *block = &graph->blocks[at];

	if (block->end == END_RETURN && !block->step_count)
		return false;
	block->step_count = 0;
	block->end = END_RETURN;
	block->a = graph_constant(graph, 0);
	return true;
}

/* One block's guards: drop what is vouched for, @have bytes, and raise the
 * first that is not. What is vouched for at its end. */
static uint32_t raise_in(struct block *block, const struct ends *wanted,
			 uint32_t want, uint32_t have, bool *changed)
{
	for (size_t s = 0; s < block->step_count;) {
		struct step *step = &block->steps[s];

		if (!is_guard_of(step, wanted->pointer)) {
			s++;
			continue;
		}
		if (step->end <= have) {
			drop_step(block, s);
			*changed = true;
			continue;
		}
		*changed |= step->end < want;
		have = step->end = step->end > want ? step->end : want;
		s++;
	}
	return have;
}

/* What is vouched for at the end of a block holds in what follows; of another
 * pointer than the packet's start, only in what it dominates: see above. */
static bool raise_guards(struct graph *graph, const struct ends *wanted,
			 uint32_t *in)
{
	bool changed = false;

	for (size_t i = 0; i < graph->block_count; i++)
		in[i] = UINT32_MAX;
	for (size_t i = 0; i < graph->order_count; i++) {
		int at = graph->order[i];
		struct block *block = &graph->blocks[at];
		uint32_t have = vouched_before(graph, in, at);

		if (wanted->at[at] == HOPELESS) {
			changed |= give_up(graph, at);
			continue;
		}
		if (wanted->pointer != NONE)
			have = 0;
		have = raise_in(block, wanted, wanted->at[at], have, &changed);
		for (size_t way = 0; way < graph_ways(block); way++) {
			int to = graph_way(block, way);

			in[to] = in[to] < have ? in[to] : have;
		}
	}
	return changed;
}

static bool is_listed(const int *pointers, size_t count, int pointer)
{
	for (size_t i = 0; i < count; i++)
		if (pointers[i] == pointer)
			return true;
	return false;
}

/* The pointers that guards are about, the packet's start first. */
static int *list_pointers(const struct graph *graph, size_t *count)
{
	size_t capacity = 0;
	int *pointers = NULL;

	if (!ARRAY_ADD(pointers, *count, capacity, NONE))
		return NULL;
	for (size_t i = 0; i < graph->order_count; i++) {
		const struct block *block = &graph->blocks[graph->order[i]];

		for (size_t s = 0; s < block->step_count; s++) {
			const struct step *step = &block->steps[s];

			if (step->kind == STEP_GUARD &&
			    !is_listed(pointers, *count, step->node))
				ARRAY_ADD(pointers, *count, capacity,
					  step->node);
		}
	}
	return pointers;
}

static bool raise_all(struct graph *graph)
{
	size_t count = 0;
	int *pointers _cleanup_free_ = list_pointers(graph, &count);
	uint32_t *at _cleanup_free_ = calloc(graph->block_count, sizeof(*at));
	uint32_t *in _cleanup_free_ = calloc(graph->block_count, sizeof(*in));
	bool changed = false;

	if (!pointers || !at || !in) {
		graph->failed = true;
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		struct ends wanted = {at, pointers[i]};

		find_wanted(graph, &wanted);
		if (raise_guards(graph, &wanted, in)) {
			changed = true;
			graph_analyse(graph);
		}
	}
	return changed;
}

bool pass_guards(struct graph *graph)
{
	bool changed = drop_relative(graph);

	changed |= drop_absolute(graph);
	if (!graph->failed && raise_all(graph)) {
		changed = true;
		drop_relative(graph);
		drop_absolute(graph);
	}
	return changed;
}
