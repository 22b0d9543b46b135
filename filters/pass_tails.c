/* SPDX-License-Identifier: BSD-3-Clause */
#include <linux/filter.h>
#include <stdlib.h>

#include "filters/pass.h"
#include "src/base/cleanup.h"

/* Bounds on the time: larger graphs and tails, and deeper values, are left
 * as they are. */
#define MOST_BLOCKS 512
#define MOST_PAIRS  64
#define DEEPEST	    8

/* Fewer comparisons are not worth the way to them. */
#define SHORTEST 2

/* Two blocks that do the same, but that one looks behind a pointer and the
 * other from the packet's start. */
struct pair {
	int relative, absolute;
	uint32_t in;   /* bytes behind the pointer that are vouched for */
	uint32_t have; /* the same, after its guards */
	int reached;   /* edges from other pairs */
	int made;      /* the block that stands for both */
};

struct match {
	struct graph *graph;
	int pointer;	/* of the one */
	uint32_t shift; /* where the other has what the one has at 0 */
	struct pair pairs[MOST_PAIRS];
	size_t count;
};

/* ---- What is alike ---- */

/* The load that a compared value is of, but for what is done with constants. */
static int load_of(const struct graph *graph, int value)
{
	for (int depth = 0; depth < DEEPEST; depth++) {
		const struct node *node = graph_at(graph, value);

		if (node->kind == NODE_LOAD)
			return value;
		if (node->kind != NODE_ALU)
			return NONE;
		value = node->a;
	}
	return NONE;
}

static bool same_value(const struct match *match, int relative, int absolute,
		       uint32_t have, int depth)
{
	const struct node *a = graph_at(match->graph, relative);
	const struct node *b = graph_at(match->graph, absolute);

	if (a->kind != b->kind || a->size != b->size || a->op != b->op ||
	    depth == DEEPEST)
		return false;
	switch ((enum node_kind)a->kind) {
	case NODE_CONSTANT:
		return relative == absolute;
	case NODE_LOAD:
		return a->a == match->pointer && b->a == NONE &&
		       b->k == a->k + match->shift && a->k + a->size <= have;
	case NODE_ALU:
		return (a->b == NONE) == (b->b == NONE) &&
		       same_value(match, a->a, b->a, have, depth + 1) &&
		       (a->b == NONE ||
			same_value(match, a->b, b->b, have, depth + 1));
	default:
		return false;
	}
}

/* What the block asks for behind @pointer; false if it has steps that are
 * neither that nor implied by @above (NONE: may stay where they are). */
static bool asked(const struct graph *graph, int at, int pointer, int above,
		  uint32_t *end)
{
	const struct block *block = &graph->blocks[at];

	*end = 0;
	for (size_t s = 0; s < block->step_count; s++) {
		const struct step *step = &block->steps[s];

		if (step->kind == STEP_GUARD && step->node == pointer)
			*end = step->end > *end ? step->end : *end;
		else if (step->kind == STEP_FAR || step->kind == STEP_RANDOM ||
			 (above != NONE &&
			  !pass_is_implied(graph, above, step)))
			return false;
	}
	return true;
}

/* Do both fail for the same packets? What one asks for and the other does not,
 * must be there anyway. */
static bool same_guards(struct match *match, struct pair *pair)
{
	const struct graph *graph = match->graph;
	bool first = !match->count;
	struct step step = {.kind = STEP_GUARD, .node = NONE};
	int dominator = graph->blocks[pair->absolute].dominator;
	uint32_t relative, absolute;

	if (!asked(graph, pair->relative, match->pointer,
		   first ? NONE : match->pairs[0].relative, &relative) ||
	    !asked(graph, pair->absolute, NONE,
		   first ? NONE : match->pairs[0].absolute, &absolute))
		return false;
	pair->have = relative > pair->have ? relative : pair->have;
	relative = relative ? relative + match->shift : 0;
	if (relative == absolute)
		return true;
	step.end = relative > absolute ? relative : absolute;
	return dominator != NONE && pass_is_implied(graph, dominator, &step);
}

static bool can_pair(const struct graph *graph, int at, bool first)
{
	const struct block *block = &graph->blocks[at];

	return block->end == END_BRANCH && block->cond != COND_MEMBER &&
	       graph_is_constant(graph, block->b) &&
	       (first || !block->phi_count);
}

static bool add_pair(struct match *match, int relative, int absolute,
		     uint32_t have)
{
	const struct graph *graph = match->graph;
	const struct block *a = &graph->blocks[relative];
	const struct block *b = &graph->blocks[absolute];
	struct pair pair = {relative, absolute, have, have, 1, NONE};
	bool first = !match->count;

	for (size_t i = 0; i < match->count; i++) {
		struct pair *known = &match->pairs[i];

		if (known->relative == relative &&
		    known->absolute == absolute && known->in <= have) {
			known->reached++;
			return true;
		}
	}

	if (match->count == MOST_PAIRS || !can_pair(graph, relative, first) ||
	    !can_pair(graph, absolute, first) || a->cond != b->cond ||
	    a->b != b->b || !same_guards(match, &pair) ||
	    !same_value(match, a->a, b->a, pair.have, 0))
		return false;
	match->pairs[match->count++] = pair;
	return true;
}

/* Where both tails end is where the program ends: what they vouch for, nobody
 * behind them counts on. */
static bool is_exit(const struct block *block)
{
	return block->end == END_RETURN && !block->step_count &&
	       !block->phi_count;
}

