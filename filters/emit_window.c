/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/emit_window.h"

#include <errno.h>
#include <linux/filter.h>
#include <stddef.h>
#include <string.h>

#include "filters/array.h"
#include "filters/emit_value.h"
#include "filters/insn.h"
#include "filters/lists.h"

/* Larger graphs are not walked for each guard. */
#define MOST_BLOCKS 512

/* ---- Bias ---- */

void emit_set_bias(struct emitter *e, int reg, int block, int by)
{
	struct bias bias = {reg, block, by};

	if (!ARRAY_ADD(e->biases, e->bias_count, e->bias_capacity, bias))
		e->failed = true;
}

int emit_bias(const struct emitter *e, int reg, int block)
{
	for (size_t i = e->bias_count; i--;)
		if (e->biases[i].reg == reg &&
		    graph_dominates(e->graph, e->biases[i].block, block))
			return e->biases[i].by;
	return 0;
}

/* Does the line read the pointer @reg (NONE: r7)? */
static bool reads_pointer(const struct emitter *e, const struct line *line,
			  int reg)
{
	const struct node *node;

	if (line->kind == LINE_STEP)
		return line->step.kind == STEP_GUARD && line->a == reg;
	if (line->kind != LINE_COMPUTE)
		return false;
	node = graph_at(e->graph, line->node);
	if (node->kind == NODE_POINTER)
		return reg == NONE;
	return (node->kind == NODE_LOAD || node->kind == NODE_RAW) &&
	       line->a == reg;
}

static void walk_from(struct emitter *e, int from)
{
	memset(e->reached, 0, e->graph->block_count * sizeof(*e->reached));
	e->reached[from] = true;
	for (size_t i = 0; i < e->graph->order_count; i++) {
		const struct block *block =
			&e->graph->blocks[e->graph->order[i]];

		if (!e->reached[e->graph->order[i]])
			continue;
		for (size_t way = 0; way < graph_ways(block); way++)
			e->reached[graph_way(block, way)] = true;
	}
}

/* May the pointer stay where a guard in @from takes it? Not if a block that is
 * also reached by other ways reads it. */
static bool may_move(struct emitter *e, int reg, int from)
{
	if (e->graph->order_count > MOST_BLOCKS)
		return false;
	walk_from(e, from);
	for (size_t i = 0; i < e->lowered.line_count; i++) {
		const struct line *line = &e->lowered.lines[i];

		if (e->reached[line->block] && reads_pointer(e, line, reg) &&
		    !graph_dominates(e->graph, from, line->block))
			return false;
	}
	return true;
}

/* ---- Guards ---- */

/* The least that Ethernet carries (ARP); longer packets than that may well be
 * too short for a guard. */
#define SHORTEST_FRAME 42

/* The only guard: what is not there is copied from the packet, and r7 is then
 * behind the copy as it was behind the bytes. */
static void emit_forward(struct emitter *e, int bytes)
{
	size_t over = e->out->length;

	emit(e, JUMP64_R(BPF_JLE, EMIT_START, EMIT_END));
	if (bytes > SHORTEST_FRAME) {
		e->what = "too short: all of it?";
		emit(e, LOAD_MEM(BPF_W, BPF_REG_2, e->context,
				 offsetof(struct __sk_buff, len)));
		emit_jump(e, JUMP64_K(BPF_JLT, BPF_REG_2, bytes), LABEL_REJECT);
	}
	e->what = "paged out: a copy";
	if (e->context != BPF_REG_1)
		emit(e, MOV64_R(BPF_REG_1, e->context));
	emit(e, MOV64_K(BPF_REG_2, 0));
	emit(e, MOV64_R(BPF_REG_3, BPF_REG_10));
	emit(e, ALU64_K(BPF_ADD, BPF_REG_3, e->copy_at));
	emit(e, MOV64_K(BPF_REG_4, bytes));
	emit(e, CALL(BPF_FUNC_skb_load_bytes));
	emit_jump(e, JUMP64_K(BPF_JNE, BPF_REG_0, 0), LABEL_REJECT);
	emit(e, MOV64_R(EMIT_START, BPF_REG_10));
	if (e->copy_at + bytes)
		emit(e, ALU64_K(BPF_ADD, EMIT_START, e->copy_at + bytes));
	if (!e->failed && !e->paged)
		e->out->code[over].off = (int16_t)(e->out->length - over - 1);
}

