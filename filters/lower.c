/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/lower.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/lists.h"
#include "src/base/cleanup.h"

/* A computed value: in which block, in which virtual register, and the one
 * that was computed before. */
struct instance {
	int block;
	int reg;
	int earlier;
};

/* A pointer's virtual register is vouched for in a block. */
struct vouch {
	int reg;
	int block;
	uint32_t end;
};

struct lowering {
	const struct graph *graph;
	struct lowered *out;
	struct instance *instances;
	size_t instance_count, instance_capacity;
	int *latest; /* by node: its last instance */
	struct vouch *vouches;
	size_t vouch_count, vouch_capacity;
};

void lower_free(struct lowered *lowered)
{
	free(lowered->lines);
	free(lowered->ranges);
	*lowered = (struct lowered){0};
}

bool lower_calls(const struct node *node)
{
	return node->kind == NODE_FAR || node->kind == NODE_RANDOM ||
	       (node->kind == NODE_METADATA && node->k == SKF_AD_CPU);
}

static void add_line(struct lowering *l, struct line line)
{
	struct lowered *out = l->out;
	int at = (int)out->line_count;

	if (!ARRAY_ADD(out->lines, out->line_count, out->line_capacity, line)) {
		out->failed = true;
		return;
	}
	if (line.a != NONE)
		out->ranges[line.a].last = at;
	if (line.b != NONE)
		out->ranges[line.b].last = at;
	if (line.to != NONE) {
		struct range *range = &out->ranges[line.to];

		if (range->from == NONE)
			range->from = at;
		if (range->last < at)
			range->last = at;
	}
}

static void add_guard(struct lowering *l, int block, const struct step *step,
		      int pointer)
{
	add_line(l, (struct line){.kind = LINE_STEP,
				  .block = block,
				  .node = NONE,
				  .step = *step,
				  .to = NONE,
				  .a = pointer,
				  .b = NONE});
	if (pointer != NONE &&
	    !ARRAY_ADD(l->vouches, l->vouch_count, l->vouch_capacity,
		       (struct vouch){pointer, block, step->end}))
		l->out->failed = true;
}

/*
 * The verifier knows a pointer that was made anew in another block as a
 * stranger, though the packet has its bytes: vouch for it once more.
 */
static void vouch(struct lowering *l, int block, const struct node *load,
		  int pointer)
{
	struct step step = {.kind = STEP_GUARD,
			    .node = load->a,
			    .end = load->k + load->size,
			    .origin = load->origin};

	if (pointer == NONE)
		return;
	for (size_t i = 0; i < l->vouch_count; i++)
		if (l->vouches[i].reg == pointer &&
		    l->vouches[i].end >= step.end &&
		    graph_dominates(l->graph, l->vouches[i].block, block))
			return;
	add_guard(l, block, &step, pointer);
}

static int new_register(struct lowering *l, int node, int block)
{
	struct range range = {.node = node, .from = NONE, .last = NONE};
	struct instance instance = {block, (int)l->out->range_count,
				    l->latest[node]};

	if (!ARRAY_ADD(l->out->ranges, l->out->range_count,
		       l->out->range_capacity, range) ||
	    !ARRAY_ADD(l->instances, l->instance_count, l->instance_capacity,
		       instance)) {
		l->out->failed = true;
		return NONE;
	}
	l->latest[node] = (int)l->instance_count - 1;
	return instance.reg;
}

/* The register that holds @node in @block already, or NONE. */
static int find_register(const struct lowering *l, int node, int block)
{
	int i = l->latest[node];

	while (i != NONE) {
		const struct instance *instance = &l->instances[i];

		if (graph_dominates(l->graph, instance->block, block))
			return instance->reg;
		i = instance->earlier;
	}
	return NONE;
}

/*
 * The register that holds @node when @block goes on from here. What it is
 * computed from comes first; recursion is as deep as the deepest expression,
 * which the length of classic programs bounds, so it is made explicit.
 */
