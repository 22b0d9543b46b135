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

void emit_jump(struct emitter *e, struct bpf_insn insn, int to)
{
	struct jump jump = {e->out->length, to};

	emit(e, insn);
	if (!ARRAY_ADD(e->jumps, e->jump_count, e->jump_capacity, jump))
		e->failed = true;
}

void emit_label(struct emitter *e, enum emit_label label)
{
	e->label_at[-label] = (int)e->out->length;
}

void emit_copy(struct emitter *e)
{
	int end = e->copy_shift + e->copy_bytes - EMIT_STACK;
	size_t over;

	emit(e, LOAD_MEM(BPF_W, EMIT_END, EMIT_CONTEXT,
			 offsetof(struct __sk_buff, len)));
	emit_jump(e, JUMP64_K(BPF_JLT, EMIT_END, 1), LABEL_REJECT);
	emit(e, MOV64_R(EMIT_START, BPF_REG_10));
	emit(e, ALU64_K(BPF_ADD, EMIT_START, e->copy_shift - EMIT_STACK));
	over = e->out->length;
	emit(e, JUMP64_K(BPF_JGE, EMIT_END, e->copy_bytes));
	/* Kernels before 6.3 want what a call may leave unwritten to have been
	 * written before; a full copy leaves nothing. */
	emit(e, MOV64_K(BPF_REG_0, 0));
	for (int at = -EMIT_STACK; at < end; at += 8)
		emit(e, STORE_MEM(BPF_DW, BPF_REG_10, at, BPF_REG_0));
	emit(e, MOV64_R(BPF_REG_4, EMIT_END));
	emit(e, INSN(BPF_JMP | BPF_JA, 0, 0, 2, 0));
	if (!e->failed)
		e->out->code[over].off = (int16_t)(e->out->length - over - 1);
	emit(e, MOV64_K(EMIT_END, e->copy_bytes));
	emit(e, MOV64_K(BPF_REG_4, e->copy_bytes));
	emit(e, MOV64_R(BPF_REG_1, EMIT_CONTEXT));
	emit(e, MOV64_K(BPF_REG_2, 0));
	emit(e, MOV64_R(BPF_REG_3, EMIT_START));
	emit(e, CALL(BPF_FUNC_skb_load_bytes));
	emit_jump(e, JUMP64_K(BPF_JNE, BPF_REG_0, 0), LABEL_REJECT);
	emit(e, ALU64_R(BPF_ADD, EMIT_END, EMIT_START));
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
	int a = emit_read(e, line->a, BPF_REG_0);

	if (graph_is_constant(e->graph, block->b))
		emit_jump(e, JUMP32_K(cond, a, graph_at(e->graph, block->b)->k),
			  to);
	else
		emit_jump(e,
			  JUMP32_R(cond, a, emit_read(e, line->b, BPF_REG_1)),
			  to);
}

static void emit_goto(struct emitter *e, int to, int next)
{
	if (to != next)
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
		if (block->to[0] == next && opposite(block->cond)) {
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

static int copy_size(const struct graph *graph)
{
	uint32_t most = 0;

	for (size_t i = 0; i < graph->order_count; i++) {
		const struct block *block = &graph->blocks[graph->order[i]];

		for (size_t s = 0; s < block->step_count; s++) {
			const struct step *step = &block->steps[s];
			uint32_t end = step->end;

			if (step->kind != STEP_GUARD)
				continue;
			if (step->node != NONE)
				end += graph_at(graph,
						graph_at(graph, step->node)->a)
					       ->most;
			most = end > most ? end : most;
		}
	}
	return (int)most;
}

/* The shift of the copy that leaves the fewest loads in pieces: 2 for Ethernet,
 * for the reason that NET_IP_ALIGN is. */
static int best_shift(struct emitter *e)
{
	int best = 0, least = INT32_MAX;

	for (int shift = 0; shift < 4; shift++) {
		int bad = 0;

		e->copy_shift = shift;
		for (size_t i = 0; i < e->lowered.line_count; i++) {
			const struct line *line = &e->lowered.lines[i];
			const struct node *node =
				line->kind == LINE_COMPUTE
					? graph_at(e->graph, line->node)
					: NULL;

			bad += node && emit_piece(e, node) < node->size;
		}
		if (bad < least) {
			least = bad;
			best = shift;
		}
	}
	return best;
}

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

static void emit_lines(struct emitter *e, const struct emit_backend *backend)
{
	size_t order = 0;
	bool opened = false;

	e->origin = NONE;
	backend->begin(e);
	for (size_t i = 0; i < e->lowered.line_count && !e->failed; i++) {
		const struct line *line = &e->lowered.lines[i];

		if (!opened)
			e->block_at[line->block] = (int)e->out->length;
		opened = line->kind != LINE_END;
		if (opened) {
			emit_line(e, line);
			continue;
		}
		order++;
		emit_end(e, line,
			 order < e->graph->order_count ? e->graph->order[order]
						       : NONE);
	}
	e->origin = NONE;
	backend->finish(e);
	emit_label(e, LABEL_REJECT);
	if (backend == &emit_socket)
		emit_label(e, LABEL_SHORT);
	if (!emit_is_wanted(e, LABEL_REJECT) && !emit_is_wanted(e, LABEL_SHORT))
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
}

static int emit_places(struct emitter *e, struct strbuf *error)
{
	static const int registers[] = {BPF_REG_2, BPF_REG_3, BPF_REG_4,
					BPF_REG_5, BPF_REG_9};
	static const struct assign_registers with = {registers, 5, BPF_REG_9};
	int status = assign_places(&e->lowered, &with);

	if (status == -E2BIG ||
	    (!status && 16 + 8 * e->lowered.slots + e->copy_shift +
					((e->copy_bytes + 7) & ~7) >
				EMIT_STACK)) {
		strbuf_printf(error,
			      "filter: too complex: %d values at once do not "
			      "fit on the stack",
			      e->lowered.slots + 5);
		return -E2BIG;
	}
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
	struct emitter e _cleanup_(emitter_free) = {.graph = graph,
						    .out = program};
	int status;

	*program = (struct program){0};
	e.block_at = calloc(graph->block_count, sizeof(*e.block_at));
	if (!e.block_at)
		return -ENOMEM;
	e.copy_bytes = copy_size(graph);
	status = lower_graph(graph, &e.lowered);
	e.copy_shift = status ? 0 : best_shift(&e);
	if (!status)
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
