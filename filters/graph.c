/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/graph.h"

#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/fold.h"
#include "src/base/cleanup.h"

#define FIRST_BUCKETS 256

struct graph *graph_new(bool sharing, enum rules rules)
{
	struct graph *graph = calloc(1, sizeof(*graph));

	if (!graph)
		return NULL;
	graph->sharing = sharing;
	graph->rules = (uint8_t)rules;
	graph->buckets = malloc(FIRST_BUCKETS * sizeof(int));
	if (!graph->buckets) {
		free(graph);
		return NULL;
	}
	memset(graph->buckets, 0xff, FIRST_BUCKETS * sizeof(int));
	graph->bucket_count = FIRST_BUCKETS;
	return graph;
}

void graph_free(struct graph *graph)
{
	if (!graph)
		return;
	for (size_t i = 0; i < graph->block_count; i++) {
		free(graph->blocks[i].steps);
		free(graph->blocks[i].phis);
		free(graph->blocks[i].choices);
	}
	free(graph->nodes);
	free(graph->blocks);
	free(graph->order);
	free(graph->buckets);
	free(graph);
}

/* ---- Arithmetic ---- */

uint32_t graph_compute(enum rules rules, uint8_t op, uint32_t a, uint32_t b)
{
	if ((op == BPF_LSH || op == BPF_RSH) && b > 31) {
		if (rules == RULES_FILE)
			return 0;
		b &= 31;
	}
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return a / b;
	case BPF_MOD:
		return a % b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << b;
	case BPF_RSH:
		return a >> b;
	default: /* BPF_NEG */
		return 0 - a;
	}
}

bool graph_compare(uint8_t cond, uint32_t a, uint32_t b)
{
	switch (cond) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	default: /* BPF_JSET */
		return a & b;
	}
}

/* ---- Values ---- */

static uint32_t hash_node(const struct node *node)
{
	uint32_t h = node->kind * 31u + node->size;

	h = h * 31 + node->op;
	h = (h ^ node->k) * 0x9e3779b1u;
	h = (h ^ (uint32_t)node->a) * 0x85ebca6bu;
	h = (h ^ (uint32_t)node->b) * 0xc2b2ae35u;
	return h ^ h >> 15;
}

static bool same_node(const struct node *x, const struct node *y)
{
	return x->kind == y->kind && x->size == y->size && x->op == y->op &&
	       x->k == y->k && x->a == y->a && x->b == y->b;
}

static void grow_buckets(struct graph *graph)
{
	size_t count = graph->bucket_count * 4;
	int *buckets;

	if (graph->node_count < graph->bucket_count)
		return;
	buckets = malloc(count * sizeof(*buckets));
	if (!buckets)
		return; /* longer chains */
	memset(buckets, 0xff, count * sizeof(*buckets));
	for (size_t i = 0; i < graph->node_count; i++) {
		struct node *node = &graph->nodes[i];
		size_t h = hash_node(node) & (count - 1);

		node->next = buckets[h];
		buckets[h] = (int)i;
	}
	free(graph->buckets);
	graph->buckets = buckets;
	graph->bucket_count = count;
}

static bool is_bound(const struct node *node)
{
	return node->kind == NODE_PHI || node->kind == NODE_FAR ||
	       node->kind == NODE_RANDOM;
}

static int find_node(const struct graph *graph, const struct node *node)
{
	size_t h = hash_node(node) & (graph->bucket_count - 1);
	int i = graph->buckets[h];

	while (i != NONE && !same_node(&graph->nodes[i], node))
		i = graph->nodes[i].next;
	return i;
}

int graph_node(struct graph *graph, struct node node)
{
	bool shared = !is_bound(&node) &&
		      (graph->sharing || node.kind == NODE_CONSTANT);
	int found = shared ? find_node(graph, &node) : NONE;
	size_t h;

	if (found != NONE)
		return found;
	node.bits = fold_bits(graph, &node);
	node.most = fold_most(graph, &node);
	if (node.most > node.bits)
		node.most = node.bits;
	grow_buckets(graph);
	h = hash_node(&node) & (graph->bucket_count - 1);
	node.next = graph->buckets[h];
	if (!ARRAY_ADD(graph->nodes, graph->node_count, graph->node_capacity,
		       node)) {
		graph->failed = true;
		return 0;
	}
	graph->buckets[h] = (int)graph->node_count - 1;
	return (int)graph->node_count - 1;
}

int graph_constant(struct graph *graph, uint32_t k)
{
	return graph_node(graph, (struct node){.kind = NODE_CONSTANT,
					       .k = k,
					       .a = NONE,
					       .b = NONE,
					       .origin = NONE});
}

int graph_alu(struct graph *graph, uint8_t op, int a, int b, int origin)
{
	int folded = graph->sharing ? fold_alu(graph, op, a, b, origin) : NONE;

	if (folded != NONE)
		return folded;
	return graph_node(graph, (struct node){.kind = NODE_ALU,
					       .op = op,
					       .a = a,
					       .b = b,
					       .origin = origin});
}

