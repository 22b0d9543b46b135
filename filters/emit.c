/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/emit.h"

#include <errno.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/emit_value.h"
#include "filters/emit_window.h"
#include "filters/insn.h"
#include "src/base/cleanup.h"

void program_free(struct program *program)
{
	free(program->code);
	free(program->notes);
	free(program->maps);
	*program = (struct program){0};
}

void emit(struct emitter *e, struct bpf_insn insn)
{
	struct program *out = e->out;
	struct emit_note note = {e->origin, e->what};
	size_t count = out->length;

	if (!ARRAY_ADD(out->notes, count, out->note_capacity, note) ||
	    !ARRAY_ADD(out->code, out->length, out->capacity, insn))
		e->failed = true;
}

/* Blocks that return 0 are all one, which is not a block. */
static int settle(const struct emitter *e, int to)
{
	const struct block *block = to < 0 ? NULL : &e->graph->blocks[to];

	return block && block->end == END_RETURN && !block->step_count &&
			       graph_is_constant(e->graph, block->a) &&
			       !graph_at(e->graph, block->a)->k
		       ? (int)LABEL_REJECT
		       : to;
}

void emit_jump(struct emitter *e, struct bpf_insn insn, int to)
{
	struct jump jump = {e->out->length, settle(e, to)};

	emit(e, insn);
	if (!ARRAY_ADD(e->jumps, e->jump_count, e->jump_capacity, jump))
		e->failed = true;
}

void emit_label(struct emitter *e, enum emit_label label)
{
	e->label_at[-label] = (int)e->out->length;
}

/* ---- Ends of blocks ---- */

/* The conditions of eBPF and their opposites; JSET has none. */
static uint8_t opposite(uint8_t cond)
{
	switch (cond) {
	case BPF_JEQ:
		return BPF_JNE;
	case BPF_JGT:
		return BPF_JLE;
	case BPF_JGE:
		return BPF_JLT;
	default:
		return 0;
	}
}

static void emit_condition(struct emitter *e, const struct line *line,
			   uint8_t cond, int to)
{
	const struct block *block = &e->graph->blocks[line->block];
	int a = emit_read(e, line->a, e->scratch[0]);

	if (graph_is_constant(e->graph, block->b))
		emit_jump(e, JUMP32_K(cond, a, graph_at(e->graph, block->b)->k),
			  to);
	else
		emit_jump(
			e,
			JUMP32_R(cond, a, emit_read(e, line->b, e->scratch[1])),
			to);
}

static void emit_goto(struct emitter *e, int to, int next)
{
	if (settle(e, to) != next)
		emit_jump(e, JUMP, to);
}

static void emit_return(struct emitter *e, const struct line *line)
{
	const struct block *block = &e->graph->blocks[line->block];

	if (graph_is_constant(e->graph, block->a))
		emit(e, MOV32_K(BPF_REG_0, graph_at(e->graph, block->a)->k));
	else
		emit_into(e, BPF_REG_0, line->a);
	emit(e, EXIT);
}

static void emit_end(struct emitter *e, const struct line *line, int next)
{
	const struct block *block = &e->graph->blocks[line->block];

	e->origin = block->origin;
	e->what = NULL;
	switch ((enum end_kind)block->end) {
	case END_RETURN:
		emit_return(e, line);
		break;
	case END_JUMP:
		emit_goto(e, block->to[0], next);
		break;
	case END_BRANCH:
		if (block->cond == COND_MEMBER) {
			emit_member(e, line);
			break;
		}
		if (settle(e, block->to[0]) == next && opposite(block->cond)) {
			emit_condition(e, line, opposite(block->cond),
				       block->to[1]);
			break;
		}
		emit_condition(e, line, block->cond, block->to[0]);
		emit_goto(e, block->to[1], next);
		break;
	case END_SWITCH:
		emit_switch(e, line);
		break;
	}
}

/* ---- The whole ---- */

bool emit_is_wanted(const struct emitter *e, enum emit_label label)
{
	for (size_t i = 0; i < e->jump_count; i++)
		if (e->jumps[i].to == (int)label)
			return true;
	return false;
}

static int label_place(const struct emitter *e, int to)
{
	return to >= 0 ? e->block_at[to] : e->label_at[-to];
}

static int resolve(struct emitter *e, struct strbuf *error)
{
	for (size_t i = 0; i < e->jump_count; i++) {
		const struct jump *jump = &e->jumps[i];
		int distance = label_place(e, jump->to) - (int)jump->at - 1;

		if (distance < INT16_MIN || distance > INT16_MAX) {
			strbuf_printf(error,
				      "filter: too complex: %zu "
				      "instructions, with a jump over %d",
				      e->out->length, distance);
			return -E2BIG;
		}
		e->out->code[jump->at].off = (int16_t)distance;
	}
	return 0;
}

