/* SPDX-License-Identifier: BSD-3-Clause */
#include <linux/filter.h>
#include <stdlib.h>

#include "filters/array.h"
#include "filters/pass.h"
#include "src/base/cleanup.h"

/* Fewer comparisons than that are as fast one after the other. */
#define SHORTEST_CHAIN 4

/* One comparison of a chain: value == k goes to `to`. */
struct link {
	int value;
	uint32_t k;
	int to;
	int place; /* in the chain */
};

struct chain {
	struct link *links;
	size_t count, capacity;
	int otherwise; /* where a run goes that no comparison took */
	int last;      /* the block of the last comparison */
};

/* Is it a comparison with a constant for equality? */
static bool is_link(const struct graph *graph, const struct block *block)
{
	return block->end == END_BRANCH && block->cond == BPF_JEQ &&
	       graph_is_constant(graph, block->b) &&
	       block->to[0] != block->to[1];
}

/* Can it stand behind another in a chain? */
static bool can_follow(const struct graph *graph, const struct block *block)
{
	return is_link(graph, block) && !block->step_count &&
	       !block->phi_count && block->preds == 1;
}

static void collect(const struct graph *graph, int from, struct chain *chain)
{
	int at = from;

	do {
		const struct block *block = &graph->blocks[at];
		struct link link = {block->a, graph_at(graph, block->b)->k,
				    block->to[0], (int)chain->count};

		if (graph->blocks[block->to[0]].phi_count ||
		    graph->blocks[block->to[1]].phi_count)
			break;
		if (!ARRAY_ADD(chain->links, chain->count, chain->capacity,
			       link))
			break;
		chain->last = at;
		chain->otherwise = block->to[1];
		at = block->to[1];
	} while (can_follow(graph, &graph->blocks[at]));
}

static bool same_target(const struct chain *chain)
{
	for (size_t i = 1; i < chain->count; i++)
		if (chain->links[i].to != chain->links[0].to)
			return false;
	return true;
}

static bool same_value(const struct chain *chain)
{
	for (size_t i = 1; i < chain->count; i++)
		if (chain->links[i].value != chain->links[0].value)
			return false;
	return true;
}

/* By value, then constant; of equals the first in the chain wins. */
static int compare_links(const void *x, const void *y)
{
	const struct link *a = x, *b = y;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	if (a->k != b->k)
		return a->k < b->k ? -1 : 1;
	return a->place - b->place;
}

static bool add_choice(struct block *block, size_t *capacity,
		       const struct link *link)
{
	struct choice *last = block->choice_count
				      ? &block->choices[block->choice_count - 1]
				      : NULL;

	if (last && link->k <= last->high)
		return true; /* the same constant again: never reached */
	if (last && link->k == last->high + 1 && link->to == last->to) {
		last->high = link->k;
		return true;
	}
	return ARRAY_ADD(block->choices, block->choice_count, *capacity,
			 (struct choice){link->k, link->k, link->to});
}

/* Block @at becomes a switch over the links from @first, all of one value. */
static size_t make_switch(struct graph *graph, int at,
			  const struct chain *chain, size_t first)
{
	struct block *block = &graph->blocks[at];
	size_t i = first, capacity = 0;

	block->end = END_SWITCH;
	block->a = chain->links[first].value;
	block->b = NONE;
	block->to[0] = NONE;
	block->to[1] = chain->otherwise;
	block->choices = NULL;
	block->choice_count = 0;
	for (; i < chain->count && chain->links[i].value == block->a; i++)
		if (!add_choice(block, &capacity, &chain->links[i]))
			graph->failed = true;
	return i;
}

static bool rewrite(struct graph *graph, int at, struct chain *chain)
{
	size_t i;

	qsort(chain->links, chain->count, sizeof(*chain->links), compare_links);
	for (i = make_switch(graph, at, chain, 0); i < chain->count;) {
		int next = graph_block(graph);

		if (next == NONE)
			return false;
		graph->blocks[at].to[1] = next;
		graph->blocks[next].origin = graph->blocks[at].origin;
		at = next;
		i = make_switch(graph, at, chain, i);
	}
	return true;
}

bool pass_search(struct graph *graph)
{
	bool changed = false;

	for (size_t i = 0; i < graph->order_count && !graph->failed; i++) {
		int at = graph->order[i];
		struct chain chain = {0};

		if (!is_link(graph, &graph->blocks[at]) ||
		    graph->blocks[at].order == NONE)
			continue;
		collect(graph, at, &chain);
		if (chain.count >= SHORTEST_CHAIN &&
		    (same_target(&chain) || same_value(&chain)))
			changed |= rewrite(graph, at, &chain);
		free(chain.links);
	}
	graph_analyse(graph);
	return changed;
}
