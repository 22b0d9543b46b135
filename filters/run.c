/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/run.h"

#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/lists.h"
#include "filters/lower.h"
#include "src/base/cleanup.h"
#include "src/base/cursor.h"

/* X(name): what each does is in run_frame(). R works on registers, K on k. */
#define CODES(X)                                                               \
	X(GUARD)                                                               \
	X(GUARD_AT)                                                            \
	X(NONZERO)                                                             \
	X(REFUSE)                                                              \
	X(LOAD1)                                                               \
	X(LOAD2)                                                               \
	X(LOAD4)                                                               \
	X(RAW2)                                                                \
	X(RAW4)                                                                \
	X(LOAD1_AT)                                                            \
	X(LOAD2_AT) X(LOAD4_AT) X(RAW2_AT) X(RAW4_AT) X(FAR) X(SWAP2) X(SWAP4) \
		X(LENGTH) X(MOVE_R) X(MOVE_K) X(ALU_R) X(AND_K) X(ADD_K)       \
			X(LSH_K) X(RSH_K) X(ALU_K) X(EQ_K) X(GT_K) X(GE_K)     \
				X(SET_K) X(EQ_R) X(GT_R) X(GE_R) X(SET_R)      \
					X(SWITCH) X(MEMBER) X(JUMP)            \
						X(RETURN_R) X(RETURN_K)

enum code {
#define CODE_NAME(name) CODE_##name,
	CODES(CODE_NAME)
};

struct op {
	uint8_t code;	   /* enum code */
	uint8_t detail;	   /* the size of a load, the op of an ALU */
	uint16_t to, a, b; /* registers */
	uint32_t k;
	uint32_t yes, no; /* where branches go; SWITCH: first choice, number */
};

struct run_program {
	struct op *ops;
	size_t op_count, op_capacity;
	struct choice *choices;
	size_t choice_count, choice_capacity;
	size_t registers;
	const struct list *lists; /* borrowed */
};

void run_free(struct run_program *program)
{
	if (!program)
		return;
	free(program->ops);
	free(program->choices);
	free(program);
}
DEFINE_CLEANUP(struct run_program *, run_free)

/* ---- Making it ---- */

struct maker {
	const struct graph *graph;
	struct run_program *out;
	uint32_t *block_at;
	bool failed;
};

static void add(struct maker *m, struct op op)
{
	struct run_program *out = m->out;

	if (!ARRAY_ADD(out->ops, out->op_count, out->op_capacity, op))
		m->failed = true;
}

static struct op make_op(enum code code, const struct line *line)
{
	return (struct op){.code = (uint8_t)code,
			   .to = (uint16_t)(line->to == NONE ? 0 : line->to),
			   .a = (uint16_t)(line->a == NONE ? 0 : line->a),
			   .b = (uint16_t)(line->b == NONE ? 0 : line->b)};
}

static enum code load_code(const struct node *node, bool at)
{
	bool raw = node->kind == NODE_RAW;
	enum code code = node->size == 1   ? CODE_LOAD1
			 : node->size == 2 ? raw ? CODE_RAW2 : CODE_LOAD2
			 : raw		   ? CODE_RAW4
					   : CODE_LOAD4;

	return at ? code + (CODE_LOAD1_AT - CODE_LOAD1) : code;
}

static enum code alu_code(uint8_t op)
{
	switch (op) {
	case BPF_AND:
		return CODE_AND_K;
	case BPF_ADD:
		return CODE_ADD_K;
	case BPF_LSH:
		return CODE_LSH_K;
	case BPF_RSH:
		return CODE_RSH_K;
	default:
		return CODE_ALU_K;
	}
}

static struct op alu_op(const struct maker *m, const struct line *line,
			const struct node *node)
{
	struct op op = make_op(CODE_ALU_R, line);

	op.detail = node->op;
	if (node->b != NONE && line->b == NONE) {
		op.k = graph_at(m->graph, node->b)->k;
		op.code =
			(uint8_t)(op.k > 31 ? CODE_ALU_K : alu_code(node->op));
		if (node->op == BPF_AND || node->op == BPF_ADD)
			op.code = (uint8_t)alu_code(node->op);
	}
	return op;
}

