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

/* ---- Whose it is ---- */

/* Columns of the listings. */
enum { CODE_COLUMN = 46, PART_COLUMN = 8, MOST_NAMES = 4 };

static void pad(struct strbuf *out, size_t from, size_t width)
{
	size_t length = out->length - from;

	strbuf_spaces(out, length < width ? width - length : 1);
}

/* Without the tab that libpcap puts in, and with the list it stands for. */
static void put_classic(const struct explain_view *view, size_t at,
			struct strbuf *out)
{
	size_t from = out->length;

	expression_put_insn(&view->classic->code[at], at, out);
	for (size_t i = from; i < out->length; i++)
		if (out->data[i] == '\t')
			out->data[i] = ' ';
	if (view->sites && view->sites[at].list >= 0)
		strbuf_printf(out, " (list %d)", view->sites[at].list);
}

static int part_of(const struct explain_view *view, int at)
{
	return view->parts ? view->parts->of[at] : PART_NONE;
}

struct names {
	int parts[MOST_NAMES];
	size_t count;
	bool more;
};

static void add_name(struct names *names, int part)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->parts[i] == part)
			return;
	if (part == PART_NONE)
		return;
	if (names->count == MOST_NAMES)
		names->more = true;
	else
		names->parts[names->count++] = part;
}

/* The parts that need what classic instruction @at has become. */
static struct names names_of(const struct explain_view *view, int at)
{
	struct names names = {.count = 0};

	add_name(&names, part_of(view, at));
	if (!view->trace)
		return names;
	for (int i = view->trace->insns[at].first_with;
	     i != NONE && !names.more; i = view->trace->insns[i].next_with)
		add_name(&names, part_of(view, i));
	return names;
}

static void put_names(const struct names *names, struct strbuf *out)
{
	for (size_t i = 0; i < names->count; i++) {
		strbuf_puts(out, i ? "," : "");
		parts_put_name(names->parts[i], out);
	}
	strbuf_puts(out, names->more ? ",..." : "");
}

/* ---- Classic and eBPF ---- */

static bool same_note(const struct emit_note *a, const struct emit_note *b)
{
	return a->origin == b->origin && a->what == b->what;
}

/* The numbers of the eBPF instructions that come from @origin. */
static void put_places(const struct program *program, int origin,
		       const struct trace_insn *insn, struct strbuf *out)
{
	size_t left = insn->count;

	for (size_t i = insn->first; left; i++) {
		size_t from = i;

		if (program->notes[i].origin != origin)
			continue;
		for (; left && program->notes[i].origin == origin; i++)
			left--;
		strbuf_printf(out, from == insn->first ? "%zu" : ", %zu", from);
		if (i - from > 1)
			strbuf_printf(out, "-%zu", i - 1);
		i--;
	}
}

static void put_fate(const struct explain_view *view,
		     const struct program *program, size_t at,
		     struct strbuf *out)
{
	const struct trace_insn *insn = &view->trace->insns[at];

	switch ((enum fate)insn->fate) {
	case FATE_CODE:
		strbuf_puts(out, "eBPF ");
		put_places(program, (int)at, insn, out);
		break;
	case FATE_SHARED:
		strbuf_printf(out, "shares that of (%03d)", insn->with);
		break;
	case FATE_SEARCH:
		strbuf_printf(out, "is in the search of (%03d)", insn->with);
		break;
	case FATE_KNOWN:
		strbuf_puts(out, "none: decided by tests before");
		break;
	case FATE_UNUSED:
		strbuf_puts(out, "none: not needed any more");
		break;
	case FATE_NAME:
		strbuf_puts(out, "none: it only moves a value, or jumps");
		break;
	}
}

