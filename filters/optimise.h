/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The passes over the graph, in their order. Each keeps what the program
 * returns for each packet, and each is a file of its own, pass_*.c.
 */
#ifndef BSNIFF_FILTERS_OPTIMISE_H
#define BSNIFF_FILTERS_OPTIMISE_H

#include "filters/graph.h"

struct pass {
	const char *name;
	const char *what; /* it turns what into what */
	bool (*run)(struct graph *graph);
};

/* The passes in order. */
const struct pass *optimise_passes(size_t *count);

/* Run all passes; the graph has been analysed when it is back. */
void optimise(struct graph *graph);

/* The same, but the last pass run is the one of that name (NULL: all). */
void optimise_until(struct graph *graph, const char *last);

/* The same but for the pass of that name. */
void optimise_without(struct graph *graph, const char *left_out);

#endif
