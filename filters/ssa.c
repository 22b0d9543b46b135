/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/ssa.h"

#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/expand.h"
#include "src/base/cleanup.h"

/* The registers of classic BPF: M[0] to M[15], then A and X. */
enum { A = BPF_MEMWORDS, X, VARIABLES };

struct state {
	int value[VARIABLES];
};

/* Where a block begins: an instruction, and how many jumps back were taken on
 * the way there (0 outside the loop). */
struct place {
	size_t at;
	unsigned int turn;
};

struct edge {
	int from, to;
};

struct builder {
	const struct classic *program;
	const struct list_site *sites; /* by instruction, or NULL */
	int *made; /* by instruction: its value; NULL: not wanted */
	struct graph *graph;
	bool *leads;	/* by instruction: a block begins here */
	uint32_t *live; /* by instruction: variables that are read later */
	int *block_at;	/* by turn, then instruction */
	struct place *places; /* by block */
	size_t place_count, place_capacity;
	struct state *leave; /* by block: the variables at its end */
	struct edge *edges;
	size_t edge_count, edge_capacity;
	uint32_t too_deep;
	int exceeded; /* the block that ends a chain that is too long */
};

static void builder_free(struct builder *builder)
{
	graph_free(builder->graph);
	free(builder->leads);
	free(builder->live);
	free(builder->block_at);
	free(builder->places);
	free(builder->leave);
	free(builder->edges);
}

DEFINE_CLEANUP(struct graph *, graph_free)

/* ---- Liveness, so that no phi is made for what nobody reads ---- */

static uint32_t reads_of(const struct sock_filter *insn)
{
	uint32_t x = BPF_SRC(insn->code) == BPF_X ? 1u << X : 0;

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		if (BPF_MODE(insn->code) == BPF_MEM)
			return 1u << insn->k;
		if (BPF_MODE(insn->code) == BPF_IND)
			return 1u << X;
		switch (classic_extension(insn)) {
		case SKF_AD_NLATTR:
		case SKF_AD_NLATTR_NEST:
		case SKF_AD_ALU_XOR_X:
			return 1u << A | 1u << X;
		}
		return 0;
	case BPF_ST:
		return 1u << A;
	case BPF_STX:
		return 1u << X;
	case BPF_ALU:
		return 1u << A | x;
	case BPF_JMP:
		return BPF_OP(insn->code) == BPF_JA ? 0 : 1u << A | x;
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A ? 1u << A : 0;
	default:
		return BPF_MISCOP(insn->code) == BPF_TAX ? 1u << A : 1u << X;
	}
}

static uint32_t writes_of(const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_ALU:
		return 1u << A;
	case BPF_LDX:
		return 1u << X;
	case BPF_ST:
	case BPF_STX:
		return 1u << insn->k;
	case BPF_MISC:
		return BPF_MISCOP(insn->code) == BPF_TAX ? 1u << X : 1u << A;
	default:
		return 0;
	}
}

static void find_live(struct builder *b)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = b->program->length; i--;) {
			const struct sock_filter *insn = &b->program->code[i];
			size_t to[2];
			unsigned int n = classic_next(b->program, i, to);
			uint32_t live = 0;

			while (n--)
				live |= b->live[to[n]];
			live = (live & ~writes_of(insn)) | reads_of(insn);
			changed |= live != b->live[i];
			b->live[i] = live;
		}
	}
}

/* ---- Blocks and edges ---- */

static void find_leaders(struct builder *b)
{
	b->leads[0] = true;
	for (size_t i = 0; i < b->program->length; i++) {
		size_t to[2];
		unsigned int n = classic_next(b->program, i, to);

		if (BPF_CLASS(b->program->code[i].code) != BPF_JMP)
			continue;
		while (n--)
			b->leads[to[n]] = true;
	}
}

