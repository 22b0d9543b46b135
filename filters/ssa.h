/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic BPF to the graph: A, X and the scratch words become values, each
 * load is preceded by the guard of its bytes, jumps back are unrolled.
 */
#ifndef BSNIFF_FILTERS_SSA_H
#define BSNIFF_FILTERS_SSA_H

#include "filters/classic.h"
#include "filters/graph.h"
#include "filters/lists.h"

/* How often a jump back (libpcap's `protochain`) is followed; after that the
 * program returns ssa_request.too_deep. */
#define SSA_TURNS 10

/* What to build, and how. */
struct ssa_request {
	const struct classic *program; /* classic_check() took it */
	bool sharing; /* values are folded and shared as they are made; else
			 each instruction is translated as it stands */
	enum rules rules;
	const struct list *lists; /* for the sites; the graph borrows them */
	const struct list_site *sites; /* by instruction; NULL: none */
	uint32_t too_deep; /* 0: does not match. Else what no other way may
			      return: more than INT32_MAX becomes INT32_MAX */
	int *made; /* unless NULL, gets by instruction the value it makes */
};

/* The graph, or NULL when memory ran out. */
struct graph *ssa_build(const struct ssa_request *request);

#endif
