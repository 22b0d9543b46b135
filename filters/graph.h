/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The compiler's inner form: a program as blocks without cycles over values in
 * SSA form.
 *
 * Values float: a value is what it computes from other values, written once
 * and found again by its content, and belongs to no block. Only what may end
 * the run (struct step), and what differs by the way it was reached (phi), is
 * bound to a block. A value is computed where it is first needed; a load may
 * be, since each block that uses one comes after the guard of its bytes.
 *
 * All values are unsigned 32-bit, except pointers. A run that fails a step
 * returns 0: the packet does not match.
 */
#ifndef BSNIFF_FILTERS_GRAPH_H
#define BSNIFF_FILTERS_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/strbuf.h"

/* No value, no block; as a pointer: the packet's first byte. */
#define NONE (-1)

/* Bytes from the packet's start that guards may vouch for, which is what the
 * socket back end copies at most; loads that may lie further are far. */
#define GRAPH_REACH 144

enum node_kind {
	NODE_CONSTANT, /* k */
	NODE_LOAD,     /* size bytes at pointer a plus k, in host order */
	NODE_RAW,      /* the same as they lie there (network order) */
	NODE_SWAP,     /* the low size bytes of a, turned around */
	NODE_LENGTH,   /* bytes of the packet */
	NODE_METADATA, /* the extension k (SKF_AD_...) */
	NODE_POINTER,  /* the packet's first byte plus a */
	NODE_ALU,      /* a op b (BPF_ADD and so on; BPF_NEG: b is NONE) */
	NODE_PHI,      /* what the way here chose; bound to a block */
	NODE_FAR,      /* size bytes at offset a plus k, where a guard cannot
			  reach or which may wrap; bound to a step */
	NODE_LIST,     /* the list k; only what COND_MEMBER compares with */
	NODE_RANDOM,   /* a new number each time; bound to a step */
};

struct node {
	uint8_t kind; /* enum node_kind */
	uint8_t size; /* 1, 2 or 4 */
	uint8_t op;
	uint32_t k;
	int a, b;
	uint32_t most; /* the value is at most that, whatever the packet; the
			  verifier can see it too */
	uint32_t bits; /* which may be 1; the verifier can see that too */
	int origin;    /* classic instruction, NONE if there is none */
	int next;      /* in the hash chain */
};

/* Beside BPF_JEQ and the like: the value is a member of the list. If that is of
 * IPv6, the value is the offset of the address in the packet. A run that does
 * not find all of it there ends without a match; a file's, if the words that
 * are there may be of a member, as the words are compared in their order. */
#define COND_MEMBER 0xf0

/* A phi's value by the block that leads here. */
struct phi_choice {
	int phi;
	int from;
	int value;
};

enum step_kind {
	STEP_GUARD,   /* bytes up to end after pointer node are there */
	STEP_NONZERO, /* node is not 0 */
	STEP_FAR,     /* the load node, if its bytes are there */
	STEP_RANDOM,  /* compute node */
};

struct step {
	uint8_t kind; /* enum step_kind */
	int node;
	uint32_t end;
	int origin;
};

enum end_kind {
	END_RETURN, /* a */
	END_JUMP,   /* to[0] */
	END_BRANCH, /* a cond b ? to[0] : to[1] */
	END_SWITCH, /* the choice whose range holds a, else to[1] */
};

/* One range of a switch, both ends included. */
struct choice {
	uint32_t low, high;
	int to;
};

struct block {
	struct step *steps;
	size_t step_count, step_capacity;
	struct phi_choice *phis;
	size_t phi_count, phi_capacity;
	uint8_t end;  /* enum end_kind */
	uint8_t cond; /* BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET */
	int a, b;
	int to[2];
	struct choice *choices; /* sorted, without overlap */
	size_t choice_count;
	int origin; /* classic instruction of the end */

	/* What graph_analyse() finds: */
	int order;     /* place among graph->order, NONE: not reached */
	int dominator; /* the nearest, NONE for the first */
	int depth;     /* in the tree of dominators */
	int preds;     /* edges that lead here */
	int pred;      /* the last of them */
};

/*
 * Whose rules where interpreters of classic BPF differ. The kernel shifts by
 * the low five bits of X, and lets X + k wrap; libpcap, which judges packets
 * from files for tcpdump, shifts everything out from 32 on, and finds no packet
 * at a sum that wraps.
 */
enum rules {
	RULES_KERNEL,
	RULES_FILE,
};

struct graph {
	struct node *nodes;
	size_t node_count, node_capacity;
	struct block *blocks; /* the first is where the run begins */
	size_t block_count, block_capacity;
	int *order; /* blocks that are reached, each after all before it */
	size_t order_count;
	const struct list *lists; /* borrowed */
	uint8_t rules;		  /* enum rules */
	bool portable;		  /* the eBPF is for kernels before 6.3, too */
	bool sharing; /* equal values are one value, constants are folded */
	bool failed;  /* memory ran out */
	int *buckets; /* of the hash table of values */
	size_t bucket_count;
};

struct graph *graph_new(bool sharing, enum rules rules);
void graph_free(struct graph *graph);

/* ---- Values; each returns the value's number ---- */

int graph_constant(struct graph *graph, uint32_t k);
int graph_alu(struct graph *graph, uint8_t op, int a, int b, int origin);
int graph_load(struct graph *graph, uint8_t size, int pointer, uint32_t k,
	       int origin);
/* Any node as it is given; `most` is worked out here. */
int graph_node(struct graph *graph, struct node node);

static inline struct node *graph_at(const struct graph *graph, int value)
{
	return &graph->nodes[value];
}

static inline bool graph_is_constant(const struct graph *graph, int value)
{
	return value != NONE && graph->nodes[value].kind == NODE_CONSTANT;
}

/* ---- Blocks ---- */

/* A new block that ends with `return 0`; NONE when memory ran out. */
int graph_block(struct graph *graph);
void graph_step(struct graph *graph, int block, struct step step);
void graph_phi(struct graph *graph, int block, struct phi_choice choice);

/* The value that @phi has when @block is reached from @from; NONE if none. */
int graph_phi_value(const struct graph *graph, int block, int phi, int from);

/* Where a block may go: how many ways, and the way @n. */
size_t graph_ways(const struct block *block);
int graph_way(const struct block *block, size_t n);
void graph_way_set(struct block *block, size_t n, int to);

/* Find order, dominators and edges anew. Call after changing edges. */
void graph_analyse(struct graph *graph);

/* Does @a lie on every way to @b? */
bool graph_dominates(const struct graph *graph, int a, int b);

/* a op b, and a cond b. b is not 0 where op divides. */
uint32_t graph_compute(enum rules rules, uint8_t op, uint32_t a, uint32_t b);
bool graph_compare(uint8_t cond, uint32_t a, uint32_t b);

#endif
