/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/prove_mutants.h"

#include <linux/filter.h>

static uint32_t seed = 1;

static uint32_t below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return n ? (seed >> 8) % n : 0;
}

/* A constant is compared in the wrong order. */
static bool turn_constant(struct graph *graph, int at)
{
	struct block *block = &graph->blocks[at];
	uint32_t k;

	if (block->end != END_BRANCH || block->cond != BPF_JEQ ||
	    graph_at(graph, block->a)->kind != NODE_RAW ||
	    !graph_is_constant(graph, block->b))
		return false;
	k = graph_at(graph, block->b)->k;
	k = graph_at(graph, block->a)->size == 2
		    ? __builtin_bswap16((uint16_t)k)
		    : __builtin_bswap32(k);
	if (k == graph_at(graph, block->b)->k)
		return false;
	block->b = graph_constant(graph, k);
	return true;
}

/* What one of the ways looks behind begins elsewhere. */
static bool shift_tails(struct graph *graph, int at)
{
	bool shifted = false;

	/* All: some choices may be for edges that are no more. */
	for (size_t p = 0; p < graph->blocks[at].phi_count; p++) {
		int value = graph->blocks[at].phis[p].value;

		if (!graph_is_constant(graph, value))
			continue;
		value = graph_constant(graph, graph_at(graph, value)->k - 1);
		graph->blocks[at].phis[p].value = value;
		shifted = true;
	}
	return shifted;
}

/* True if the block has something for the mutant @kind, and has it now. */
static bool mutate_block(struct graph *graph, int kind, int at)
{
	struct block *block = &graph->blocks[at];
	int way;

	switch ((enum mutant)kind) {
	case MUTANT_PRUNE: /* the branch goes the other way */
		if (block->end != END_BRANCH)
			return false;
		way = block->to[0];
		block->to[0] = block->to[1];
		block->to[1] = way;
		return true;
	case MUTANT_MERGE: /* another block stands for the one meant */
		if (block->end != END_BRANCH ||
		    graph->blocks[block->to[0]].end != END_BRANCH)
			return false;
		block->to[0] = graph->blocks[block->to[0]].to[below(2)];
		return true;
	case MUTANT_TAILS:
		return shift_tails(graph, at);
	case MUTANT_GUARDS: /* a guard asks for a byte too many */
		for (size_t s = 0; s < block->step_count; s++) {
			if (block->steps[s].kind != STEP_GUARD)
				continue;
			block->steps[s].end++;
			return true;
		}
		return false;
	case MUTANT_SEARCH: /* a constant of the search is off */
		if (block->end != END_SWITCH)
			return false;
		block->choices[below((uint32_t)block->choice_count)].high ^= 1;
		return true;
	case MUTANT_ORDER:
		return turn_constant(graph, at);
	case MUTANT_EMITTING:
	case MUTANTS:
		break;
	}
	return false;
}

/* A load, or a pointer, is off by one. */
static bool mutate_insn(struct bpf_insn *insn)
{
	if (insn->code == (BPF_ALU64 | BPF_ADD | BPF_K))
		insn->imm++;
	else if (BPF_CLASS(insn->code) == BPF_LDX &&
		 insn->src_reg != BPF_REG_1 && insn->src_reg != BPF_REG_6)
		insn->off++;
	else
		return false;
	return true;
}

bool mutate_program(struct program *program)
{
	uint32_t from = below((uint32_t)program->length);

	for (size_t i = 0; i < program->length; i++)
		if (mutate_insn(&program->code[(i + from) % program->length]))
			return true;
	return false;
}

bool mutate_graph(struct graph *graph, int kind)
{
	uint32_t from = below((uint32_t)graph->order_count);

	for (size_t i = 0; i < graph->order_count; i++)
		if (mutate_block(
			    graph, kind,
			    graph->order[(i + from) % graph->order_count])) {
			graph_analyse(graph);
			return true;
		}
	return false;
}
