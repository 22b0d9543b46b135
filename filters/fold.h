/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of a value when it is made: constants are computed, and
 * operations that change nothing vanish. Also the bound that the verifier
 * sees, which decides whether a guard can vouch for a load.
 */
#ifndef BSNIFF_FILTERS_FOLD_H
#define BSNIFF_FILTERS_FOLD_H

#include "filters/graph.h"

/* An existing or simpler value equal to a op b, or NONE. */
int fold_alu(struct graph *graph, uint8_t op, int a, int b, int origin);

/* The greatest value of @node, and which of its bits may be 1, by rules that
 * the verifier follows as well. */
uint32_t fold_most(const struct graph *graph, const struct node *node);
uint32_t fold_bits(const struct graph *graph, const struct node *node);

#endif