void explain_put_classic(const struct explain_view *view,
			 const struct program *program, struct strbuf *out)
{
	for (size_t i = 0; i < view->classic->length; i++) {
		size_t from = out->length;

		put_classic(view, i, out);
		pad(out, from, CODE_COLUMN);
		from = out->length;
		if (view->parts) {
			parts_put_name(view->parts->of[i], out);
			pad(out, from, PART_COLUMN);
		}
		put_fate(view, program, i, out);
		strbuf_putc(out, '\n');
	}
}

static void put_note(const struct explain_view *view,
		     const struct emit_note *note, struct strbuf *out)
{
	size_t from = out->length;
	struct names names;

	if (note->origin >= 0) {
		names = names_of(view, note->origin);
		put_names(&names, out);
	}
	if (view->parts)
		pad(out, from, PART_COLUMN);
	if (note->what)
		strbuf_puts(out, note->what);
	if (note->what && note->origin >= 0)
		strbuf_puts(out, " for ");
	if (note->origin >= 0)
		put_classic(view, (size_t)note->origin, out);
}

void explain_put_program(const struct explain_view *view,
			 const struct program *program, struct strbuf *out)
{
	for (size_t i = 0; i < program->length; i++) {
		const struct emit_note *note = &program->notes[i];
		size_t from = out->length;

		strbuf_printf(out, "%4zu  ", i);
		explain_put_insn(&program->code[i], i, out);
		if (!i || !same_note(note, note - 1)) {
			pad(out, from, CODE_COLUMN);
			strbuf_puts(out, "; ");
			put_note(view, note, out);
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
	const struct explain_view *view;
	struct strbuf *out;
	size_t last; /* the instruction that was run last */
	size_t test; /* the last test, SIZE_MAX: none */
};

static void watch(void *context, size_t at, uint32_t a, uint32_t x)
{
	struct way *way = context;
	const struct sock_filter *insn = &way->view->classic->code[at];
	size_t from = way->out->length;

	way->last = at;
	if (BPF_CLASS(insn->code) != BPF_JMP || BPF_OP(insn->code) == BPF_JA)
		return;
	way->test = at;
	strbuf_puts(way->out, "  ");
	if (way->view->parts) {
		parts_put_name(part_of(way->view, (int)at), way->out);
		pad(way->out, from, PART_COLUMN);
	}
	put_classic(way->view, at, way->out);
	strbuf_printf(way->out, "   with A = %#x", a);
	if (BPF_SRC(insn->code) == BPF_X)
		strbuf_printf(way->out, ", X = %#x", x);
	strbuf_putc(way->out, '\n');
}

/* Whose instruction decided, and which it is. */
static void put_decision(const struct way *way, const char *what, size_t at)
{
	int part = part_of(way->view, (int)at);

	strbuf_puts(way->out, "decided by ");
	strbuf_puts(way->out, what);
	if (part >= 0) {
		strbuf_puts(way->out, "of ");
		parts_put_name(part, way->out);
		strbuf_printf(way->out, " `%s'", way->view->parts->texts[part]);
	}
	strbuf_puts(way->out, ":\n  ");
	put_classic(way->view, at, way->out);
}

void explain_put_run(const struct explain_view *view,
		     const struct reference_packet *packet, unsigned int turns,
		     struct strbuf *out)
{
	bool too_deep = false;
	struct way way = {view, out, 0, SIZE_MAX};
	struct reference_packet watched = *packet;
	uint32_t verdict;

	watched.watch = watch;
	watched.context = &way;
	watched.too_deep = &too_deep;
	verdict = reference_run(view->classic, &watched, turns, NULL);
	strbuf_puts(out, verdict ? "match, " : "no match, ");
	if (too_deep)
		put_decision(&way, "too many turns of the loop ", way.last);
	else if (BPF_CLASS(view->classic->code[way.last].code) != BPF_RET)
		put_decision(&way,
			     "a load beyond the packet's end (or a division by "
			     "zero) ",
			     way.last);
	else if (way.test != SIZE_MAX)
		put_decision(&way, "the test ", way.test);
	else
		strbuf_puts(out, "whatever the packet");
	strbuf_putc(out, '\n');
}
