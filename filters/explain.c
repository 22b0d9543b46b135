/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/explain.h"

#include <linux/filter.h>

#include "filters/expression.h"
#include "filters/lists.h"

/* ---- eBPF ---- */

static const char *alu_sign(uint8_t op)
{
	static const char *const signs[16] = {
		[BPF_ADD >> 4] = "+=",	[BPF_SUB >> 4] = "-=",
		[BPF_MUL >> 4] = "*=",	[BPF_DIV >> 4] = "/=",
		[BPF_OR >> 4] = "|=",	[BPF_AND >> 4] = "&=",
		[BPF_LSH >> 4] = "<<=", [BPF_RSH >> 4] = ">>=",
		[BPF_MOD >> 4] = "%=",	[BPF_XOR >> 4] = "^=",
		[BPF_MOV >> 4] = "=",
	};

	return signs[op >> 4] ? signs[op >> 4] : "?";
}

static const char *cond_sign(uint8_t op)
{
	static const char *const signs[16] = {
		[BPF_JEQ >> 4] = "==", [BPF_JNE >> 4] = "!=",
		[BPF_JGT >> 4] = ">",  [BPF_JGE >> 4] = ">=",
		[BPF_JLT >> 4] = "<",  [BPF_JLE >> 4] = "<=",
		[BPF_JSET >> 4] = "&", [BPF_JSGE >> 4] = "s>=",
	};

	return signs[op >> 4] ? signs[op >> 4] : "?";
}

static unsigned int access_bits(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return 8;
	case BPF_H:
		return 16;
	case BPF_W:
		return 32;
	default:
		return 64;
	}
}

static const char *helper_name(int32_t helper)
{
	switch (helper) {
	case BPF_FUNC_skb_load_bytes:
		return "skb_load_bytes";
	case BPF_FUNC_skb_load_bytes_relative:
		return "skb_load_bytes_relative";
	case BPF_FUNC_map_lookup_elem:
		return "map_lookup_elem";
	case BPF_FUNC_get_prandom_u32:
		return "get_prandom_u32";
	default:
		return "get_smp_processor_id";
	}
}

static void put_alu(const struct bpf_insn *insn, struct strbuf *out)
{
	char width = BPF_CLASS(insn->code) == BPF_ALU ? 'w' : 'r';
	uint8_t op = BPF_OP(insn->code);

	if (op == BPF_END)
		strbuf_printf(out, "r%d = be%d r%d", insn->dst_reg, insn->imm,
			      insn->dst_reg);
	else if (op == BPF_NEG)
		strbuf_printf(out, "%c%d = -%c%d", width, insn->dst_reg, width,
			      insn->dst_reg);
	else if (BPF_SRC(insn->code) == BPF_X)
		strbuf_printf(out, "%c%d %s %c%d", width, insn->dst_reg,
			      alu_sign(op), width, insn->src_reg);
	else
		strbuf_printf(out, "%c%d %s %d", width, insn->dst_reg,
			      alu_sign(op), insn->imm);
}

static void put_jump(const struct bpf_insn *insn, size_t at, struct strbuf *out)
{
	char width = BPF_CLASS(insn->code) == BPF_JMP32 ? 'w' : 'r';
	uint8_t op = BPF_OP(insn->code);
	int to = (int)at + 1 + insn->off;

	if (op == BPF_EXIT)
		strbuf_puts(out, "exit");
	else if (op == BPF_CALL)
		strbuf_printf(out, "call %s", helper_name(insn->imm));
	else if (op == BPF_JA)
		strbuf_printf(out, "goto %d", to);
	else if (BPF_SRC(insn->code) == BPF_X)
		strbuf_printf(out, "if %c%d %s %c%d goto %d", width,
			      insn->dst_reg, cond_sign(op), width,
			      insn->src_reg, to);
	else
		strbuf_printf(out, "if %c%d %s %#x goto %d", width,
			      insn->dst_reg, cond_sign(op), (uint32_t)insn->imm,
			      to);
}