/* Is @at inside a loop, that is, before a jump back to it or before it? */
static bool in_loop(const struct builder *b, size_t at)
{
	for (size_t i = at; i < b->program->length; i++) {
		size_t to[2];

		if (!classic_is_loop(&b->program->code[i]))
			continue;
		classic_next(b->program, i, to);
		if (to[0] <= at)
			return true;
	}
	return false;
}

static int block_for(struct builder *b, size_t at, unsigned int turn)
{
	int *slot;

	if (turn > SSA_TURNS)
		return b->exceeded;
	if (turn && !in_loop(b, at))
		turn = 0;
	slot = &b->block_at[turn * b->program->length + at];
	if (*slot == NONE) {
		*slot = graph_block(b->graph);
		if (!ARRAY_ADD(b->places, b->place_count, b->place_capacity,
			       (struct place){at, turn}))
			b->graph->failed = true;
	}
	return *slot;
}

static void add_edge(struct builder *b, int from, size_t way, size_t at,
		     unsigned int turn)
{
	int to = block_for(b, at, turn);

	if (b->graph->failed)
		return;
	b->graph->blocks[from].to[way] = to;
	if (!ARRAY_ADD(b->edges, b->edge_count, b->edge_capacity,
		       (struct edge){from, to}))
		b->graph->failed = true;
}

/* The last instruction of the block that begins at @at. */
static size_t last_of(const struct builder *b, size_t at)
{
	while (BPF_CLASS(b->program->code[at].code) != BPF_JMP &&
	       BPF_CLASS(b->program->code[at].code) != BPF_RET &&
	       !b->leads[at + 1])
		at++;
	return at;
}

static void connect_block(struct builder *b, int block)
{
	struct place place = b->places[block];
	size_t last = last_of(b, place.at);
	const struct sock_filter *insn = &b->program->code[last];
	unsigned int turn = place.turn + classic_is_loop(insn);
	size_t to[2] = {0, 0};
	unsigned int n = classic_next(b->program, last, to);

	if (n == 2 && to[0] == to[1])
		n = 1;
	b->graph->blocks[block].origin = (int)last;
	b->graph->blocks[block].end = n == 2   ? END_BRANCH
				      : n == 1 ? END_JUMP
					       : END_RETURN;
	for (unsigned int way = 0; way < n; way++)
		add_edge(b, block, way, to[way], turn);
}

/* ---- Values ---- */

static int step_value(struct builder *b, int block, struct node node,
		      enum step_kind kind)
{
	int value = graph_node(b->graph, node);

	graph_step(b->graph, block,
		   (struct step){.kind = (uint8_t)kind,
				 .node = value,
				 .origin = node.origin});
	return value;
}

/* x + k without the wrap, as pointer and distance: (y + 14) + k is y, 14 + k */
static void split_sum(const struct graph *graph, int *x, uint64_t *k)
{
	const struct node *node = graph_at(graph, *x);

	if (!graph->sharing || node->kind != NODE_ALU || node->op != BPF_ADD ||
	    !graph_is_constant(graph, node->b))
		return;
	if ((uint64_t)graph_at(graph, node->a)->most +
		    graph_at(graph, node->b)->k >
	    UINT32_MAX)
		return;
	*k += graph_at(graph, node->b)->k;
	*x = node->a;
}

/* The packet's bytes at x + k; x may be NONE. */
static int read_packet(struct builder *b, int block, uint8_t size, int x,
		       uint32_t k, int origin)
{
	struct node far = {.kind = NODE_FAR,
			   .size = size,
			   .k = k,
			   .a = x,
			   .b = NONE,
			   .origin = origin};
	uint64_t from = k, most = 0;
	int pointer = NONE;

	if (x != NONE && b->graph->sharing && graph_is_constant(b->graph, x)) {
		from = far.k = k + graph_at(b->graph, x)->k;
		if (b->graph->rules == RULES_FILE && far.k < k)
			from = far.k = UINT32_MAX; /* never there */
		x = far.a = NONE;
	}
	if (x != NONE) {
		most = graph_at(b->graph, x)->most;
		split_sum(b->graph, &x, &from);
	}
	if ((x != NONE ? most + k : from) + size > GRAPH_REACH)
		return step_value(b, block, far, STEP_FAR);
	if (x != NONE)
		pointer =
			graph_node(b->graph, (struct node){.kind = NODE_POINTER,
							   .a = x,
							   .b = NONE,
							   .origin = origin});
	graph_step(b->graph, block,
		   (struct step){.kind = STEP_GUARD,
				 .node = pointer,
				 .end = (uint32_t)from + size,
				 .origin = origin});
	return graph_load(b->graph, size, pointer, (uint32_t)from, origin);
}