static int need(struct lowering *l, int node, int block)
{
	int *stack _cleanup_free_ = NULL;
	size_t depth = 0, capacity = 0;
	int reg = NONE;

	if (!ARRAY_ADD(stack, depth, capacity, node))
		l->out->failed = true;
	while (depth && !l->out->failed) {
		int top = stack[depth - 1];
		const struct node *n = graph_at(l->graph, top);
		bool immediate = graph_is_constant(l->graph, n->b);
		int a, b;

		reg = find_register(l, top, block);
		if (reg != NONE) {
			depth--;
			continue;
		}
		a = n->a == NONE ? NONE : find_register(l, n->a, block);
		b = n->b == NONE || immediate ? NONE
					      : find_register(l, n->b, block);
		if (n->a != NONE && a == NONE) {
			if (!ARRAY_ADD(stack, depth, capacity, n->a))
				l->out->failed = true;
			continue;
		}
		if (n->b != NONE && !immediate && b == NONE) {
			if (!ARRAY_ADD(stack, depth, capacity, n->b))
				l->out->failed = true;
			continue;
		}
		if (n->kind == NODE_LOAD || n->kind == NODE_RAW)
			vouch(l, block, n, a);
		reg = new_register(l, top, block);
		if (reg != NONE)
			add_line(l, (struct line){.kind = LINE_COMPUTE,
						  .calls = lower_calls(n),
						  .block = block,
						  .node = top,
						  .to = reg,
						  .a = a,
						  .b = b});
		depth--;
	}
	return reg;
}

static int need_operand(struct lowering *l, int node, int block)
{
	return node == NONE || graph_is_constant(l->graph, node) ||
			       graph_at(l->graph, node)->kind == NODE_LIST
		       ? NONE
		       : need(l, node, block);
}

static void lower_step(struct lowering *l, int block, const struct step *step)
{
	const struct node *node =
		step->node == NONE ? NULL : graph_at(l->graph, step->node);
	struct line line = {.kind = LINE_STEP,
			    .block = block,
			    .node = NONE,
			    .step = *step,
			    .to = NONE,
			    .a = NONE,
			    .b = NONE};

	switch ((enum step_kind)step->kind) {
	case STEP_GUARD:
		line.a = node ? need(l, step->node, block) : NONE;
		if (!l->out->failed)
			add_guard(l, block, step, line.a);
		return;
	case STEP_NONZERO:
		line.a = need(l, step->node, block);
		break;
	case STEP_FAR:
	case STEP_RANDOM:
		line.a = need_operand(l, node->a, block);
		line.node = step->node;
		line.to = new_register(l, step->node, block);
		line.calls = true;
		break;
	}
	if (!l->out->failed)
		add_line(l, line);
}

/* The choices of the phis of @to, on the way from @from. */
static void lower_phis(struct lowering *l, int from, int to, const bool *used)
{
	const struct block *block = &l->graph->blocks[to];

	for (size_t i = 0; i < block->phi_count && !l->out->failed; i++) {
		struct phi_choice choice = block->phis[i];
		int reg;

		if (choice.from != from || !used[choice.phi])
			continue;
		reg = find_register(l, choice.phi, to);
		if (reg == NONE)
			reg = new_register(l, choice.phi, to);
		if (reg == NONE)
			return;
		add_line(l,
			 (struct line){.kind = LINE_COPY,
				       .block = from,
				       .node = choice.value,
				       .to = reg,
				       .a = need_operand(l, choice.value, from),
				       .b = NONE});
	}
}