static void add_compute(struct maker *m, const struct line *line)
{
	const struct node *node = graph_at(m->graph, line->node);
	struct op op = make_op(CODE_REFUSE, line);

	switch ((enum node_kind)node->kind) {
	case NODE_CONSTANT:
		op.code = CODE_MOVE_K;
		break;
	case NODE_LOAD:
	case NODE_RAW:
		op.code = (uint8_t)load_code(node, line->a != NONE);
		break;
	case NODE_SWAP:
		op.code = node->size == 2 ? CODE_SWAP2 : CODE_SWAP4;
		break;
	case NODE_LENGTH:
		op.code = CODE_LENGTH;
		break;
	case NODE_POINTER:
		op.code = CODE_MOVE_R; /* as an offset */
		break;
	case NODE_ALU:
		add(m, alu_op(m, line, node));
		return;
	case NODE_METADATA:
	case NODE_PHI:
	case NODE_FAR:
	case NODE_LIST:
	case NODE_RANDOM:
		break;
	}
	op.k = node->k;
	add(m, op);
}

static void add_step(struct maker *m, const struct line *line)
{
	struct op op = make_op(CODE_REFUSE, line);

	switch ((enum step_kind)line->step.kind) {
	case STEP_GUARD:
		op.code = line->a == NONE ? CODE_GUARD : CODE_GUARD_AT;
		op.k = line->step.end;
		break;
	case STEP_NONZERO:
		op.code = CODE_NONZERO;
		break;
	case STEP_FAR: {
		const struct node *node = graph_at(m->graph, line->node);

		op.k = node->k;
		op.detail = node->size;
		op.code = CODE_FAR;
		op.b = line->a != NONE;
		if (line->a == NONE && node->a != NONE) {
			op.k += graph_at(m->graph, node->a)->k;
			if (op.k < node->k)
				op.code = CODE_REFUSE; /* it wrapped */
		}
		break;
	}
	case STEP_RANDOM:
		break;
	}
	add(m, op);
}

static void add_member(struct maker *m, const struct line *line,
		       const struct block *block)
{
	struct run_program *out = m->out;
	const struct list *list =
		&m->graph->lists[graph_at(m->graph, block->b)->k];
	struct op op = make_op(CODE_SWITCH, line);

	if (list->kind == LIST_IPV6) {
		op.code = CODE_MEMBER;
		op.k = graph_at(m->graph, block->b)->k;
		op.yes = (uint32_t)block->to[0];
		op.no = (uint32_t)block->to[1];
		add(m, op);
		return;
	}
	op.yes = (uint32_t)out->choice_count;
	op.no = (uint32_t)list->count;
	op.k = (uint32_t)block->to[1];
	for (size_t i = 0; i < list->count; i++) {
		struct choice choice = {list->ranges[i].low[0],
					list->ranges[i].high[0], block->to[0]};

		if (!ARRAY_ADD(out->choices, out->choice_count,
			       out->choice_capacity, choice))
			m->failed = true;
	}
	add(m, op);
}

static void add_switch(struct maker *m, const struct line *line,
		       const struct block *block)
{
	struct run_program *out = m->out;
	struct op op = make_op(CODE_SWITCH, line);

	op.yes = (uint32_t)out->choice_count;
	op.no = (uint32_t)block->choice_count;
	op.k = (uint32_t)block->to[1];
	for (size_t i = 0; i < block->choice_count; i++)
		if (!ARRAY_ADD(out->choices, out->choice_count,
			       out->choice_capacity, block->choices[i]))
			m->failed = true;
	add(m, op);
}

static enum code branch_code(uint8_t cond, bool constant)
{
	enum code code = cond == BPF_JEQ   ? CODE_EQ_K
			 : cond == BPF_JGT ? CODE_GT_K
			 : cond == BPF_JGE ? CODE_GE_K
					   : CODE_SET_K;

	return constant ? code : code + (CODE_EQ_R - CODE_EQ_K);
}

static void add_end(struct maker *m, const struct line *line)
{
	const struct block *block = &m->graph->blocks[line->block];
	bool constant = graph_is_constant(m->graph, block->b);
	struct op op = make_op(CODE_JUMP, line);

	switch ((enum end_kind)block->end) {
	case END_RETURN:
		op.code = line->a == NONE ? CODE_RETURN_K : CODE_RETURN_R;
		op.k = line->a == NONE ? graph_at(m->graph, block->a)->k : 0;
		break;
	case END_JUMP:
		op.yes = (uint32_t)block->to[0];
		break;
	case END_BRANCH:
		if (block->cond == COND_MEMBER) {
			add_member(m, line, block);
			return;
		}
		op.code = (uint8_t)branch_code(block->cond, constant);
		op.k = constant ? graph_at(m->graph, block->b)->k : 0;
		op.yes = (uint32_t)block->to[0];
		op.no = (uint32_t)block->to[1];
		break;
	case END_SWITCH:
		add_switch(m, line, block);
		return;
	}
	add(m, op);
}