void emit_guard(struct emitter *e, const struct line *line)
{
	int reg = line->a;
	int pointer =
		reg == NONE ? EMIT_START : emit_read(e, reg, e->scratch[0]);
	bool in_place = (reg == NONE || e->lowered.ranges[reg].place >= 0) &&
			may_move(e, reg, line->block);
	int by = emit_bias(e, reg, line->block);
	int end = (int)line->step.end;

	e->what = "guard";
	if (in_place) {
		emit_set_bias(e, reg, line->block, end);
	} else if (pointer != e->scratch[0]) {
		emit(e, MOV64_R(e->scratch[0], pointer));
		pointer = e->scratch[0];
	}
	if (end != by)
		emit(e, ALU64_K(BPF_ADD, pointer, end - by));
	if (e->fallback == FALLBACK_FORWARD)
		emit_forward(e, end);
	else
		emit_jump(e, JUMP64_R(BPF_JGT, pointer, EMIT_END), LABEL_SHORT);
	e->what = NULL;
}

/* ---- The copy ---- */

void emit_copy(struct emitter *e, int length)
{
	if (length != BPF_REG_4)
		emit(e, MOV64_R(BPF_REG_4, length));
	emit(e,
	     INSN(BPF_JMP | BPF_JLT | BPF_K, BPF_REG_4, 0, 1, e->copy_bytes));
	emit(e, MOV64_K(BPF_REG_4, e->copy_bytes));
	emit(e, MOV64_R(EMIT_START, BPF_REG_10));
	emit(e, ALU64_K(BPF_ADD, EMIT_START, e->copy_at));
	emit(e, MOV64_R(EMIT_END, EMIT_START));
	emit(e, ALU64_R(BPF_ADD, EMIT_END, BPF_REG_4));
	if (e->context != BPF_REG_1)
		emit(e, MOV64_R(BPF_REG_1, e->context));
	emit(e, MOV64_K(BPF_REG_2, 0));
	/* Kernels before 6.3 want what a call may leave unwritten to have been
	 * written before. */
	for (int at = e->copy_at & ~7;
	     e->portable && at < e->copy_at + e->copy_bytes; at += 8)
		emit(e, STORE_MEM(BPF_DW, BPF_REG_10, at, BPF_REG_2));
	emit(e, MOV64_R(BPF_REG_3, EMIT_START));
	emit(e, CALL(BPF_FUNC_skb_load_bytes));
}

