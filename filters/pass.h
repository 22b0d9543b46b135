/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The passes. Each takes a graph that graph_analyse() has seen, keeps what the
 * program returns for each packet, leaves the graph analysed, and says whether
 * it changed anything. filters/README.md says why each is right.
 */
#ifndef BSNIFF_FILTERS_PASS_H
#define BSNIFF_FILTERS_PASS_H

#include "filters/graph.h"

/* Follow each edge past the branches whose outcome is known on it: from what
 * was tested on the way (value ranges, bits, constants excluded). */
bool pass_prune(struct graph *graph);

/* Blocks that do the same are one block; a branch both of whose ways are one is
 * none; a block that only follows another joins it. */
bool pass_merge(struct graph *graph);

/* Comparisons at the end of the program that are the same behind a pointer as
 * from the packet's start (ports behind IPv4 and IPv6) become one, behind a
 * pointer that is the one or the other. Wants guards where libpcap has them. */
bool pass_tails(struct graph *graph);

/* Drop guards that others imply, and make a guard ask at once for what all
 * ways on from it will ask for. */
bool pass_guards(struct graph *graph);

/* Chains of comparisons of one value with constants become one switch. */
bool pass_search(struct graph *graph);

/* Compare in network order, so that loads need not be turned around. */
bool pass_order(struct graph *graph);

/* For the passes: does a step like @step, or one that implies it, lie in
 * @block or in a block on every way to it? */
bool pass_is_implied(const struct graph *graph, int block,
		     const struct step *step);

#endif