/* All pairs that follow from the first; false if the ways part. */
static bool find_pairs(struct match *match, int relative, int absolute)
{
	const struct graph *graph = match->graph;

	match->count = 0;
	if (!add_pair(match, relative, absolute, 0))
		return false;
	for (size_t i = 0; i < match->count; i++) {
		const struct pair *pair = &match->pairs[i];

		for (int way = 0; way < 2; way++) {
			int a = graph->blocks[pair->relative].to[way];
			int b = graph->blocks[pair->absolute].to[way];

			if (a == b ? !is_exit(&graph->blocks[a])
				   : !add_pair(match, a, b, pair->have))
				return false;
		}
	}
	/* No other way may lead into the tails than by their beginnings. */
	for (size_t i = 1; i < match->count; i++)
		if (graph->blocks[match->pairs[i].relative].preds !=
			    match->pairs[i].reached ||
		    graph->blocks[match->pairs[i].absolute].preds !=
			    match->pairs[i].reached)
			return false;
	return match->count >= SHORTEST;
}

static bool begin_match(struct match *match, int relative, int absolute)
{
	const struct graph *graph = match->graph;
	int a = load_of(graph, graph->blocks[relative].a);
	int b = load_of(graph, graph->blocks[absolute].a);
	const struct node *x, *y;

	if (a == NONE || b == NONE)
		return false;
	x = graph_at(graph, a);
	y = graph_at(graph, b);
	if (x->a == NONE || y->a != NONE || y->k < x->k)
		return false;
	match->pointer = x->a;
	match->shift = y->k - x->k;
	return find_pairs(match, relative, absolute);
}

/* ---- One tail for both ---- */

static int moved(struct graph *graph, int value, int pointer)
{
	struct node node = *graph_at(graph, value);
	int a, b = node.b;

	if (node.kind == NODE_LOAD)
		return graph_load(graph, node.size, pointer, node.k,
				  node.origin);
	if (node.kind != NODE_ALU)
		return value;
	a = moved(graph, node.a, pointer);
	if (b != NONE)
		b = moved(graph, b, pointer);
	return graph_alu(graph, node.op, a, b, node.origin);
}

/* What the two begin with, as a phi of the block @at. */
static int make_pointer(struct match *match, int at)
{
	struct graph *graph = match->graph;
	int x = graph_at(graph, match->pointer)->a;
	int shift = graph_constant(graph, match->shift);
	struct node phi = {.kind = NODE_PHI,
			   .a = NONE,
			   .b = NONE,
			   .k = match->shift,
			   .origin = NONE};
	int value;

	phi.most = graph_at(graph, x)->most > match->shift
			   ? graph_at(graph, x)->most
			   : match->shift;
	phi.bits = graph_at(graph, x)->bits | match->shift;
	value = graph_node(graph, phi);
	graph_phi(graph, at,
		  (struct phi_choice){value, match->pairs[0].relative, x});
	graph_phi(graph, at,
		  (struct phi_choice){value, match->pairs[0].absolute, shift});
	return graph_node(graph, (struct node){.kind = NODE_POINTER,
					       .a = value,
					       .b = NONE,
					       .origin = NONE});
}

static int target(const struct match *match, int to)
{
	for (size_t i = 0; i < match->count; i++)
		if (match->pairs[i].relative == to)
			return match->pairs[i].made;
	return to;
}

static void fill(struct match *match, const struct pair *pair, int pointer)
{
	struct graph *graph = match->graph;
	struct block *from = &graph->blocks[pair->relative];
	struct block *made = &graph->blocks[pair->made];

	for (size_t s = 0; s < from->step_count; s++) {
		struct step step = from->steps[s];

		if (step.kind != STEP_GUARD || step.node != match->pointer)
			continue;
		step.node = pointer;
		graph_step(graph, pair->made, step);
	}
	made->end = END_BRANCH;
	made->cond = from->cond;
	made->b = from->b;
	made->origin = from->origin;
	made->to[0] = target(match, from->to[0]);
	made->to[1] = target(match, from->to[1]);
	made->a = moved(graph, from->a, pointer);
}

/* The block keeps what is not asked behind @pointer, and goes on to @to. */
static void lead(struct graph *graph, int at, int pointer, int to)
{
	struct block *block = &graph->blocks[at];
	size_t kept = 0;

	for (size_t s = 0; s < block->step_count; s++)
		if (block->steps[s].kind != STEP_GUARD ||
		    block->steps[s].node != pointer)
			block->steps[kept++] = block->steps[s];
	block->step_count = kept;
	block->end = END_JUMP;
	block->to[0] = to;
}

static bool merge_tails(struct match *match)
{
	struct graph *graph = match->graph;
	int first, pointer;

	for (size_t i = 0; i < match->count; i++) {
		match->pairs[i].made = graph_block(graph);
		if (match->pairs[i].made == NONE)
			return false;
	}
	first = match->pairs[0].made;
	pointer = make_pointer(match, first);
	for (size_t i = 0; i < match->count && !graph->failed; i++)
		fill(match, &match->pairs[i], pointer);
	lead(graph, match->pairs[0].relative, match->pointer, first);
	lead(graph, match->pairs[0].absolute, NONE, first);
	graph_analyse(graph);
	return true;
}

static bool tails_once(struct graph *graph)
{
	struct match match = {.graph = graph};

	for (size_t i = 0; i < graph->order_count; i++) {
		int relative = graph->order[i];

		if (!can_pair(graph, relative, true))
			continue;
		for (size_t j = 0; j < graph->order_count; j++) {
			int absolute = graph->order[j];

			if (can_pair(graph, absolute, true) &&
			    begin_match(&match, relative, absolute))
				return merge_tails(&match);
		}
	}
	return false;
}

bool pass_tails(struct graph *graph)
{
	bool changed = false;

	if (!graph->sharing || graph->order_count > MOST_BLOCKS)
		return false;
	while (!graph->failed && graph->order_count <= MOST_BLOCKS &&
	       tails_once(graph))
		changed = true;
	return changed;
}
