/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes that may be read: pointers, guards and the copy.
 *
 * A guard adds to a pointer what must be there behind it and compares with the
 * end. If nobody wants the pointer as it was, it stays there, and loads go back
 * from it (two instructions instead of three): it has a bias.
 */
#ifndef BSNIFF_FILTERS_EMIT_WINDOW_H
#define BSNIFF_FILTERS_EMIT_WINDOW_H

#include "filters/emit.h"

/* The virtual register (NONE: r7) is that far behind what it stands for, from
 * @block on and in all blocks that it dominates. */
struct bias {
	int reg;
	int block;
	int by;
};

/* Registers, fallback and place for the copy: before and after values have been
 * given their places. -E2BIG if the stack is too small. */
void emit_plan(struct emitter *e, const struct emit_backend *backend);
int emit_plan_stack(struct emitter *e);

int emit_bias(const struct emitter *e, int reg, int block);
void emit_set_bias(struct emitter *e, int reg, int block, int by);

void emit_guard(struct emitter *e, const struct line *line);

/* In how many bytes at a time can the load @node be read from the stack, where
 * the verifier wants alignment? Its size, or less; 4 for other nodes. */
uint8_t emit_piece(const struct emitter *e, const struct node *node);

/* r7 and r8 become the copy of @length's bytes (a register; clobbered if it is
 * r4), no more than copy_bytes, which is made by a call: r0 is 0 if all went
 * well. Clobbers r1 to r5. */
void emit_copy(struct emitter *e, int length);

#endif
