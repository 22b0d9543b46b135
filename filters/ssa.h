/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic BPF to the graph: A, X and the scratch words become values, each
 * load is preceded by the guard of its bytes, jumps back are unrolled.
 */
#ifndef BSNIFF_FILTERS_SSA_H
#define BSNIFF_FILTERS_SSA_H

#include "filters/classic.h"
#include "filters/graph.h"

/* How often a jump back (libpcap's `protochain`) is followed; after that the
 * packet does not match. */
#define SSA_TURNS 10

/*
 * The graph of a program that classic_check() took. With @sharing the values
 * are folded and shared as they are made; without, each instruction is
 * translated as it stands. NULL when memory ran out.
 */
struct graph *ssa_build(const struct classic *program, bool sharing,
			enum rules rules);

#endif
