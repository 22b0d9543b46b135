/* SPDX-License-Identifier: BSD-3-Clause */
#include <linux/filter.h>
#include <stdlib.h>

#include "filters/array.h"
#include "filters/pass.h"
#include "src/base/cleanup.h"

/* How far up the tree of dominators to look, and how many constants that a
 * value is not to remember: bounds on the time, not on what is right. */
#define FARTHEST      256
#define MOST_EXCLUDED 32

/* What is known of a value at some place. */
struct known {
	int value;
	uint32_t low, high;
	uint32_t bits; /* that may be 1 */
	uint32_t excluded[MOST_EXCLUDED];
	size_t excluded_count;
};

enum outcome { UNKNOWN = -1, NO, YES };

static void know_equal(struct known *known, uint32_t k)
{
	known->low = known->low > k ? known->low : k;
	known->high = known->high < k ? known->high : k;
	known->bits &= k;
}

static void know_compare(struct known *known, uint8_t cond, uint32_t k,
			 bool taken)
{
	switch (cond) {
	case BPF_JEQ:
		if (taken)
			know_equal(known, k);
		else if (known->excluded_count < MOST_EXCLUDED)
			known->excluded[known->excluded_count++] = k;
		break;
	case BPF_JGT:
		if (taken && k < UINT32_MAX && known->low < k + 1)
			known->low = k + 1;
		else if (!taken && known->high > k)
			known->high = k;
		break;
	case BPF_JGE:
		if (taken && known->low < k)
			known->low = k;
		else if (!taken && k && known->high > k - 1)
			known->high = k - 1;
		break;
	default: /* BPF_JSET */
		if (!taken)
			known->bits &= ~k;
		break;
	}
}

static enum outcome judge_equal(const struct known *known, uint32_t k)
{
	if (k < known->low || k > known->high || (k & ~known->bits))
		return NO;
	for (size_t i = 0; i < known->excluded_count; i++)
		if (known->excluded[i] == k)
			return NO;
	return known->low == known->high ? YES : UNKNOWN;
}

static enum outcome judge(const struct known *known, uint8_t cond, uint32_t k)
{
	switch (cond) {
	case BPF_JEQ:
		return judge_equal(known, k);
	case BPF_JGT:
		return known->low > k ? YES : known->high <= k ? NO : UNKNOWN;
	case BPF_JGE:
		return known->low >= k ? YES : known->high < k ? NO : UNKNOWN;
	default: /* BPF_JSET */
		if (!(known->bits & k))
			return NO;
		return known->low == known->high
			       ? (enum outcome) !!(known->low & k)
			       : UNKNOWN;
	}
}

/* ---- What an edge says ---- */

/* The way by which @from leads to @to; it is the only one. */
static size_t way_to(const struct graph *graph, int from, int to)
{
	const struct block *block = &graph->blocks[from];

	for (size_t way = 0; way < graph_ways(block); way++)
		if (graph_way(block, way) == to)
			return way;
	return 0;
}

/* Taking @way out of @from: an outcome of @asked's very comparison, or
 * knowledge about its value. */
static enum outcome learn(const struct graph *graph, int from, size_t way,
			  const struct block *asked, struct known *known)
{
	const struct block *block = &graph->blocks[from];

	if (block->end != END_BRANCH || block->to[0] == block->to[1])
		return UNKNOWN;
	if (block->a == asked->a && block->b == asked->b &&
	    block->cond == asked->cond)
		return way == 0 ? YES : NO;
	if (block->a == asked->a && graph_is_constant(graph, block->b))
		know_compare(known, block->cond, graph_at(graph, block->b)->k,
			     way == 0);
	return UNKNOWN;
}

/* The outcome of the branch @asked for a run that takes @way out of @from. */
static enum outcome decide(const struct graph *graph, int from, size_t way,
			   const struct block *asked)
{
	bool constant = graph_is_constant(graph, asked->b);
	uint32_t k = constant ? graph_at(graph, asked->b)->k : 0;
	struct known known = {.value = asked->a,
			      .high = graph_at(graph, asked->a)->most,
			      .bits = graph_at(graph, asked->a)->bits};
	enum outcome outcome = learn(graph, from, way, asked, &known);

	for (int i = 0; outcome == UNKNOWN && i < FARTHEST; i++) {
		const struct block *block = &graph->blocks[from];

		if (block->dominator == NONE)
			break;
		if (block->preds == 1)
			outcome = learn(graph, block->pred,
					way_to(graph, block->pred, from), asked,
					&known);
		from = block->dominator;
	}
	if (outcome != UNKNOWN || !constant)
		return outcome;
	return judge(&known, asked->cond, k);
}

