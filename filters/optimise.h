/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The passes over the graph, in their order. Each keeps what the program
 * returns for each packet, and each is a file of its own, pass_*.c.
 */
#ifndef BSNIFF_FILTERS_OPTIMISE_H
#define BSNIFF_FILTERS_OPTIMISE_H

#include "filters/graph.h"

/* Run all passes; the graph has been analysed when it is back. */
void optimise(struct graph *graph);

#endif