/* Blocks become places. */
static void resolve(struct maker *m)
{
	struct run_program *out = m->out;

	for (size_t i = 0; i < out->op_count; i++) {
		struct op *op = &out->ops[i];

		if (op->code == CODE_SWITCH) {
			op->k = m->block_at[op->k];
		} else if (op->code >= CODE_EQ_K && op->code <= CODE_JUMP) {
			op->yes = m->block_at[op->yes];
			op->no = m->block_at[op->no];
		}
	}
	for (size_t i = 0; i < out->choice_count; i++)
		out->choices[i].to = (int)m->block_at[out->choices[i].to];
}

static void add_line(struct maker *m, const struct line *line)
{
	struct op op;

	switch ((enum line_kind)line->kind) {
	case LINE_COMPUTE:
		add_compute(m, line);
		break;
	case LINE_COPY:
		op = make_op(line->a == NONE ? CODE_MOVE_K : CODE_MOVE_R, line);
		op.k = graph_at(m->graph, line->node)->k;
		add(m, op);
		break;
	case LINE_STEP:
		add_step(m, line);
		break;
	case LINE_END:
		add_end(m, line);
		break;
	}
}

struct run_program *run_compile(const struct graph *graph)
{
	struct run_program *out _cleanup_(run_freep) = calloc(1, sizeof(*out));
	uint32_t *block_at _cleanup_free_ =
		calloc(graph->block_count, sizeof(*block_at));
	struct lowered lowered _cleanup_(lower_free) = {0};
	struct maker m = {graph, out, block_at, false};
	bool opened = false;

	if (!out || !block_at || lower_graph(graph, &lowered) ||
	    lowered.range_count > UINT16_MAX)
		return NULL;
	for (size_t i = 0; i < lowered.line_count; i++) {
		const struct line *line = &lowered.lines[i];

		if (!opened)
			block_at[line->block] = (uint32_t)out->op_count;
		opened = line->kind != LINE_END;
		add_line(&m, line);
	}
	if (m.failed)
		return NULL;
	resolve(&m);
	out->registers = lowered.range_count + 1;
	out->lists = graph->lists;
	return TAKE_PTR(out);
}

/* ---- Running it ---- */

static uint32_t load_far(const struct frame *frame, uint64_t offset,
			 uint8_t size, bool *there)
{
	const uint8_t *at = frame->data + offset;

	*there = offset + size <= frame->caplen;
	if (!*there)
		return 0;
	return size == 4 ? load_be32(at) : size == 2 ? load_be16(at) : *at;
}

static uint16_t load_raw16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint32_t load_raw32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint32_t search(const struct run_program *program, const struct op *op,
		       uint32_t value)
{
	const struct choice *choices = program->choices + op->yes;
	size_t low = 0, high = op->no;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (value > choices[middle].high)
			low = middle + 1;
		else
			high = middle;
	}
	return low < op->no && value >= choices[low].low
		       ? (uint32_t)choices[low].to
		       : op->k;
}

/* Is the IPv6 address at @offset in the list? A packet that ends within it
 * fails only if the words before its end could be of a member. */
static enum {
	NO_MEMBER,
	MEMBER,
	CUT_OFF
} find_address(const struct list *list, const struct frame *frame,
	       uint32_t offset)
{
	uint32_t words[4];
	size_t n = 0;

	for (; n < 4 && offset + 4 * (n + 1) <= frame->caplen; n++)
		words[n] = load_be32(frame->data + offset + 4 * n);
	if (!list_has_prefix(list, words, n))
		return NO_MEMBER;
	return n == 4 ? MEMBER : CUT_OFF;
}

/* Short programs keep their values here. */
#define USUAL_REGISTERS 64

#define NEXT()                          \
	do {                            \
		op++;                   \
		goto *labels[op->code]; \
	} while (0)
#define BRANCH(condition)                                             \
	do {                                                          \
		op = program->ops + ((condition) ? op->yes : op->no); \
		goto *labels[op->code];                               \
	} while (0)

