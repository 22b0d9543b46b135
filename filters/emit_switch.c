/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A switch as binary search over its sorted ranges: one comparison a level,
 * and at the leaves one or two for each of the few ranges left.
 */
#include <stdlib.h>

#include "filters/array.h"
#include "filters/emit_value.h"
#include "filters/insn.h"
#include "filters/lists.h"
#include "filters/maps.h"
#include "src/base/cleanup.h"

/* Ranges that a leaf tests one by one. */
#define LEAF 2

struct search {
	struct emitter *e;
	const struct choice *choices;
	int otherwise; /* where what is in no range goes */
	int reg;       /* the value */
};

static void emit_leaf(const struct search *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct choice *choice = &s->choices[i];

		if (choice->low == choice->high) {
			emit_jump(s->e, JUMP32_K(BPF_JEQ, s->reg, choice->low),
				  choice->to);
			continue;
		}
		if (choice->low)
			emit_jump(s->e, JUMP32_K(BPF_JLT, s->reg, choice->low),
				  s->otherwise);
		emit_jump(s->e, JUMP32_K(BPF_JLE, s->reg, choice->high),
			  choice->to);
	}
	emit_jump(s->e, JUMP, s->otherwise);
}

/* The ranges from @from up to @to; recursion is as deep as the search. */
static void emit_search(const struct search *s, size_t from, size_t to)
{
	size_t middle = from + (to - from) / 2;
	size_t branch = s->e->out->length;
	size_t distance;

	if (to - from <= LEAF) {
		emit_leaf(s, from, to);
		return;
	}
	emit(s->e, JUMP32_K(BPF_JGE, s->reg, s->choices[middle].low));
	emit_search(s, from, middle);
	distance = s->e->out->length - branch - 1;
	if (distance > INT16_MAX)
		s->e->refused = "too complex: a list that is too long for "
				"jumps";
	else if (!s->e->failed)
		s->e->out->code[branch].off = (int16_t)distance;
	emit_search(s, middle, to);
}

void emit_switch(struct emitter *e, const struct line *line)
{
	const struct block *block = &e->graph->blocks[line->block];
	struct search search = {e, block->choices, block->to[1],
				emit_read(e, line->a, e->scratch[0])};

	emit_search(&search, 0, block->choice_count);
}

/* The key of a word: as it is, or behind its length turned around. Returns
 * where it is, from the frame pointer. */
static int emit_word_key(struct emitter *e, const struct line *line, bool trie)
{
	int key = EMIT_SCRATCH_SLOT;

	emit_into(e, BPF_REG_0, line->a);
	if (trie) {
		emit(e, TO_HOST(BPF_REG_0, 32)); /* from host: the same */
		emit(e, STORE_K(BPF_W, BPF_REG_10, key, 32));
		key += 4;
	}
	emit(e, STORE_MEM(BPF_W, BPF_REG_10, key, BPF_REG_0));
	return EMIT_SCRATCH_SLOT;
}

/* The key of the IPv6 address at the offset that the line has. */
static int emit_address_key(struct emitter *e, const struct line *line,
			    bool trie)
{
	int key = e->key_at;

	emit_into(e, BPF_REG_2, line->a);
	emit(e, MOV64_R(BPF_REG_1, e->context));
	emit(e, MOV64_R(BPF_REG_3, BPF_REG_10));
	emit(e, ALU64_K(BPF_ADD, BPF_REG_3, key + 4));
	emit(e, MOV64_K(BPF_REG_4, 16));
	emit(e, CALL(BPF_FUNC_skb_load_bytes));
	emit_jump(e, JUMP64_K(BPF_JNE, BPF_REG_0, 0), LABEL_REJECT);
	if (!trie)
		return key + 4;
	emit(e, STORE_K(BPF_W, BPF_REG_10, key, 128));
	return key;
}

/* One lookup; for the keys see maps.h. */
static void emit_lookup(struct emitter *e, const struct line *line, int number)
{
	const struct block *block = &e->graph->blocks[line->block];
	const struct list *list = &e->graph->lists[number];
	bool trie = maps_is_trie(list);
	int key = list->kind == LIST_IPV6 ? emit_address_key(e, line, trie)
					  : emit_word_key(e, line, trie);
	struct map_use use;

	emit(e, MOV64_R(BPF_REG_2, BPF_REG_10));
	emit(e, ALU64_K(BPF_ADD, BPF_REG_2, key));
	use = (struct map_use){e->out->length, number};
	if (!ARRAY_ADD(e->out->maps, e->out->map_count, e->out->map_capacity,
		       use))
		e->failed = true;
	emit(e, INSN(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, 0, 0, 0));
	emit(e, INSN(0, 0, 0, 0, 0));
	emit(e, CALL(BPF_FUNC_map_lookup_elem));
	emit_jump(e, JUMP64_K(BPF_JNE, BPF_REG_0, 0), block->to[0]);
	emit_jump(e, JUMP, block->to[1]);
}

void emit_member(struct emitter *e, const struct line *line)
{
	const struct block *block = &e->graph->blocks[line->block];
	int number = (int)graph_at(e->graph, block->b)->k;
	const struct list *list = &e->graph->lists[number];
	struct choice *choices _cleanup_free_ =
		calloc(list->count, sizeof(*choices));
	struct search search = {e, choices, block->to[1], 0};

	if (!choices) {
		e->failed = true;
		return;
	}
	if (list_wants_map(list)) {
		emit_lookup(e, line, number);
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		choices[i] =
			(struct choice){list->ranges[i].low[0],
					list->ranges[i].high[0], block->to[0]};
	search.reg = emit_read(e, line->a, e->scratch[0]);
	emit_search(&search, 0, list->count);
}