void explain_put_insn(const struct bpf_insn *insn, size_t at,
		      struct strbuf *out)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		put_alu(insn, out);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		put_jump(insn, at, out);
		break;
	case BPF_LDX:
		strbuf_printf(out, "r%d = *(u%u *)(r%d %+d)", insn->dst_reg,
			      access_bits(insn->code), insn->src_reg,
			      insn->off);
		break;
	case BPF_STX:
		strbuf_printf(out, "*(u%u *)(r%d %+d) = r%d",
			      access_bits(insn->code), insn->dst_reg, insn->off,
			      insn->src_reg);
		break;
	case BPF_ST:
		strbuf_printf(out, "*(u%u *)(r%d %+d) = %d",
			      access_bits(insn->code), insn->dst_reg, insn->off,
			      insn->imm);
		break;
	default:
		strbuf_puts(out, insn->code ? "r1 = map" : "");
		break;
	}
}

static bool same_note(const struct emit_note *a, const struct emit_note *b)
{
	return a->origin == b->origin && a->what == b->what;
}

void explain_put_program(const struct program *program,
			 const struct classic *classic, struct strbuf *out)
{
	for (size_t i = 0; i < program->length; i++) {
		const struct emit_note *note = &program->notes[i];
		size_t from = out->length;

		strbuf_printf(out, "%4zu  ", i);
		explain_put_insn(&program->code[i], i, out);
		if (!i || !same_note(note, note - 1)) {
			strbuf_spaces(out, out->length - from < 42
						   ? 42 - (out->length - from)
						   : 1);
			strbuf_puts(out, "; ");
			if (note->what)
				strbuf_puts(out, note->what);
			if (note->what && note->origin >= 0)
				strbuf_puts(out, " for ");
			if (note->origin >= 0)
				expression_put_insn(
					&classic->code[note->origin],
					(size_t)note->origin, out);
		}
		strbuf_putc(out, '\n');
	}
}

/* ---- The graph ---- */

/* Deeper expressions are cut: values are shared, so their text may be huge. */
#define DEEPEST 8

static void put_value(const struct graph *graph, int value, int depth,
		      struct strbuf *out)
{
	const struct node *node;

	if (value == NONE || depth > DEEPEST) {
		strbuf_puts(out, value == NONE ? "packet" : "...");
		return;
	}
	node = graph_at(graph, value);
	switch ((enum node_kind)node->kind) {
	case NODE_CONSTANT:
		strbuf_printf(out, "%#x", node->k);
		break;
	case NODE_LOAD:
	case NODE_RAW:
		put_value(graph, node->a, depth + 1, out);
		strbuf_printf(out, "[%u:%u]%s", node->k, node->size,
			      node->kind == NODE_RAW ? " raw" : "");
		break;
	case NODE_SWAP:
		strbuf_puts(out, "turned ");
		put_value(graph, node->a, depth + 1, out);
		break;
	case NODE_LENGTH:
		strbuf_puts(out, "len");
		break;
	case NODE_METADATA:
		strbuf_printf(out, "extension %u", node->k);
		break;
	case NODE_POINTER:
		strbuf_puts(out, "packet+(");
		put_value(graph, node->a, depth + 1, out);
		strbuf_putc(out, ')');
		break;
	case NODE_ALU:
		strbuf_puts(out, node->op == BPF_NEG ? "-(" : "(");
		put_value(graph, node->a, depth + 1, out);
		if (node->b != NONE) {
			const char *sign = alu_sign(node->op);

			strbuf_putc(out, ' ');
			strbuf_add(out, sign, strlen(sign) - 1);
			strbuf_putc(out, ' ');
			put_value(graph, node->b, depth + 1, out);
		}
		strbuf_putc(out, ')');
		break;
	case NODE_PHI:
		strbuf_printf(out, "v%d", value);
		break;
	case NODE_FAR:
		strbuf_printf(out, "far v%d", value);
		break;
	case NODE_LIST:
		strbuf_printf(out, "list %u (%zu members)", node->k,
			      graph->lists[node->k].members);
		break;
	case NODE_RANDOM:
		strbuf_puts(out, "random");
		break;
	}
}

static void put_step(const struct graph *graph, const struct step *step,
		     struct strbuf *out)
{
	switch ((enum step_kind)step->kind) {
	case STEP_GUARD:
		strbuf_printf(out, "    guard: %u bytes from ", step->end);
		put_value(graph, step->node, 0, out);
		break;
	case STEP_NONZERO:
		strbuf_puts(out, "    guard: not zero: ");
		put_value(graph, step->node, 0, out);
		break;
	case STEP_FAR:
		strbuf_printf(out, "    load v%d, if it is there: %u bytes at ",
			      step->node, graph_at(graph, step->node)->size);
		if (graph_at(graph, step->node)->a != NONE) {
			put_value(graph, graph_at(graph, step->node)->a, 0,
				  out);
			strbuf_puts(out, " + ");
		}
		strbuf_u32(out, graph_at(graph, step->node)->k);
		break;
	case STEP_RANDOM:
		strbuf_puts(out, "    a random number");
		break;
	}
	strbuf_putc(out, '\n');
}

