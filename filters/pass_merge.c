/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/pass.h"
#include "src/base/cleanup.h"

static bool same_steps(const struct block *a, const struct block *b)
{
	if (a->step_count != b->step_count)
		return false;
	for (size_t i = 0; i < a->step_count; i++) {
		const struct step *x = &a->steps[i], *y = &b->steps[i];

		if (x->kind != y->kind || x->node != y->node ||
		    x->end != y->end)
			return false;
	}
	return true;
}

/* The same from here on? Blocks where phis are chosen are left alone. */
static bool same_block(const struct block *a, const struct block *b)
{
	if (a->end != b->end || !same_steps(a, b))
		return false;
	switch ((enum end_kind)a->end) {
	case END_RETURN:
		return a->a == b->a;
	case END_JUMP:
		return a->to[0] == b->to[0];
	case END_BRANCH:
		return a->a == b->a && a->b == b->b && a->cond == b->cond &&
		       a->to[0] == b->to[0] && a->to[1] == b->to[1];
	case END_SWITCH:
		return false;
	}
	return false;
}

static bool can_merge(const struct graph *graph, const struct block *block)
{
	if (block->phi_count)
		return false;
	for (size_t s = 0; s < block->step_count; s++)
		if (block->steps[s].kind == STEP_FAR ||
		    block->steps[s].kind == STEP_RANDOM)
			return false;
	for (size_t way = 0; way < graph_ways(block); way++)
		if (graph->blocks[graph_way(block, way)].phi_count)
			return false;
	return true;
}

static size_t hash_block(const struct block *block)
{
	size_t h = block->end * 31u + block->cond;

	h = h * 1000003 + (size_t)block->step_count;
	if (block->end == END_RETURN || block->end == END_BRANCH)
		h = h * 1000003 + (size_t)block->a;
	if (block->end == END_BRANCH)
		h = h * 1000003 + (size_t)block->b;
	for (size_t way = 0; way < graph_ways(block) && way < 2; way++)
		h = h * 1000003 + (size_t)graph_way(block, way);
	return h ^ h >> 17;
}

/* From the end of the program to its beginning, so that what follows two equal
 * blocks is one block already. */
static bool merge_equal(struct graph *graph)
{
	size_t size = 64;
	int *table _cleanup_free_ = NULL;
	int *stands_for _cleanup_free_ =
		calloc(graph->block_count, sizeof(int));
	bool changed = false;

	while (size < graph->block_count * 2)
		size *= 2;
	table = malloc(size * sizeof(*table));
	if (!table || !stands_for) {
		graph->failed = true;
		return false;
	}
	memset(table, 0xff, size * sizeof(*table));
	for (size_t i = graph->order_count; i--;) {
		int at = graph->order[i];
		struct block *block = &graph->blocks[at];
		size_t h;

		stands_for[at] = at;
		for (size_t way = 0; way < graph_ways(block); way++)
			graph_way_set(block, way,
				      stands_for[graph_way(block, way)]);
		if (!can_merge(graph, block))
			continue;
		h = hash_block(block) & (size - 1);
		while (table[h] != NONE &&
		       !same_block(&graph->blocks[table[h]], block))
			h = (h + 1) & (size - 1);
		if (table[h] == NONE)
			table[h] = at;
		else
			changed = true;
		stands_for[at] = table[h];
	}
	return changed;
}

/* @block takes in what @next does, since nothing else leads there. */
static void take_in(struct graph *graph, int at, int next)
{
	struct block *into = &graph->blocks[at];
	struct block *from = &graph->blocks[next];

	for (size_t s = 0; s < from->step_count; s++)
		graph_step(graph, at, from->steps[s]);
	into->end = from->end;
	into->cond = from->cond;
	into->a = from->a;
	into->b = from->b;
	into->origin = from->origin;
	into->to[0] = from->to[0];
	into->to[1] = from->to[1];
	into->choices = TAKE_PTR(from->choices);
	into->choice_count = from->choice_count;
	from->end = END_RETURN;
	for (size_t way = 0; way < graph_ways(into); way++) {
		struct block *to = &graph->blocks[graph_way(into, way)];

		for (size_t p = 0; p < to->phi_count; p++)
			if (to->phis[p].from == next)
				to->phis[p].from = at;
	}
}

static bool join_rows(struct graph *graph)
{
	bool changed = false;

	for (size_t i = 0; i < graph->order_count; i++) {
		int at = graph->order[i];
		struct block *block = &graph->blocks[at];

		while (block->end == END_JUMP &&
		       graph->blocks[block->to[0]].preds == 1 &&
		       !graph->blocks[block->to[0]].phi_count) {
			take_in(graph, at, block->to[0]);
			changed = true;
		}
	}
	return changed;
}

static bool drop_branches(struct graph *graph)
{
	bool changed = false;

	for (size_t i = 0; i < graph->order_count; i++) {
		struct block *block = &graph->blocks[graph->order[i]];

		if (block->end != END_BRANCH || block->to[0] != block->to[1])
			continue;
		block->end = END_JUMP;
		changed = true;
	}
	return changed;
}

bool pass_merge(struct graph *graph)
{
	bool changed = merge_equal(graph);

	changed |= drop_branches(graph);
	graph_analyse(graph);
	if (!graph->failed && join_rows(graph)) {
		changed = true;
		graph_analyse(graph);
	}
	return changed;
}
