/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mutants: what a mistake in each pass would leave behind. The proof must
 * refute them, or show that they change nothing.
 */
#ifndef BSNIFF_TESTS_PROVE_MUTANTS_H
#define BSNIFF_TESTS_PROVE_MUTANTS_H

#include "filters/emit.h"

/* The passes in their order, then the emitter. */
enum mutant {
	MUTANT_PRUNE,
	MUTANT_MERGE,
	MUTANT_TAILS,
	MUTANT_GUARDS,
	MUTANT_SEARCH,
	MUTANT_ORDER,
	MUTANT_EMITTING,
	MUTANTS,
};

/* One random mistake of the pass (enum mutant) in the graph, or of the emitter
 * in the program. False if there is no place for it. */
bool mutate_graph(struct graph *graph, int kind);
bool mutate_program(struct program *program);

#endif