static uint8_t load_size(const struct sock_filter *insn)
{
	return BPF_SIZE(insn->code) == BPF_W   ? 4
	       : BPF_SIZE(insn->code) == BPF_H ? 2
					       : 1;
}

static int read_extension(struct builder *b, int block, struct state *now,
			  int extension, int origin)
{
	struct node node = {.kind = NODE_METADATA,
			    .k = (uint32_t)extension,
			    .a = NONE,
			    .b = NONE,
			    .origin = origin};

	if (b->graph->rules == RULES_FILE) {
		/* Nothing is known beside a file's packet. */
		node.kind = NODE_CONSTANT;
		node.k = 0;
		return step_value(b, block, node, STEP_NONZERO);
	}
	switch (extension) {
	case SKF_AD_ALU_XOR_X:
		return graph_alu(b->graph, BPF_XOR, now->value[A],
				 now->value[X], origin);
	case SKF_AD_RANDOM:
		node.kind = NODE_RANDOM;
		return step_value(b, block, node, STEP_RANDOM);
	case SKF_AD_NLATTR:
	case SKF_AD_NLATTR_NEST:
		node.a = now->value[A];
		node.b = now->value[X];
		break;
	}
	return graph_node(b->graph, node);
}

/* LD and LDX. */
static int load_value(struct builder *b, int block, struct state *now,
		      const struct sock_filter *insn, int origin)
{
	int extension = classic_extension(insn);
	int byte;

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return graph_constant(b->graph, insn->k);
	case BPF_MEM:
		return now->value[insn->k];
	case BPF_LEN:
		return graph_node(b->graph, (struct node){.kind = NODE_LENGTH,
							  .a = NONE,
							  .b = NONE,
							  .origin = origin});
	case BPF_MSH:
		byte = read_packet(b, block, 1, NONE, insn->k, origin);
		byte = graph_alu(b->graph, BPF_AND, byte,
				 graph_constant(b->graph, 15), origin);
		return graph_alu(b->graph, BPF_LSH, byte,
				 graph_constant(b->graph, 2), origin);
	case BPF_IND:
		return read_packet(b, block, load_size(insn), now->value[X],
				   insn->k, origin);
	default: /* BPF_ABS */
		if (extension >= 0)
			return read_extension(b, block, now, extension, origin);
		return read_packet(b, block, load_size(insn), NONE, insn->k,
				   origin);
	}
}

static int operand(struct builder *b, const struct state *now,
		   const struct sock_filter *insn)
{
	return BPF_SRC(insn->code) == BPF_X ? now->value[X]
					    : graph_constant(b->graph, insn->k);
}

static int compute_value(struct builder *b, int block, struct state *now,
			 const struct sock_filter *insn, int origin)
{
	uint8_t op = (uint8_t)BPF_OP(insn->code);
	int right = op == BPF_NEG ? NONE : operand(b, now, insn);
	bool divides = op == BPF_DIV || op == BPF_MOD;

	if (divides && !(graph_is_constant(b->graph, right) &&
			 graph_at(b->graph, right)->k))
		graph_step(b->graph, block,
			   (struct step){.kind = STEP_NONZERO,
					 .node = right,
					 .origin = origin});
	return graph_alu(b->graph, op, now->value[A], right, origin);
}

