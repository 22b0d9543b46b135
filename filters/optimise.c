/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/optimise.h"

#include <string.h>

#include "filters/pass.h"

/* Pruning, merging and guards feed each other; this many rounds at most. */
#define ROUNDS 8

static const struct pass passes[] = {
	{"prune", "edges past branches whose outcome is known", pass_prune},
	{"merge", "equal blocks into one", pass_merge},
	{"guards", "bounds checks into fewer", pass_guards},
	{"search", "chains of equality into binary search", pass_search},
	{"order", "comparisons in network order", pass_order},
};

enum { REPEATED = 3 };

const struct pass *optimise_passes(size_t *count)
{
	*count = sizeof(passes) / sizeof(passes[0]);
	return passes;
}

void optimise_without(struct graph *graph, const char *left_out)
{
	bool changed = true;

	graph_analyse(graph);
	for (int round = 0; changed && round < ROUNDS; round++) {
		changed = false;
		for (size_t i = 0; i < REPEATED && !graph->failed; i++)
			if (!left_out || strcmp(left_out, passes[i].name) != 0)
				changed |= passes[i].run(graph);
	}
	for (size_t i = REPEATED; i < sizeof(passes) / sizeof(passes[0]); i++)
		if (!graph->failed &&
		    (!left_out || strcmp(left_out, passes[i].name) != 0))
			passes[i].run(graph);
}

void optimise_until(struct graph *graph, const char *last)
{
	size_t count = sizeof(passes) / sizeof(passes[0]);

	graph_analyse(graph);
	for (int round = 0; round < ROUNDS; round++) {
		bool changed = false;

		for (size_t i = 0; i < REPEATED && !graph->failed; i++) {
			changed |= passes[i].run(graph);
			if (last && !round && !strcmp(last, passes[i].name))
				return;
		}
		if (!changed)
			break;
	}
	for (size_t i = REPEATED; i < count && !graph->failed; i++) {
		passes[i].run(graph);
		if (last && !strcmp(last, passes[i].name))
			return;
	}
}

void optimise(struct graph *graph)
{
	optimise_without(graph, NULL);
}
