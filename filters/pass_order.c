/* SPDX-License-Identifier: BSD-3-Clause */
#include <linux/filter.h>
#include <stdlib.h>

#include "filters/pass.h"
#include "src/base/cleanup.h"

/* The low @size bytes turned around, as a load on this host has them. */
static uint32_t network(uint32_t k, uint8_t size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return size == 4   ? __builtin_bswap32(k)
	       : size == 2 ? __builtin_bswap16((uint16_t)k)
			   : k;
#else
	return k;
#endif
}

static bool is_bitwise(const struct graph *graph, const struct node *node)
{
	return node->kind == NODE_ALU &&
	       (node->op == BPF_AND || node->op == BPF_OR ||
		node->op == BPF_XOR) &&
	       graph_is_constant(graph, node->b);
}

/* The size of the load that @value is, but for bits masked or set; 0: it is
 * something else, or turning it around gains nothing. */
static uint8_t order_size(const struct graph *graph, int value)
{
	const struct node *node = graph_at(graph, value);

	while (is_bitwise(graph, node))
		node = graph_at(graph, node->a);
	return node->kind == NODE_LOAD && node->size > 1 ? node->size : 0;
}

/* @value with its bytes in network order. */
static int turned(struct graph *graph, int value, uint8_t size)
{
	struct node node = *graph_at(graph, value);
	uint32_t k;
	int a;

	if (node.kind == NODE_LOAD) {
		node.kind = NODE_RAW;
		return graph_node(graph, node);
	}
	k = network(graph_at(graph, node.b)->k, size);
	a = turned(graph, node.a, size);
	return graph_alu(graph, node.op, a, graph_constant(graph, k),
			 node.origin);
}

static bool fits(uint32_t k, uint8_t size)
{
	return size == 4 || k >> size * 8 == 0;
}

/* Masks that reach beyond the load would not fit once turned around. */
static bool all_fit(const struct graph *graph, int value, uint8_t size)
{
	const struct node *node = graph_at(graph, value);

	for (; is_bitwise(graph, node); node = graph_at(graph, node->a))
		if (!fits(graph_at(graph, node->b)->k, size))
			return false;
	return true;
}

/* A comparison of some whole bytes of a load, with the others masked out: load
 * them alone. */
static bool narrow_branch(struct graph *graph, int at)
{
	struct block *block = &graph->blocks[at];
	struct node node = *graph_at(graph, block->a), load;
	uint32_t mask, k;

	if (block->cond != BPF_JEQ || !graph_is_constant(graph, block->b) ||
	    node.kind != NODE_ALU || node.op != BPF_AND ||
	    !graph_is_constant(graph, node.b))
		return false;
	load = *graph_at(graph, node.a);
	mask = graph_at(graph, node.b)->k;
	k = graph_at(graph, block->b)->k;
	if (load.kind != NODE_LOAD || (k & ~mask))
		return false;
	for (uint8_t size = 1; size < load.size; size *= 2) {
		for (uint8_t from = 0; from < load.size; from += size) {
			int shift = 8 * (load.size - size - from);

			if (mask != ((1u << 8 * size) - 1) << shift)
				continue;
			block->b = graph_constant(graph, k >> shift);
			graph->blocks[at].a =
				graph_load(graph, size, load.a, load.k + from,
					   load.origin);
			return true;
		}
	}
	return false;
}

static bool order_branch(struct graph *graph, int at)
{
	bool narrowed = narrow_branch(graph, at);
	struct block *block = &graph->blocks[at];
	uint8_t size = order_size(graph, block->a);
	uint32_t k;

	if (narrowed && size < 2)
		return true;
	if (!size || (block->cond != BPF_JEQ && block->cond != BPF_JSET) ||
	    !all_fit(graph, block->a, size))
		return false;
	if (!graph_is_constant(graph, block->b)) {
		if (block->cond != BPF_JEQ ||
		    order_size(graph, block->b) != size ||
		    !all_fit(graph, block->b, size))
			return false;
		block->b = turned(graph, block->b, size);
		block->a = turned(graph, block->a, size);
		return true;
	}
	k = graph_at(graph, block->b)->k;
	if (!fits(k, size))
		return false;
	block->a = turned(graph, block->a, size);
	block->b = graph_constant(graph, network(k, size));
	return true;
}

static int compare_choices(const void *x, const void *y)
{
	const struct choice *a = x, *b = y;

	return (a->low > b->low) - (a->low < b->low);
}

static bool order_switch(struct graph *graph, int at)
{
	struct block *block = &graph->blocks[at];
	uint8_t size = order_size(graph, block->a);

	if (!size || !all_fit(graph, block->a, size))
		return false;
	for (size_t i = 0; i < block->choice_count; i++)
		if (block->choices[i].low != block->choices[i].high ||
		    !fits(block->choices[i].low, size))
			return false;
	for (size_t i = 0; i < block->choice_count; i++)
		block->choices[i].low = block->choices[i].high =
			network(block->choices[i].low, size);
	qsort(block->choices, block->choice_count, sizeof(*block->choices),
	      compare_choices);
	block->a = turned(graph, block->a, size);
	return true;
}

/* A load that is still wanted in host order, where the raw one is there too, is
 * that one turned around: the packet is read once. */
static void share_raw(struct graph *graph, const bool *raw)
{
	size_t count = graph->node_count;

	for (size_t i = 0; i < count; i++) {
		struct node node = graph->nodes[i];
		int from;

		if (node.kind != NODE_LOAD || node.size == 1)
			continue;
		node.kind = NODE_RAW;
		from = graph_node(graph, node);
		if ((size_t)from >= count || !raw[from])
			continue;
		graph->nodes[i].kind = NODE_SWAP;
		graph->nodes[i].a = from;
		graph->nodes[i].k = 0;
	}
}

bool pass_order(struct graph *graph)
{
	bool *raw _cleanup_free_ = NULL;
	bool changed = false;

	for (size_t i = 0; i < graph->order_count; i++) {
		int at = graph->order[i];

		if (graph->blocks[at].end == END_BRANCH)
			changed |= order_branch(graph, at);
		else if (graph->blocks[at].end == END_SWITCH)
			changed |= order_switch(graph, at);
	}
	if (!changed || graph->failed)
		return changed;
	raw = calloc(graph->node_count, sizeof(*raw));
	if (!raw) {
		graph->failed = true;
		return true;
	}
	for (size_t i = 0; i < graph->node_count; i++)
		raw[i] = graph->nodes[i].kind == NODE_RAW;
	share_raw(graph, raw);
	return true;
}