static void note_value(struct builder *b, size_t at, int value)
{
	if (b->made)
		b->made[at] = value;
}

static void translate(struct builder *b, int block, struct state *now,
		      size_t at)
{
	const struct sock_filter *insn = &b->program->code[at];
	int origin = (int)at;

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		now->value[A] = load_value(b, block, now, insn, origin);
		note_value(b, at, now->value[A]);
		break;
	case BPF_LDX:
		now->value[X] = load_value(b, block, now, insn, origin);
		note_value(b, at, now->value[X]);
		break;
	case BPF_ST:
		now->value[insn->k] = now->value[A];
		break;
	case BPF_STX:
		now->value[insn->k] = now->value[X];
		break;
	case BPF_ALU:
		now->value[A] = compute_value(b, block, now, insn, origin);
		note_value(b, at, now->value[A]);
		break;
	case BPF_MISC:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			now->value[X] = now->value[A];
		else
			now->value[A] = now->value[X];
		break;
	}
}

/* The constant stands for a list. IPv6 comes word by word, and is looked after
 * when all are there. */
static void ask_list(struct builder *b, struct block *block)
{
	int list = b->sites[block->origin].list;

	if (b->graph->lists[list].kind == LIST_IPV6)
		return;
	block->cond = COND_MEMBER;
	block->b = graph_node(b->graph, (struct node){.kind = NODE_LIST,
						      .k = (uint32_t)list,
						      .a = NONE,
						      .b = NONE,
						      .origin = NONE});
}

/* The lesser of it and INT32_MAX, by arithmetic. */
static int limit(struct graph *graph, int value, int origin)
{
	int sign = graph_alu(graph, BPF_RSH, value, graph_constant(graph, 31),
			     origin);
	int all = graph_alu(graph, BPF_NEG, sign, NONE, origin);

	value = graph_alu(graph, BPF_OR, value, all, origin);
	return graph_alu(graph, BPF_AND, value,
			 graph_constant(graph, INT32_MAX), origin);
}

static void translate_end(struct builder *b, int at, struct state *now)
{
	struct block *block = &b->graph->blocks[at];
	const struct sock_filter *insn = &b->program->code[block->origin];
	int right;

	if (block->end == END_RETURN) {
		right = BPF_RVAL(insn->code) == BPF_A
				? now->value[A]
				: graph_constant(b->graph, insn->k);
		if (b->too_deep)
			right = limit(b->graph, right,
				      b->graph->blocks[at].origin);
		b->graph->blocks[at].a = right;
	} else if (block->end == END_BRANCH) {
		right = operand(b, now, insn);
		block->cond = (uint8_t)BPF_OP(insn->code);
		block->a = now->value[A];
		block->b = right;
		if (b->sites && b->sites[block->origin].list >= 0)
			ask_list(b, block);
	}
}

/* ---- Variables where ways meet ---- */

static int join(struct builder *b, int block, int variable, const int *edges,
		size_t count)
{
	int first = b->leave[b->edges[edges[0]].from].value[variable];
	struct node phi = {.kind = NODE_PHI,
			   .k = (uint32_t)variable,
			   .a = NONE,
			   .b = NONE,
			   .origin = NONE};
	bool same = true;
	int value;

	for (size_t i = 0; i < count; i++) {
		int from = b->edges[edges[i]].from;

		value = b->leave[from].value[variable];
		same &= value == first;
		if (graph_at(b->graph, value)->most > phi.most)
			phi.most = graph_at(b->graph, value)->most;
		phi.bits |= graph_at(b->graph, value)->bits;
	}
	if (same)
		return first;
	value = graph_node(b->graph, phi);
	for (size_t i = 0; i < count; i++) {
		int from = b->edges[edges[i]].from;

		graph_phi(b->graph, block,
			  (struct phi_choice){value, from,
					      b->leave[from].value[variable]});
	}
	return value;
}