uint8_t emit_piece(const struct emitter *e, const struct node *node)
{
	uint32_t where = (uint32_t)e->copy_shift + node->k;
	uint8_t piece = node->size;

	if (node->kind != NODE_LOAD && node->kind != NODE_RAW)
		return 4;
	if (node->a != NONE)
		where |= graph_at(e->graph, graph_at(e->graph, node->a)->a)
				 ->bits;
	while (where & (piece - 1u))
		piece /= 2;
	return piece;
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

/* ---- The plan ---- */

static bool is_guard(const struct line *line)
{
	return line->kind == LINE_STEP && line->step.kind == STEP_GUARD;
}

static bool reads_packet(const struct emitter *e, const struct line *line)
{
	return reads_pointer(e, line, NONE) ||
	       (line->a != NONE && reads_pointer(e, line, line->a));
}

static bool reads_context(const struct emitter *e, const struct line *line)
{
	const struct node *node = line->kind == LINE_COMPUTE
					  ? graph_at(e->graph, line->node)
					  : NULL;

	return node &&
	       (node->kind == NODE_LENGTH || node->kind == NODE_METADATA);
}

/* The most that guards ask for. */
static int copy_size(const struct emitter *e)
{
	uint32_t most = 0;

	for (size_t i = 0; i < e->lowered.line_count; i++) {
		const struct line *line = &e->lowered.lines[i];
		uint32_t end = line->step.end;

		if (!is_guard(line))
			continue;
		if (line->step.node != NONE)
			end += graph_at(e->graph,
					graph_at(e->graph, line->step.node)->a)
				       ->most;
		most = end > most ? end : most;
	}
	return (int)most;
}

/* Bytes from the packet's start that guards vouch for before the line @at. */
static uint32_t vouched_before(const struct emitter *e, size_t at)
{
	uint32_t most = 0;

	for (size_t i = 0; i < at; i++) {
		const struct line *line = &e->lowered.lines[i];

		if (is_guard(line) && line->a == NONE &&
		    line->step.end > most &&
		    graph_dominates(e->graph, line->block,
				    e->lowered.lines[at].block))
			most = line->step.end;
	}
	return most;
}

/* If a guard fails and the packet is shorter than that, the guard would fail
 * over a copy as well: it asks for more, or others before it did. */
static int least_size(const struct emitter *e)
{
	uint32_t least = UINT32_MAX;

	if (e->graph->order_count > MOST_BLOCKS)
		return 1;
	for (size_t i = 0; i < e->lowered.line_count; i++) {
		const struct line *line = &e->lowered.lines[i];
		uint32_t end = line->step.end, before;

		if (!is_guard(line))
			continue;
		before = line->a == NONE ? 0 : vouched_before(e, i);
		end = before > end ? before : end;
		least = end < least ? end : least;
	}
	return least < 1 ? 1 : least > INT32_MAX ? INT32_MAX : (int)least;
}

static int common_dominator(const struct graph *graph, int a, int b)
{
	while (a != b) {
		if (graph->blocks[a].depth >= graph->blocks[b].depth)
			a = graph->blocks[a].dominator;
		else
			b = graph->blocks[b].dominator;
	}
	return a;
}

static size_t first_line(const struct emitter *e, int block)
{
	size_t i = 0;

	while (e->lowered.lines[i].block != block)
		i++;
	return i;
}

/* Is a value made before the line and read after it? */
static bool crosses(const struct emitter *e, size_t at)
{
	for (size_t i = 0; i < e->lowered.range_count; i++)
		if (e->lowered.ranges[i].from < (int)at &&
		    e->lowered.ranges[i].last >= (int)at)
			return true;
	return false;
}

/* Before the first line that reads the packet, on every way to all of them;
 * where no value must outlive the copy. */
static size_t find_begin(const struct emitter *e)
{
	int block = NONE;
	size_t at;

	for (size_t i = 0; i < e->lowered.line_count; i++)
		if (reads_packet(e, &e->lowered.lines[i]))
			block = block == NONE
					? e->lowered.lines[i].block
					: common_dominator(
						  e->graph, block,
						  e->lowered.lines[i].block);
	if (block == NONE)
		return SIZE_MAX;
	while (at = first_line(e, block), at && crosses(e, at))
		block = e->graph->blocks[block].dominator;
	return at;
}

static size_t count_guards(const struct emitter *e, bool *relative)
{
	size_t count = 0;

	for (size_t i = 0; i < e->lowered.line_count; i++) {
		const struct line *line = &e->lowered.lines[i];

		count += is_guard(line);
		*relative |= is_guard(line) && line->a != NONE;
	}
	return count;
}

static enum emit_fallback choose_fallback(struct emitter *e,
					  const struct emit_backend *backend)
{
	bool relative = false;
	size_t guards = count_guards(e, &relative);

	if (!guards || backend->fallback == FALLBACK_NONE)
		return FALLBACK_NONE;
	if (guards > 1 || relative)
		return FALLBACK_RESTART;
	/* Values must survive the call, in what lower_graph() found. */
	for (size_t i = 0; i < e->lowered.line_count; i++)
		e->lowered.lines[i].calls |= is_guard(&e->lowered.lines[i]);
	lower_find_crossings(&e->lowered);
	return FALLBACK_FORWARD;
}

void emit_plan(struct emitter *e, const struct emit_backend *backend)
{
	bool wants_context = false;

	e->copy_bytes = copy_size(e);
	e->least_bytes = least_size(e);
	e->copy_shift = best_shift(e);
	e->begin_at = find_begin(e);
	for (size_t i = 0; i < e->lowered.line_count; i++) {
		const struct line *line = &e->lowered.lines[i];

		e->calls |= line->calls;
		wants_context |= i >= e->begin_at && reads_context(e, line);
	}
	e->fallback = choose_fallback(e, backend);
	e->context = e->calls || wants_context ? BPF_REG_6 : BPF_REG_1;
	e->flag = e->fallback != FALLBACK_RESTART ? NONE
		  : e->calls			  ? BPF_REG_9
						  : BPF_REG_0;
	e->scratch[0] = e->calls ? BPF_REG_0 : BPF_REG_5;
	e->scratch[1] = e->calls ? BPF_REG_1 : BPF_REG_4;
}

/* Is an IPv6 address looked up? */
static bool wants_key(const struct emitter *e)
{
	const struct graph *graph = e->graph;

	for (size_t i = 0; i < graph->order_count; i++) {
		const struct block *block = &graph->blocks[graph->order[i]];
		const struct list *list;

		if (block->end != END_BRANCH || block->cond != COND_MEMBER)
			continue;
		list = &graph->lists[graph_at(graph, block->b)->k];
		if (list_wants_map(list) && list->kind == LIST_IPV6)
			return true;
	}
	return false;
}

int emit_plan_stack(struct emitter *e)
{
	int used = e->calls || e->lowered.slots ? 8 + 8 * e->lowered.slots : 0;

	e->copy_at = -used - e->copy_bytes;
	while ((e->copy_at & 3) != e->copy_shift)
		e->copy_at--;
	e->key_at = e->copy_at & ~7;
	if (wants_key(e))
		e->key_at -= 24;
	return e->key_at < -EMIT_STACK ? -E2BIG : 0;
}