static void lower_block(struct lowering *l, int at, const bool *used)
{
	const struct block *block = &l->graph->blocks[at];
	struct line line = {.kind = LINE_END,
			    .block = at,
			    .node = NONE,
			    .to = NONE,
			    .a = NONE,
			    .b = NONE};

	for (size_t i = 0; i < block->step_count && !l->out->failed; i++)
		lower_step(l, at, &block->steps[i]);
	for (size_t way = 0; way < graph_ways(block); way++) {
		bool seen = false;

		for (size_t before = 0; before < way; before++)
			seen |= graph_way(block, before) ==
				graph_way(block, way);
		if (!seen)
			lower_phis(l, at, graph_way(block, way), used);
	}
	line.calls = block->end == END_BRANCH && block->cond == COND_MEMBER &&
		     list_wants_map(
			     &l->graph->lists[graph_at(l->graph, block->b)->k]);
	if (block->end == END_BRANCH || block->end == END_SWITCH) {
		line.a = need(l, block->a, at);
		line.b = need_operand(l, block->b, at);
	} else if (block->end == END_RETURN) {
		line.a = need_operand(l, block->a, at);
	}
	if (!l->out->failed)
		add_line(l, line);
}

static void mark(const struct graph *graph, bool *used, int node)
{
	while (node != NONE && !used[node]) {
		used[node] = true;
		mark(graph, used, graph_at(graph, node)->b);
		node = graph_at(graph, node)->a;
	}
}

static void mark_block(const struct graph *graph, bool *used, int at)
{
	const struct block *block = &graph->blocks[at];

	for (size_t i = 0; i < block->step_count; i++)
		mark(graph, used, block->steps[i].node);
	if (block->end != END_JUMP) {
		mark(graph, used, block->a);
		mark(graph, used, block->b);
	}
}

/* Passes leave choices behind for edges that are no more. */
static bool is_edge(const struct graph *graph, int from, int to)
{
	const struct block *block = &graph->blocks[from];

	if (block->order == NONE)
		return false;
	for (size_t way = 0; way < graph_ways(block); way++)
		if (graph_way(block, way) == to)
			return true;
	return false;
}

/* Which values does anything depend on? Blocks backwards, since a phi's
 * choices matter only if the phi does, and come from blocks before it. */
static void mark_used(const struct graph *graph, bool *used)
{
	for (size_t i = 0; i < graph->order_count; i++)
		mark_block(graph, used, graph->order[i]);
	for (size_t i = graph->order_count; i--;) {
		const struct block *block = &graph->blocks[graph->order[i]];

		for (size_t p = 0; p < block->phi_count; p++)
			if (used[block->phis[p].phi] &&
			    is_edge(graph, block->phis[p].from,
				    graph->order[i]))
				mark(graph, used, block->phis[p].value);
	}
}

void lower_find_crossings(struct lowered *out)
{
	int *calls _cleanup_free_ = calloc(out->line_count + 1, sizeof(*calls));

	if (!calls) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < out->line_count; i++)
		calls[i + 1] = calls[i] + out->lines[i].calls;
	for (size_t i = 0; i < out->range_count; i++) {
		struct range *range = &out->ranges[i];

		/* Calls strictly between the first and the last line. */
		if (range->last > range->from + 1)
			range->crosses_call =
				calls[range->last] > calls[range->from + 1];
	}
}

int lower_graph(const struct graph *graph, struct lowered *lowered)
{
	size_t n = graph->node_count;
	bool *used _cleanup_free_ = calloc(n ? n : 1, sizeof(*used));
	int *latest _cleanup_free_ = malloc((n ? n : 1) * sizeof(*latest));
	struct lowering l = {.graph = graph, .out = lowered, .latest = latest};

	*lowered = (struct lowered){.graph = graph};
	if (!used || !latest)
		return -ENOMEM;
	memset(latest, 0xff, n * sizeof(*latest));
	mark_used(graph, used);
	for (size_t i = 0; i < graph->order_count && !lowered->failed; i++)
		lower_block(&l, graph->order[i], used);
	free(l.instances);
	free(l.vouches);
	if (!lowered->failed)
		lower_find_crossings(lowered);
	return lowered->failed ? -ENOMEM : 0;
}