int graph_load(struct graph *graph, uint8_t size, int pointer, uint32_t k,
	       int origin)
{
	return graph_node(graph, (struct node){.kind = NODE_LOAD,
					       .size = size,
					       .k = k,
					       .a = pointer,
					       .b = NONE,
					       .origin = origin});
}

/* ---- Blocks ---- */

int graph_block(struct graph *graph)
{
	struct block block = {.end = END_RETURN,
			      .a = graph_constant(graph, 0),
			      .b = NONE,
			      .to = {NONE, NONE},
			      .origin = NONE};

	if (!ARRAY_ADD(graph->blocks, graph->block_count, graph->block_capacity,
		       block)) {
		graph->failed = true;
		return NONE;
	}
	return (int)graph->block_count - 1;
}

void graph_step(struct graph *graph, int at, struct step step)
{
	struct block *block = &graph->blocks[at];

	if (!ARRAY_ADD(block->steps, block->step_count, block->step_capacity,
		       step))
		graph->failed = true;
}

void graph_phi(struct graph *graph, int at, struct phi_choice choice)
{
	struct block *block = &graph->blocks[at];

	if (!ARRAY_ADD(block->phis, block->phi_count, block->phi_capacity,
		       choice))
		graph->failed = true;
}

int graph_phi_value(const struct graph *graph, int at, int phi, int from)
{
	const struct block *block = &graph->blocks[at];

	for (size_t i = 0; i < block->phi_count; i++)
		if (block->phis[i].phi == phi && block->phis[i].from == from)
			return block->phis[i].value;
	return NONE;
}

size_t graph_ways(const struct block *block)
{
	switch ((enum end_kind)block->end) {
	case END_RETURN:
		return 0;
	case END_JUMP:
		return 1;
	case END_BRANCH:
		return 2;
	case END_SWITCH:
		return block->choice_count + 1;
	}
	return 0;
}

int graph_way(const struct block *block, size_t n)
{
	if (block->end != END_SWITCH)
		return block->to[n];
	return n < block->choice_count ? block->choices[n].to : block->to[1];
}

void graph_way_set(struct block *block, size_t n, int to)
{
	if (block->end != END_SWITCH)
		block->to[n] = to;
	else if (n < block->choice_count)
		block->choices[n].to = to;
	else
		block->to[1] = to;
}

/* ---- Order and dominators ---- */

struct walk {
	int block;
	size_t way;
};

/* Depth first without recursion: graph->order gets each block when all that
 * it leads to is there already, so it is the reverse of what is wanted. */
static bool walk_blocks(struct graph *graph)
{
	struct walk *stack _cleanup_free_ =
		calloc(graph->block_count, sizeof(*stack));
	size_t depth = 1;

	if (!stack)
		return false;
	stack[0].block = 0;
	graph->blocks[0].order = 0;
	while (depth) {
		struct walk *top = &stack[depth - 1];
		struct block *block = &graph->blocks[top->block];

		if (top->way < graph_ways(block)) {
			int to = graph_way(block, top->way++);

			if (graph->blocks[to].order == NONE) {
				graph->blocks[to].order = 0;
				stack[depth++] = (struct walk){to, 0};
			}
			continue;
		}
		graph->order[graph->order_count++] = top->block;
		depth--;
	}
	return true;
}

static void reverse(int *items, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		int item = items[i];

		items[i] = items[count - 1 - i];
		items[count - 1 - i] = item;
	}
}

/* Where the ways of two blocks meet in the tree of dominators. */
static int common_dominator(const struct graph *graph, int a, int b)
{
	while (a != b) {
		if (graph->blocks[a].order > graph->blocks[b].order)
			a = graph->blocks[a].dominator;
		else
			b = graph->blocks[b].dominator;
	}
	return a;
}

static void add_edge(struct graph *graph, int from, int to)
{
	struct block *block = &graph->blocks[to];

	block->dominator =
		block->preds++ ? common_dominator(graph, block->dominator, from)
			       : from;
	block->pred = from;
}

void graph_analyse(struct graph *graph)
{
	if (graph->failed)
		return;
	for (size_t i = 0; i < graph->block_count; i++) {
		struct block *block = &graph->blocks[i];

		block->order = block->dominator = block->pred = NONE;
		block->preds = block->depth = 0;
	}
	free(graph->order);
	graph->order_count = 0;
	graph->order = calloc(graph->block_count, sizeof(int));
	if (!graph->order || !walk_blocks(graph)) {
		graph->failed = true;
		return;
	}
	reverse(graph->order, graph->order_count);
	for (size_t i = 0; i < graph->order_count; i++)
		graph->blocks[graph->order[i]].order = (int)i;
	for (size_t i = 0; i < graph->order_count; i++) {
		struct block *block = &graph->blocks[graph->order[i]];

		if (block->dominator != NONE)
			block->depth =
				graph->blocks[block->dominator].depth + 1;
		for (size_t way = 0; way < graph_ways(block); way++)
			add_edge(graph, graph->order[i], graph_way(block, way));
	}
}

bool graph_dominates(const struct graph *graph, int a, int b)
{
	while (graph->blocks[b].depth > graph->blocks[a].depth)
		b = graph->blocks[b].dominator;
	return a == b;
}
