/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What became of each classic instruction on the way to eBPF, for --explain.
 */
#ifndef BSNIFF_FILTERS_TRACE_H
#define BSNIFF_FILTERS_TRACE_H

#include "filters/classic.h"
#include "filters/emit.h"
#include "filters/graph.h"

enum fate {
	FATE_CODE,   /* has eBPF of its own */
	FATE_SHARED, /* the eBPF of instruction `with' does its work, too */
	FATE_SEARCH, /* it is one of those that `with' searches among */
	FATE_KNOWN,  /* a test whose outcome is known by then, on each way */
	FATE_UNUSED, /* a value that nobody asks for any more */
	FATE_NAME,   /* moves a value, which costs nothing */
};

struct trace_insn {
	int value; /* the value it makes, NONE: none */
	int a, b;  /* a branch compares these; NONE: it is none */
	uint8_t cond;
	uint8_t fate;	     /* enum fate */
	int with;	     /* NONE: nobody */
	int first_with;	     /* of those whose `with' is this one, ... */
	int next_with;	     /* ... and so on; NONE: no more */
	size_t first, count; /* eBPF: from the first on, how many in all */
};

struct trace {
	struct trace_insn *insns; /* by classic instruction */
	size_t length;
};

/* After ssa_build() with @made, before any pass. 0 or -ENOMEM. */
int trace_begin(struct trace *trace, const struct classic *classic,
		const struct graph *graph, const int *made);

/* When @program was made of the optimised @graph. 0 or -ENOMEM. */
int trace_finish(struct trace *trace, const struct classic *classic,
		 const struct graph *graph, const struct program *program);

void trace_free(struct trace *trace);

#endif
