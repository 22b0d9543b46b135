/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/expand.h"

#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "src/base/cleanup.h"

/* The four comparisons: their blocks, where a match goes, where others do. */
struct site {
	const struct list *list;
	struct block words[4]; /* copies; steps are borrowed */
	int match, otherwise;
	int accept[4]; /* match, once the words from that one on are there */
};

static const struct list_site *site_of(const struct graph *graph,
				       const struct list_site *sites, int at)
{
	const struct block *block = &graph->blocks[at];

	return block->end == END_BRANCH && block->cond == BPF_JEQ &&
			       block->origin >= 0 &&
			       sites[block->origin].list >= 0
		       ? &sites[block->origin]
		       : NULL;
}

/* Where a way to @at leads: libpcap puts jumps between for what is far. */
static int settle(const struct graph *graph, int at)
{
	while (graph->blocks[at].end == END_JUMP &&
	       !graph->blocks[at].step_count && !graph->blocks[at].phi_count &&
	       !graph->blocks[graph->blocks[at].to[0]].phi_count)
		at = graph->blocks[at].to[0];
	return at;
}

/* The comparisons that begin at @at; false if they are not as expected. */
static bool read_site(const struct graph *graph, const struct list_site *sites,
		      int at, struct site *site)
{
	int list = site_of(graph, sites, at)->list;

	for (int word = 0; word < 4; word++)
		site->accept[word] = NONE;
	site->list = &graph->lists[list];
	site->otherwise = settle(graph, graph->blocks[at].to[1]);
	for (int word = 0; word < 4; word++) {
		const struct list_site *here = site_of(graph, sites, at);
		const struct block *block = &graph->blocks[at];

		if (!here || here->list != list || here->word != word ||
		    settle(graph, block->to[1]) != site->otherwise ||
		    block->phi_count || (word && block->preds != 1))
			return false;
		site->words[word] = *block;
		at = settle(graph, block->to[0]);
	}
	site->match = at;
	return !graph->blocks[site->match].phi_count &&
	       !graph->blocks[site->otherwise].phi_count;
}

static bool add_choice(struct graph *graph, int at, size_t *capacity,
		       struct choice choice)
{
	struct block *block = &graph->blocks[at];
	struct choice *last = block->choice_count
				      ? &block->choices[block->choice_count - 1]
				      : NULL;

	if (last && last->to == choice.to && last->high + 1 == choice.low) {
		last->high = choice.high;
		return true;
	}
	if (ARRAY_ADD(block->choices, block->choice_count, *capacity, choice))
		return true;
	graph->failed = true;
	return false;
}

static bool is_whole(const struct list_range *range, int from)
{
	for (int w = from; w < 4; w++)
		if (range->low[w] || range->high[w] != UINT32_MAX)
			return false;
	return true;
}

/* A whole prefix matches, but libpcap reads all of the address, and a packet
 * that is cut off there does not match. */
static int accept(struct graph *graph, struct site *site, int word)
{
	if (site->accept[word] != NONE)
		return site->accept[word];
	site->accept[word] = graph_block(graph);
	if (site->accept[word] == NONE)
		return site->match;
	for (int w = word; w < 4; w++)
		for (size_t s = 0; s < site->words[w].step_count; s++)
			graph_step(graph, site->accept[word],
				   site->words[w].steps[s]);
	graph->blocks[site->accept[word]].end = END_JUMP;
	graph->blocks[site->accept[word]].to[0] = site->match;
	return site->accept[word];
}

static int build(struct graph *graph, struct site *site, int word, size_t from,
		 size_t to);

/* Block @at asks for @word of the ranges from @from up to @to, which are equal
 * in all words before. */
static void fill(struct graph *graph, struct site *site, int at, int word,
		 size_t from, size_t to)
{
	const struct list_range *ranges = site->list->ranges;
	size_t capacity = 0;

	graph->blocks[at].end = END_SWITCH;
	graph->blocks[at].a = site->words[word].a;
	graph->blocks[at].b = NONE;
	graph->blocks[at].to[0] = NONE;
	graph->blocks[at].to[1] = site->otherwise;
	graph->blocks[at].origin = site->words[word].origin;
	for (size_t i = from; i < to && !graph->failed;) {
		struct choice choice = {ranges[i].low[word],
					ranges[i].high[word], site->match};
		size_t next = i + 1;

		while (next < to && ranges[next].low[word] == choice.low &&
		       ranges[next].high[word] == choice.high)
			next++;
		if (word < 3 && is_whole(&ranges[i], word + 1))
			choice.to = accept(graph, site, word + 1);
		else if (word < 3)
			choice.to = build(graph, site, word + 1, i, next);
		if (!add_choice(graph, at, &capacity, choice))
			return;
		i = next;
	}
}

static int build(struct graph *graph, struct site *site, int word, size_t from,
		 size_t to)
{
	const struct block *model = &site->words[word];
	int at = graph_block(graph);

	if (at == NONE)
		return site->otherwise;
	for (size_t s = 0; s < model->step_count; s++)
		graph_step(graph, at, model->steps[s]);
	fill(graph, site, at, word, from, to);
	return at;
}

/* In a map, all four words are looked for at once: the branch compares where
 * the address begins with the list. */
static void ask_map(struct graph *graph, struct block *block,
		    const struct site *site, int list)
{
	const struct node *load = graph_at(graph, site->words[0].a);
	uint32_t k = load->k;
	int x = load->a;
	int node, offset;

	if (x != NONE && graph_at(graph, x)->kind == NODE_POINTER)
		x = graph_at(graph, x)->a;
	offset = graph_constant(graph, k);
	if (x != NONE)
		offset = graph_alu(graph, BPF_ADD, x, offset,
				   site->words[0].origin);
	node = graph_node(graph, (struct node){.kind = NODE_LIST,
					       .k = (uint32_t)list,
					       .a = NONE,
					       .b = NONE,
					       .origin = NONE});
	block->cond = COND_MEMBER;
	block->a = offset;
	block->b = node;
	block->to[0] = site->match;
	block->to[1] = site->otherwise;
}

void ssa_expand_lists(struct graph *graph, const struct list_site *sites)
{
	size_t count = graph->order_count;
	int *order _cleanup_free_ = calloc(count ? count : 1, sizeof(*order));

	if (!order) {
		graph->failed = true;
		return;
	}
	memcpy(order, graph->order, count * sizeof(*order));
	for (size_t i = 0; i < count && !graph->failed; i++) {
		const struct list_site *here = site_of(graph, sites, order[i]);
		struct site site;

		if (!here || here->word)
			continue;
		if (!read_site(graph, sites, order[i], &site)) {
			graph->failed = true;
			return;
		}
		if (list_wants_map(site.list))
			ask_map(graph, &graph->blocks[order[i]], &site,
				here->list);
		else
			fill(graph, &site, order[i], 0, 0, site.list->count);
	}
	graph_analyse(graph);
}