static void put_end(const struct graph *graph, const struct block *block,
		    struct strbuf *out)
{
	switch ((enum end_kind)block->end) {
	case END_RETURN:
		strbuf_puts(out, "    return ");
		put_value(graph, block->a, 0, out);
		break;
	case END_JUMP:
		strbuf_printf(out, "    go to block %d", block->to[0]);
		break;
	case END_BRANCH:
		strbuf_puts(out, "    if ");
		put_value(graph, block->a, 0, out);
		strbuf_printf(out, " %s ",
			      block->cond == COND_MEMBER
				      ? "in"
				      : cond_sign(block->cond));
		put_value(graph, block->b, 0, out);
		strbuf_printf(out, ": block %d, else block %d", block->to[0],
			      block->to[1]);
		break;
	case END_SWITCH:
		strbuf_puts(out, "    search ");
		put_value(graph, block->a, 0, out);
		for (size_t i = 0; i < block->choice_count && i < 16; i++)
			strbuf_printf(
				out, "%s%#x-%#x: block %d",
				i ? ", " : " among ", block->choices[i].low,
				block->choices[i].high, block->choices[i].to);
		strbuf_printf(out, ", else block %d", block->to[1]);
		break;
	}
	strbuf_putc(out, '\n');
}

void explain_put_graph(const struct graph *graph, struct strbuf *out)
{
	for (size_t i = 0; i < graph->order_count; i++) {
		const struct block *block = &graph->blocks[graph->order[i]];

		strbuf_printf(out, "block %d:\n", graph->order[i]);
		for (size_t p = 0; p < block->phi_count; p++) {
			strbuf_printf(out, "    v%d = ", block->phis[p].phi);
			put_value(graph, block->phis[p].value, 1, out);
			strbuf_printf(out, ", from block %d\n",
				      block->phis[p].from);
		}
		for (size_t s = 0; s < block->step_count; s++)
			put_step(graph, &block->steps[s], out);
		put_end(graph, block, out);
	}
}

/* ---- A packet's way ---- */

struct way {
	const struct classic *classic;
	struct strbuf *out;
	size_t last; /* the instruction that was run last */
	size_t test; /* the last test, SIZE_MAX: none */
};

static void watch(void *context, size_t at, uint32_t a, uint32_t x)
{
	struct way *way = context;
	const struct sock_filter *insn = &way->classic->code[at];

	way->last = at;
	if (BPF_CLASS(insn->code) != BPF_JMP || BPF_OP(insn->code) == BPF_JA)
		return;
	way->test = at;
	strbuf_puts(way->out, "  ");
	expression_put_insn(insn, at, way->out);
	strbuf_printf(way->out, "   with A = %#x", a);
	if (BPF_SRC(insn->code) == BPF_X)
		strbuf_printf(way->out, ", X = %#x", x);
	strbuf_putc(way->out, '\n');
}

void explain_put_run(const struct classic *classic,
		     const struct reference_packet *packet, struct strbuf *out)
{
	struct way way = {classic, out, 0, SIZE_MAX};
	struct reference_packet watched = *packet;
	uint32_t verdict;

	watched.watch = watch;
	watched.context = &way;
	verdict = reference_run(classic, &watched, UINT32_MAX, NULL);
	strbuf_puts(out, verdict ? "match, " : "no match, ");
	if (BPF_CLASS(classic->code[way.last].code) != BPF_RET) {
		strbuf_puts(out, "decided by a load beyond the packet's end "
				 "(or a division by zero):\n  ");
		expression_put_insn(&classic->code[way.last], way.last, out);
	} else if (way.test != SIZE_MAX) {
		strbuf_puts(out, "decided by:\n  ");
		expression_put_insn(&classic->code[way.test], way.test, out);
	} else {
		strbuf_puts(out, "whatever the packet");
	}
	strbuf_putc(out, '\n');
}