/* What comes behind the code of the block that is @at in order: a block, or a
 * label. */
static int next_of(const struct emitter *e, size_t at)
{
	while (++at < e->graph->order_count)
		if (settle(e, e->graph->order[at]) != LABEL_REJECT)
			return e->graph->order[at];
	return e->fallback == FALLBACK_RESTART ? (int)LABEL_SHORT
					       : (int)LABEL_REJECT;
}

static void emit_block_line(struct emitter *e, const struct line *line)
{
	if (settle(e, line->block) == LABEL_REJECT)
		return;
	if (line->kind == LINE_END)
		emit_end(e, line,
			 next_of(e,
				 (size_t)e->graph->blocks[line->block].order));
	else
		emit_line(e, line);
}

/* Does no run go on behind the last instruction? */
static bool ends_here(const struct program *program)
{
	uint8_t code =
		program->length ? program->code[program->length - 1].code : 0;

	return code == (BPF_JMP | BPF_EXIT) || code == (BPF_JMP | BPF_JA);
}

static void emit_lines(struct emitter *e, const struct emit_backend *backend)
{
	int block = NONE;

	e->origin = NONE;
	if (backend->enter)
		backend->enter(e);
	e->what = "the context";
	if (e->context != BPF_REG_1)
		emit(e, MOV64_R(e->context, BPF_REG_1));
	for (size_t i = 0; i < e->lowered.line_count && !e->failed; i++) {
		const struct line *line = &e->lowered.lines[i];

		if (line->block != block) {
			block = line->block;
			e->block_at[block] = (int)e->out->length;
		}
		if (i == e->begin_at)
			backend->begin(e);
		emit_block_line(e, line);
	}
	e->origin = NONE;
	backend->finish(e);
	emit_label(e, LABEL_REJECT);
	if (!emit_is_wanted(e, LABEL_REJECT) &&
	    !emit_is_wanted(e, LABEL_SHORT) && ends_here(e->out))
		return;
	e->what = "no match";
	emit(e, MOV32_K(BPF_REG_0, 0));
	emit(e, EXIT);
}

static void emitter_free(struct emitter *e)
{
	lower_free(&e->lowered);
	free(e->jumps);
	free(e->block_at);
	free(e->biases);
	free(e->reached);
}

static int emit_places(struct emitter *e, struct strbuf *error)
{
	int registers[5];
	struct assign_registers with = {registers, 0, 1u << BPF_REG_9};
	int status;

	registers[with.count++] = BPF_REG_2;
	registers[with.count++] = BPF_REG_3;
	if (e->calls) {
		registers[with.count++] = BPF_REG_4;
		registers[with.count++] = BPF_REG_5;
	} else if (e->context != BPF_REG_6) {
		registers[with.count++] = BPF_REG_6;
		with.preserved |= 1u << BPF_REG_6;
	}
	if (e->flag != BPF_REG_9)
		registers[with.count++] = BPF_REG_9;
	status = assign_places(&e->lowered, &with);
	if (!status)
		status = emit_plan_stack(e);
	if (status == -E2BIG)
		strbuf_printf(error,
			      "filter: too complex: %d values at once do not "
			      "fit on the stack",
			      e->lowered.slots + (int)with.count);
	return status;
}

int emit_program(const struct graph *graph, enum filter_backend backend,
		 struct program *program, struct strbuf *error)
{
	return emit_program_with(
		graph, backend == FILTER_BACKEND_TC ? &emit_tc : &emit_socket,
		program, error);
}

int emit_program_with(const struct graph *graph,
		      const struct emit_backend *backend,
		      struct program *program, struct strbuf *error)
{
	struct emitter e _cleanup_(emitter_free) = {
		.graph = graph, .out = program, .portable = graph->portable};
	int status;

	*program = (struct program){0};
	e.block_at = calloc(graph->block_count, sizeof(*e.block_at));
	e.reached = calloc(graph->block_count, sizeof(*e.reached));
	if (!e.block_at || !e.reached)
		return -ENOMEM;
	status = lower_graph(graph, &e.lowered);
	if (status)
		return status;
	emit_plan(&e, backend);
	status = emit_places(&e, error);
	if (status)
		return status;
	emit_lines(&e, backend);
	if (e.refused) {
		strbuf_printf(error, "filter: %s", e.refused);
		return -EOPNOTSUPP;
	}
	return e.failed ? -ENOMEM : resolve(&e, error);
}
