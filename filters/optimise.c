/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/optimise.h"

#include <string.h>

#include "filters/pass.h"
#include "src/base/cleanup.h"

/* Passes that feed each other are repeated, this many rounds at most. */
#define ROUNDS 8

enum { PRUNE, MERGE, TAILS, GUARDS, SEARCH, ORDER };

static const struct pass passes[] = {
	[PRUNE] = {"prune", "edges past branches whose outcome is known",
		   pass_prune},
	[MERGE] = {"merge", "equal blocks into one", pass_merge},
	[TAILS] = {"tails", "ends that differ by the pointer into one",
		   pass_tails},
	[GUARDS] = {"guards", "bounds checks into fewer", pass_guards},
	[SEARCH] = {"search", "chains of equality into binary search",
		    pass_search},
	[ORDER] = {"order", "comparisons in network order", pass_order},
};

/* What is run one after the other, until nothing changes. */
static const struct phase {
	int passes[3];
	int count;
} phases[] = {
	{{PRUNE, MERGE}, 2}, {{TAILS}, 1}, {{PRUNE, MERGE, GUARDS}, 3},
	{{SEARCH}, 1},	     {{ORDER}, 1},
};

const struct pass *optimise_passes(size_t *count)
{
	*count = ARRAY_SIZE(passes);
	return passes;
}

static bool is_named(const struct pass *pass, const char *name)
{
	return name && !strcmp(pass->name, name);
}

/* True if the pass @last has been run. */
static bool run_phase(struct graph *graph, const struct phase *phase,
		      const char *last, const char *left_out)
{
	bool changed = true;

	for (int round = 0; changed && round < ROUNDS; round++) {
		changed = false;
		for (int i = 0; i < phase->count && !graph->failed; i++) {
			const struct pass *pass = &passes[phase->passes[i]];

			if (is_named(pass, left_out))
				continue;
			changed |= pass->run(graph);
			if (is_named(pass, last))
				return true;
		}
		changed &= phase->count > 1;
	}
	return false;
}

static void run_phases(struct graph *graph, const char *last,
		       const char *left_out)
{
	graph_analyse(graph);
	for (size_t i = 0; i < ARRAY_SIZE(phases); i++)
		if (run_phase(graph, &phases[i], last, left_out))
			return;
}

void optimise_without(struct graph *graph, const char *left_out)
{
	run_phases(graph, NULL, left_out);
}

void optimise_until(struct graph *graph, const char *last)
{
	run_phases(graph, last, NULL);
}

void optimise(struct graph *graph)
{
	run_phases(graph, NULL, NULL);
}
