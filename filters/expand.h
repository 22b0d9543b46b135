/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists of IPv6 addresses in the graph. libpcap compares the four words of an
 * address one after the other; over the list they become a tree: a switch over
 * the first words, then for each of them one over the second, and so on. Long
 * lists are looked up whole instead.
 */
#ifndef BSNIFF_FILTERS_EXPAND_H
#define BSNIFF_FILTERS_EXPAND_H

#include "filters/graph.h"
#include "filters/lists.h"

/* Replace each four comparisons with the marks of an IPv6 list. @graph has
 * been analysed, and is again. */
void ssa_expand_lists(struct graph *graph, const struct list_site *sites);

#endif
