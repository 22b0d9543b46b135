/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/fold.h"

#include <linux/filter.h>

/* The least 2^n - 1 that is not below @value. */
static uint32_t all_ones(uint32_t value)
{
	for (unsigned int shift = 1; shift < 32; shift *= 2)
		value |= value >> shift;
	return value;
}

static uint32_t within(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static uint32_t most_alu(const struct graph *graph, const struct node *node)
{
	uint32_t a = graph_at(graph, node->a)->most;
	uint32_t b = node->b == NONE ? 0 : graph_at(graph, node->b)->most;
	bool constant = graph_is_constant(graph, node->b);

	switch (node->op) {
	case BPF_ADD:
		return within((uint64_t)a + b);
	case BPF_MUL:
		return within((uint64_t)a * b);
	case BPF_AND:
		return a < b ? a : b;
	case BPF_OR:
	case BPF_XOR:
		return all_ones(a | b);
	case BPF_LSH:
		return constant ? within((uint64_t)a << (b & 31)) : UINT32_MAX;
	case BPF_RSH:
		return constant ? a >> (b & 31) : UINT32_MAX;
	default:
		return UINT32_MAX;
	}
}

uint32_t fold_most(const struct graph *graph, const struct node *node)
{
	switch ((enum node_kind)node->kind) {
	case NODE_CONSTANT:
		return node->k;
	case NODE_LOAD:
	case NODE_RAW:
	case NODE_SWAP:
	case NODE_FAR:
		return node->size == 4 ? UINT32_MAX
				       : (1u << node->size * 8) - 1;
	case NODE_ALU:
		return most_alu(graph, node);
	case NODE_PHI:
		return node->most;
	case NODE_LENGTH:
	case NODE_METADATA:
	case NODE_POINTER:
	case NODE_LIST:
	case NODE_RANDOM:
		return UINT32_MAX;
	}
	return UINT32_MAX;
}

/* All bits from the lowest of @bits on. */
static uint32_t from_lowest(uint32_t bits)
{
	return bits ? ~((bits & -bits) - 1) : 0;
}

static uint32_t bits_alu(const struct graph *graph, const struct node *node)
{
	uint32_t a = graph_at(graph, node->a)->bits;
	uint32_t b = node->b == NONE ? 0 : graph_at(graph, node->b)->bits;
	bool constant = graph_is_constant(graph, node->b);

	switch (node->op) {
	case BPF_ADD:
	case BPF_SUB:
		return from_lowest(a | b);
	case BPF_MUL:
		return a && b ? from_lowest((a & -a) * (b & -b)) : 0;
	case BPF_AND:
		return a & b;
	case BPF_OR:
	case BPF_XOR:
		return a | b;
	case BPF_LSH:
		return constant ? a << (b & 31) : UINT32_MAX;
	case BPF_RSH:
		return constant ? a >> (b & 31) : UINT32_MAX;
	default:
		return UINT32_MAX;
	}
}

uint32_t fold_bits(const struct graph *graph, const struct node *node)
{
	switch ((enum node_kind)node->kind) {
	case NODE_CONSTANT:
		return node->k;
	case NODE_ALU:
		return bits_alu(graph, node);
	case NODE_PHI:
		return node->bits;
	case NODE_LOAD:
	case NODE_RAW:
	case NODE_SWAP:
	case NODE_FAR:
		return node->size == 4 ? UINT32_MAX
				       : (1u << node->size * 8) - 1;
	case NODE_LENGTH:
	case NODE_METADATA:
	case NODE_POINTER:
	case NODE_LIST:
	case NODE_RANDOM:
		return UINT32_MAX;
	}
	return UINT32_MAX;
}

static bool is_commutative(uint8_t op)
{
	return op == BPF_ADD || op == BPF_MUL || op == BPF_AND ||
	       op == BPF_OR || op == BPF_XOR;
}

/* a op k, where it is a, or nothing but a constant. */
static int fold_identity(struct graph *graph, uint8_t op, int a, uint32_t k)
{
	switch (op) {
	case BPF_ADD:
	case BPF_SUB:
	case BPF_OR:
	case BPF_XOR:
		return k ? NONE : a;
	case BPF_LSH:
	case BPF_RSH:
		if (k > 31 && graph->rules == RULES_FILE)
			return graph_constant(graph, 0);
		return k & 31 ? NONE : a;
	case BPF_MUL:
		return k == 1 ? a : k ? NONE : graph_constant(graph, 0);
	case BPF_DIV:
		return k == 1 ? a : NONE;
	case BPF_MOD:
		return k == 1 ? graph_constant(graph, 0) : NONE;
	case BPF_AND:
		if (!k)
			return graph_constant(graph, 0);
		return (graph_at(graph, a)->most & ~k) == 0 &&
				       (k & (k + 1)) == 0
			       ? a
			       : NONE;
	default:
		return NONE;
	}
}

/* a op k for k = 2^n, as the cheaper operation; NONE if there is none. */
static int fold_power(struct graph *graph, uint8_t op, int a, uint32_t k,
		      int origin)
{
	if ((k & (k - 1)) != 0)
		return NONE;
	switch (op) {
	case BPF_MUL:
		k = (uint32_t)__builtin_ctz(k);
		return graph_alu(graph, BPF_LSH, a, graph_constant(graph, k),
				 origin);
	case BPF_DIV:
		k = (uint32_t)__builtin_ctz(k);
		return graph_alu(graph, BPF_RSH, a, graph_constant(graph, k),
				 origin);
	case BPF_MOD:
		return graph_alu(graph, BPF_AND, a,
				 graph_constant(graph, k - 1), origin);
	default:
		return NONE;
	}
}

/* (a op j) op k: one operation. */
static int fold_chain(struct graph *graph, uint8_t op, int a, uint32_t k,
		      int origin)
{
	struct node node = *graph_at(graph, a);

	if (op != BPF_ADD && op != BPF_AND && op != BPF_OR && op != BPF_XOR)
		return NONE;
	if (node.kind != NODE_ALU || node.op != op ||
	    !graph_is_constant(graph, node.b))
		return NONE;
	k = graph_compute(graph->rules, op, graph_at(graph, node.b)->k, k);
	return graph_alu(graph, op, node.a, graph_constant(graph, k), origin);
}

int fold_alu(struct graph *graph, uint8_t op, int a, int b, int origin)
{
	bool divides = op == BPF_DIV || op == BPF_MOD;
	int folded;
	uint32_t k;

	if (op == BPF_NEG)
		return graph_is_constant(graph, a)
			       ? graph_constant(graph,
						0 - graph_at(graph, a)->k)
			       : NONE;
	if (graph_is_constant(graph, a) && !graph_is_constant(graph, b) &&
	    is_commutative(op))
		return graph_alu(graph, op, b, a, origin);
	if (!graph_is_constant(graph, b))
		return a == b && (op == BPF_XOR || op == BPF_SUB)
			       ? graph_constant(graph, 0)
			       : NONE;
	k = graph_at(graph, b)->k;
	if (divides && !k)
		return graph_constant(graph, 0); /* its step fails */
	if (graph_is_constant(graph, a))
		return graph_constant(graph,
				      graph_compute(graph->rules, op,
						    graph_at(graph, a)->k, k));
	folded = fold_identity(graph, op, a, k);
	if (folded == NONE)
		folded = fold_power(graph, op, a, k, origin);
	return folded != NONE ? folded : fold_chain(graph, op, a, k, origin);
}
