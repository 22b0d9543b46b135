/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the proof: programs as formulas of Z3. Words are bit vectors, of 32 bits
 * where nothing else is said; the packet is an array of bytes.
 *
 * Both kinds of program are run symbolically in the same way: each instruction
 * is met once a pass with the condition under which it is reached, and states
 * are joined where ways meet. A jump back begins another pass: the eBPF has
 * one, to the second round over the copy; a classic program with protochain has
 * as many as the compiler follows (SSA_TURNS), and what goes on beyond does not
 * match.
 */
#ifndef BSNIFF_TESTS_PROVE_MODEL_H
#define BSNIFF_TESTS_PROVE_MODEL_H

#include <z3.h>

#include "filters/classic.h"
#include "filters/emit.h"

#define NETWORK_OFFSET 14

/* The frame pointer, among offsets in the stack; all are then positive. */
#define FRAME 4096

extern Z3_context z3;
extern Z3_ast packet;  /* array: offset to byte */
extern Z3_ast garbage; /* array: what the stack held before */
extern Z3_ast length;
extern Z3_ast linear;		/* 64 bits: bytes at data */
extern Z3_ast metadata[64 / 4]; /* by extension */
extern Z3_ast chance;		/* what the random helper says */

/* A new context in z3, for Z3_del_context(), and all of the above anew. */
void begin_context(void);

Z3_ast number(uint64_t value, unsigned int bits);
Z3_ast variable(const char *name, unsigned int bits);
Z3_ast both(Z3_ast a, Z3_ast b);
Z3_ast either(Z3_ast a, Z3_ast b);
Z3_ast choose(Z3_ast condition, Z3_ast a, Z3_ast b);
Z3_ast low32(Z3_ast value);
Z3_ast wide(Z3_ast value);
/* @size bytes of @array from @offset (32 bits), the first weighs most; 32 bits.
 */
Z3_ast bytes_of(Z3_ast array, Z3_ast offset, unsigned int size);

Z3_ast big_endian(Z3_ast offset, unsigned int size);
/* The low @size bytes of a 32-bit word, turned around. */
Z3_ast turned(Z3_ast value, unsigned int size);

Z3_ast compute(uint8_t op, Z3_ast a, Z3_ast b);
Z3_ast compare(uint8_t op, Z3_ast a, Z3_ast b);
/* Are @size bytes at the plain @offset (32 bits) there? */
Z3_ast is_there(Z3_ast offset, unsigned int size);

struct outcome {
	Z3_ast value;	/* so far; what is left returns 0 */
	Z3_ast endless; /* when it does not end; NULL: never */
};

/* A run that is here under @reached returns @value. */
void finish(struct outcome *outcome, Z3_ast reached, Z3_ast value);

/* What the program returns. */
Z3_ast run_classic(const struct classic *program);

/* The same; NULL: something that this model does not know. @endless: when it
 * goes round without end. */
Z3_ast run_ebpf(const struct program *program, Z3_ast *endless);

#endif