/* ---- Steps that a run may skip ---- */

static bool implies(const struct step *have, const struct step *want)
{
	return have->kind == want->kind && have->node == want->node &&
	       (want->kind == STEP_NONZERO ||
		(want->kind == STEP_GUARD && have->end >= want->end));
}

bool pass_is_implied(const struct graph *graph, int at, const struct step *step)
{
	for (int i = 0; at != NONE && i < FARTHEST; i++) {
		const struct block *block = &graph->blocks[at];

		for (size_t s = 0; s < block->step_count; s++)
			if (&block->steps[s] != step &&
			    implies(&block->steps[s], step))
				return true;
		at = block->dominator;
	}
	return false;
}

/* May a run that comes from @from leave out the steps of @block? */
static bool can_skip(const struct graph *graph, int from,
		     const struct block *block)
{
	if (block->phi_count)
		return false;
	for (size_t s = 0; s < block->step_count; s++)
		if (!pass_is_implied(graph, from, &block->steps[s]))
			return false;
	return true;
}

/* ---- Edges that lead further ---- */

struct detour {
	int from;
	size_t way;
	int last; /* the block past which it leads */
	int to;
};

/* Where a run that takes @way out of @from comes to a decision; the block
 * before that in @last. */
static int follow(const struct graph *graph, int from, size_t way, int *last)
{
	int at = graph_way(&graph->blocks[from], way);

	for (*last = NONE;;) {
		const struct block *block = &graph->blocks[at];
		enum outcome outcome = YES;

		if (block->end != END_JUMP && block->end != END_BRANCH)
			return at;
		if (!can_skip(graph, from, block))
			return at;
		if (block->end == END_BRANCH)
			outcome = decide(graph, from, way, block);
		if (outcome == UNKNOWN)
			return at;
		*last = at;
		at = block->to[outcome == YES ? 0 : 1];
	}
}

/* @to is reached from @from as it is from @last; false if that cannot be. */
static bool copy_phis(struct graph *graph, const struct detour *detour)
{
	size_t count = graph->blocks[detour->to].phi_count;
	const struct block *from = &graph->blocks[detour->from];

	if (!count)
		return true;
	for (size_t way = 0; way < graph_ways(from); way++)
		if (graph_way(from, way) == detour->to)
			return false;
	/* Choices for an edge that was here once say nothing any more. */
	for (size_t i = count; i--;) {
		struct block *to = &graph->blocks[detour->to];

		if (to->phis[i].from == detour->from)
			to->phis[i] = to->phis[--to->phi_count];
	}
	count = graph->blocks[detour->to].phi_count;
	for (size_t i = 0; i < count; i++) {
		struct phi_choice choice = graph->blocks[detour->to].phis[i];

		if (choice.from != detour->last)
			continue;
		choice.from = detour->from;
		graph_phi(graph, detour->to, choice);
	}
	return true;
}

static bool constant_branch(struct graph *graph, struct block *block)
{
	bool known = block->end == END_BRANCH &&
		     graph_is_constant(graph, block->a) &&
		     graph_is_constant(graph, block->b);

	if (block->end != END_BRANCH ||
	    (!known && block->to[0] != block->to[1]))
		return false;
	if (known && !graph_compare(block->cond, graph_at(graph, block->a)->k,
				    graph_at(graph, block->b)->k))
		block->to[0] = block->to[1];
	block->end = END_JUMP;
	return true;
}

/* One round: all detours are found on the graph as it is, then taken. */
static bool prune_once(struct graph *graph)
{
	struct detour *detours _cleanup_free_ = NULL;
	size_t count = 0, capacity = 0;
	bool changed = false;

	for (size_t i = 0; i < graph->order_count; i++)
		changed |=
			constant_branch(graph, &graph->blocks[graph->order[i]]);
	if (changed)
		graph_analyse(graph);
	for (size_t i = 0; i < graph->order_count; i++) {
		int from = graph->order[i];
		size_t ways = graph_ways(&graph->blocks[from]);

		for (size_t way = 0; way < ways; way++) {
			int last;
			int to = follow(graph, from, way, &last);

			if (last != NONE &&
			    !ARRAY_ADD(detours, count, capacity,
				       (struct detour){from, way, last, to}))
				graph->failed = true;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!copy_phis(graph, &detours[i]))
			continue;
		graph_way_set(&graph->blocks[detours[i].from], detours[i].way,
			      detours[i].to);
		changed = true;
	}
	return changed;
}

bool pass_prune(struct graph *graph)
{
	bool changed = false;

	while (!graph->failed && prune_once(graph)) {
		changed = true;
		graph_analyse(graph);
	}
	return changed;
}