static struct state enter(struct builder *b, int block, const int *edges,
			  size_t count)
{
	uint32_t live = b->live[b->places[block].at];
	struct state now;
	int zero = graph_constant(b->graph, 0);

	for (int v = 0; v < VARIABLES; v++)
		now.value[v] = count && (live >> v & 1)
				       ? join(b, block, v, edges, count)
				       : zero;
	return now;
}

/* ---- All of it ---- */

static int compare_edges(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;

	return a->to != b->to ? (a->to > b->to) - (a->to < b->to)
			      : (a->from > b->from) - (a->from < b->from);
}

static bool fill_blocks(struct builder *b)
{
	size_t blocks = b->graph->block_count;
	int *first _cleanup_free_ = calloc(blocks + 1, sizeof(*first));
	int *numbers _cleanup_free_ =
		calloc(b->edge_count + 1, sizeof(*numbers));

	b->leave = calloc(blocks, sizeof(*b->leave));
	if (!b->leave || !first || !numbers)
		return false;
	if (b->edge_count)
		qsort(b->edges, b->edge_count, sizeof(*b->edges),
		      compare_edges);
	for (size_t i = 0; i < b->edge_count; i++) {
		numbers[i] = (int)i;
		first[b->edges[i].to + 1] = (int)i + 1;
	}
	for (size_t i = 1; i <= blocks; i++)
		if (first[i] < first[i - 1])
			first[i] = first[i - 1];
	for (size_t i = 0; i < b->graph->order_count && !b->graph->failed;
	     i++) {
		int block = b->graph->order[i];
		struct state now;
		size_t at = b->places[block].at;

		if (block == b->exceeded)
			continue;
		now = enter(b, block, numbers + first[block],
			    (size_t)(first[block + 1] - first[block]));
		for (; at <= (size_t)b->graph->blocks[block].origin; at++)
			translate(b, block, &now, at);
		translate_end(b, block, &now);
		b->leave[block] = now;
	}
	return !b->graph->failed;
}

static bool make_tables(struct builder *b)
{
	size_t length = b->program->length;
	size_t turns = 1;

	for (size_t i = 0; i < length; i++)
		if (classic_is_loop(&b->program->code[i]))
			turns = SSA_TURNS + 1;
	b->leads = calloc(length + 1, sizeof(*b->leads));
	b->live = calloc(length, sizeof(*b->live));
	b->block_at = malloc(turns * length * sizeof(*b->block_at));
	if (!b->graph || !b->leads || !b->live || !b->block_at)
		return false;
	memset(b->block_at, 0xff, turns * length * sizeof(*b->block_at));
	b->exceeded = NONE;
	return true;
}

struct graph *ssa_build(const struct ssa_request *request)
{
	struct builder b _cleanup_(builder_free) = {
		.program = request->program,
		.sites = request->sites,
		.made = request->made,
		.too_deep = request->too_deep,
		.graph = graph_new(request->sharing, request->rules)};

	if (!make_tables(&b))
		return NULL;
	if (b.made)
		for (size_t i = 0; i < b.program->length; i++)
			b.made[i] = NONE;
	b.graph->lists = request->lists;
	find_leaders(&b);
	find_live(&b);
	block_for(&b, 0, 0);
	b.exceeded = graph_block(b.graph);
	if (!ARRAY_ADD(b.places, b.place_count, b.place_capacity,
		       (struct place){0, 0}))
		return NULL;
	b.graph->blocks[b.exceeded].a = graph_constant(b.graph, b.too_deep);
	for (int i = 0; !b.graph->failed && i < (int)b.graph->block_count; i++)
		if (i != b.exceeded)
			connect_block(&b, i);
	graph_analyse(b.graph);
	if (b.graph->failed || !fill_blocks(&b) || b.graph->failed)
		return NULL;
	if (b.sites)
		ssa_expand_lists(b.graph, b.sites);
	if (b.graph->failed)
		return NULL;
	return TAKE_PTR(b.graph);
}
