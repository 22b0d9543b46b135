/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the graph, whose values float, to instructions in a row, each with the
 * virtual registers it reads and writes; and from these to places (registers
 * of eBPF, or the stack).
 *
 * A value is computed before its first use on each way: if a block on all the
 * ways here has computed it, that is used again, else it is computed here.
 */
#ifndef BSNIFF_FILTERS_LOWER_H
#define BSNIFF_FILTERS_LOWER_H

#include "filters/graph.h"

enum line_kind {
	LINE_COMPUTE, /* to = node, of a and b */
	LINE_COPY,    /* to = a, the way's choice for a phi */
	LINE_STEP,    /* a step; a is the value or pointer, to what it loads */
	LINE_END,     /* the end of the block, of a and b */
};

/* Where the registers a and b stand for constants they are NONE. */
struct line {
	uint8_t kind; /* enum line_kind */
	bool calls;   /* clobbers the registers that calls clobber */
	int block;
	int node;	  /* LINE_COMPUTE, and steps that make a value */
	struct step step; /* LINE_STEP */
	int to, a, b;	  /* virtual registers */
};

/* A virtual register: from its first writing to its last reading. */
struct range {
	int node;
	int from, last; /* lines */
	bool crosses_call;
	int place; /* >= 0: a register; < 0: stack slot -place - 1 */
};

struct lowered {
	const struct graph *graph; /* borrowed */
	struct line *lines;
	size_t line_count, line_capacity;
	struct range *ranges;
	size_t range_count, range_capacity;
	int slots; /* stack slots of 8 bytes in use */
	bool failed;
};

/* The lines; 0 or -ENOMEM. The graph must have been analysed, and outlive
 * @lowered. */
int lower_graph(const struct graph *graph, struct lowered *lowered);
void lower_free(struct lowered *lowered);

/* After setting more lines' `calls': find anew which ranges cross one. */
void lower_find_crossings(struct lowered *lowered);

/* Does computing it call a helper of the kernel? */
bool lower_calls(const struct node *node);

/*
 * Linear scan over the ranges (a block's lines come after those of all blocks
 * before it, so a range is an interval). Calls leave only the registers in
 * the mask @preserved alone. What ends last goes to the stack. 0 or -ENOMEM.
 */
struct assign_registers {
	const int *registers;
	size_t count;
	uint32_t preserved;
};
int assign_places(struct lowered *lowered,
		  const struct assign_registers *registers);

#endif
