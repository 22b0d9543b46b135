/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

void trace_free(struct trace *trace)
{
	free(trace->insns);
	*trace = (struct trace){0};
}

int trace_begin(struct trace *trace, const struct classic *classic,
		const struct graph *graph, const int *made)
{
	trace->length = classic->length;
	trace->insns = calloc(classic->length, sizeof(*trace->insns));
	if (!trace->insns)
		return -ENOMEM;
	for (size_t i = 0; i < classic->length; i++)
		trace->insns[i] = (struct trace_insn){.value = made[i],
						      .a = NONE,
						      .b = NONE,
						      .with = NONE,
						      .first_with = NONE,
						      .next_with = NONE};
	for (size_t i = 0; i < graph->order_count; i++) {
		const struct block *block = &graph->blocks[graph->order[i]];
		struct trace_insn *insn;

		if (block->end != END_BRANCH || block->origin < 0)
			continue;
		insn = &trace->insns[block->origin];
		insn->a = block->a;
		insn->b = block->b;
		insn->cond = block->cond;
	}
	return 0;
}

static void count_code(struct trace *trace, const struct program *program)
{
	for (size_t i = 0; i < program->length; i++) {
		int origin = program->notes[i].origin;
		struct trace_insn *insn;

		if (origin < 0 || (size_t)origin >= trace->length)
			continue;
		insn = &trace->insns[origin];
		if (!insn->count++)
			insn->first = i;
	}
}

/* ---- Who does the work of those that have no code ---- */

/* Instructions with code, by what they make or compare; chained. */
struct index {
	int *makes;	/* by value: an instruction, NONE: none */
	int *asks;	/* by value: the first branch over it */
	int *next;	/* by instruction: the next branch over the same */
	bool *searches; /* by instruction: it has become a search */
};

static void index_free(struct index *index)
{
	free(index->makes);
	free(index->asks);
	free(index->next);
	free(index->searches);
}

static int *none(size_t count)
{
	int *items = malloc((count ? count : 1) * sizeof(*items));

	if (items)
		memset(items, 0xff, count * sizeof(*items));
	return items;
}

static int index_make(struct index *index, const struct trace *trace,
		      const struct graph *graph)
{
	index->makes = none(graph->node_count);
	index->asks = none(graph->node_count);
	index->next = none(trace->length);
	index->searches = calloc(trace->length, sizeof(bool));
	if (!index->makes || !index->asks || !index->next || !index->searches)
		return -ENOMEM;
	for (size_t i = 0; i < graph->order_count; i++) {
		const struct block *block = &graph->blocks[graph->order[i]];

		if (block->end == END_SWITCH && block->origin >= 0)
			index->searches[block->origin] = true;
	}
	for (size_t i = trace->length; i--;) {
		const struct trace_insn *insn = &trace->insns[i];

		if (!insn->count)
			continue;
		if (insn->value != NONE)
			index->makes[insn->value] = (int)i;
		if (insn->a == NONE)
			continue;
		index->next[i] = index->asks[insn->a];
		index->asks[insn->a] = (int)i;
	}
	return 0;
}

static void judge_branch(struct trace_insn *insn, const struct trace *trace,
			 const struct index *index)
{
	insn->fate = FATE_KNOWN;
	for (int i = index->asks[insn->a]; i != NONE; i = index->next[i]) {
		const struct trace_insn *other = &trace->insns[i];

		if (other->b == insn->b && other->cond == insn->cond) {
			insn->fate = FATE_SHARED;
			insn->with = i;
			return;
		}
		if (index->searches[i] && insn->cond == BPF_JEQ &&
		    insn->with == NONE) {
			insn->fate = FATE_SEARCH;
			insn->with = i;
		}
	}
}

/* The return with code that says the same. */
static int find_return(const struct trace *trace, const struct classic *classic,
		       const struct sock_filter *insn)
{
	for (size_t i = classic->length; i--;)
		if (classic->code[i].code == insn->code &&
		    classic->code[i].k == insn->k && trace->insns[i].count)
			return (int)i;
	return NONE;
}

static void judge(struct trace *trace, size_t at, const struct classic *classic,
		  const struct index *index)
{
	struct trace_insn *insn = &trace->insns[at];
	const struct sock_filter *code = &classic->code[at];

	switch (BPF_CLASS(code->code)) {
	case BPF_JMP:
		insn->fate = FATE_NAME;
		if (insn->a != NONE)
			judge_branch(insn, trace, index);
		else if (BPF_OP(code->code) != BPF_JA)
			insn->fate = FATE_KNOWN;
		break;
	case BPF_RET:
		insn->with = find_return(trace, classic, code);
		insn->fate = insn->with == NONE ? FATE_UNUSED : FATE_SHARED;
		break;
	case BPF_LD:
	case BPF_LDX:
	case BPF_ALU:
		if (BPF_CLASS(code->code) != BPF_ALU &&
		    (BPF_MODE(code->code) == BPF_MEM ||
		     BPF_MODE(code->code) == BPF_IMM)) {
			insn->fate = FATE_NAME;
			break;
		}
		insn->fate = FATE_UNUSED;
		if (insn->value != NONE)
			insn->with = index->makes[insn->value];
		if (insn->with != NONE)
			insn->fate = FATE_SHARED;
		break;
	default:
		insn->fate = FATE_NAME;
		break;
	}
}

int trace_finish(struct trace *trace, const struct classic *classic,
		 const struct graph *graph, const struct program *program)
{
	struct index index _cleanup_(index_free) = {0};

	count_code(trace, program);
	if (index_make(&index, trace, graph))
		return -ENOMEM;
	for (size_t i = trace->length; i--;) {
		struct trace_insn *insn = &trace->insns[i];

		if (insn->count)
			continue;
		judge(trace, i, classic, &index);
		if (insn->with == NONE)
			continue;
		insn->next_with = trace->insns[insn->with].first_with;
		trace->insns[insn->with].first_with = (int)i;
	}
	return 0;
}