static uint32_t run_with(const struct run_program *program,
			 const struct frame *frame, uint32_t *r)
{
#define CODE_LABEL(name) &&do_##name,
	static const void *const labels[] = {CODES(CODE_LABEL)};
	const struct op *op = program->ops;
	const uint8_t *data = frame->data;
	uint64_t at;
	bool there;

	goto *labels[op->code];
do_GUARD:
	if (frame->caplen < op->k)
		return 0;
	NEXT();
do_GUARD_AT:
	if (frame->caplen < (uint64_t)r[op->a] + op->k)
		return 0;
	NEXT();
do_NONZERO:
	if (!r[op->a])
		return 0;
	NEXT();
do_REFUSE:
	return 0;
do_LOAD1:
	r[op->to] = data[op->k];
	NEXT();
do_LOAD2:
	r[op->to] = load_be16(data + op->k);
	NEXT();
do_LOAD4:
	r[op->to] = load_be32(data + op->k);
	NEXT();
do_RAW2:
	r[op->to] = load_raw16(data + op->k);
	NEXT();
do_RAW4:
	r[op->to] = load_raw32(data + op->k);
	NEXT();
do_LOAD1_AT:
	r[op->to] = data[r[op->a] + op->k];
	NEXT();
do_LOAD2_AT:
	r[op->to] = load_be16(data + r[op->a] + op->k);
	NEXT();
do_LOAD4_AT:
	r[op->to] = load_be32(data + r[op->a] + op->k);
	NEXT();
do_RAW2_AT:
	r[op->to] = load_raw16(data + r[op->a] + op->k);
	NEXT();
do_RAW4_AT:
	r[op->to] = load_raw32(data + r[op->a] + op->k);
	NEXT();
do_FAR:
	at = (uint64_t)op->k + (op->b ? r[op->a] : 0);
	r[op->to] = load_far(frame, at, op->detail, &there);
	if (!there)
		return 0;
	NEXT();
do_SWAP2:
	r[op->to] = __builtin_bswap16((uint16_t)r[op->a]);
	NEXT();
do_SWAP4:
	r[op->to] = __builtin_bswap32(r[op->a]);
	NEXT();
do_LENGTH:
	r[op->to] = frame->len;
	NEXT();
do_MOVE_R:
	r[op->to] = r[op->a];
	NEXT();
do_MOVE_K:
	r[op->to] = op->k;
	NEXT();
do_ALU_R:
	r[op->to] = graph_compute(RULES_FILE, op->detail, r[op->a], r[op->b]);
	NEXT();
do_AND_K:
	r[op->to] = r[op->a] & op->k;
	NEXT();
do_ADD_K:
	r[op->to] = r[op->a] + op->k;
	NEXT();
do_LSH_K:
	r[op->to] = r[op->a] << op->k;
	NEXT();
do_RSH_K:
	r[op->to] = r[op->a] >> op->k;
	NEXT();
do_ALU_K:
	r[op->to] = graph_compute(RULES_FILE, op->detail, r[op->a], op->k);
	NEXT();
do_EQ_K:
	BRANCH(r[op->a] == op->k);
do_GT_K:
	BRANCH(r[op->a] > op->k);
do_GE_K:
	BRANCH(r[op->a] >= op->k);
do_SET_K:
	BRANCH(r[op->a] & op->k);
do_EQ_R:
	BRANCH(r[op->a] == r[op->b]);
do_GT_R:
	BRANCH(r[op->a] > r[op->b]);
do_GE_R:
	BRANCH(r[op->a] >= r[op->b]);
do_SET_R:
	BRANCH(r[op->a] & r[op->b]);
do_SWITCH:
	op = program->ops + search(program, op, r[op->a]);
	goto *labels[op->code];
do_MEMBER:
	switch (find_address(&program->lists[op->k], frame, r[op->a])) {
	case NO_MEMBER:
		BRANCH(false);
	case MEMBER:
		BRANCH(true);
	case CUT_OFF:
		return 0;
	}
do_JUMP:
	op = program->ops + op->yes;
	goto *labels[op->code];
do_RETURN_R:
	return r[op->a];
do_RETURN_K:
	return op->k;
}

uint32_t run_frame(const struct run_program *program, const struct frame *frame)
{
	uint32_t usual[USUAL_REGISTERS];
	uint32_t *many _cleanup_free_ = NULL;

	if (program->registers <= USUAL_REGISTERS)
		return run_with(program, frame, usual);
	many = malloc(program->registers * sizeof(*many));
	return many ? run_with(program, frame, many) : 0;
}
