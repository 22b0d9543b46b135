/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The graph as eBPF. One body for both back ends: r6 is the context, r7 the
 * packet's first byte, r8 the end of the bytes that may be read directly,
 * r0 and r1 are scratch, r2 to r5 and r9 hold values; further values are on the
 * stack. What differs is how r7 and r8 come about, and what follows when a
 * guard finds too few bytes; see emit_tc.c and emit_socket.c.
 *
 * Stack (at most 256 bytes, the tap has the rest), from the frame pointer
 * down: whether the copy was made (8), scratch (8), values, the copy.
 */
#ifndef BSNIFF_FILTERS_EMIT_H
#define BSNIFF_FILTERS_EMIT_H

#include <linux/bpf.h>

#include "filters/filter.h"
#include "filters/lower.h"

enum {
	EMIT_CONTEXT = BPF_REG_6,
	EMIT_START = BPF_REG_7,
	EMIT_END = BPF_REG_8,
	EMIT_SCRATCH = BPF_REG_0,
	EMIT_FLAG_SLOT = -8,
	EMIT_SCRATCH_SLOT = -16,
	EMIT_STACK = 256,
};

/* Where a jump goes: a block of the graph, or one of these. */
enum emit_label {
	LABEL_REJECT = -2, /* return 0 */
	LABEL_SHORT = -3,  /* a guard found too few bytes */
	LABEL_AGAIN = -4,  /* begin anew, with the copy */
};

/* What an instruction is for: a classic instruction, or a note. */
struct emit_note {
	int origin;
	const char *what; /* static text; NULL: the instruction itself */
};

/* An instruction that loads the address of a list's map, to be relocated. */
struct map_use {
	size_t at;
	int list;
};

struct program {
	struct bpf_insn *code;
	struct emit_note *notes;
	size_t length, capacity, note_capacity;
	struct map_use *maps;
	size_t map_count, map_capacity;
};

struct jump {
	size_t at;
	int to; /* block or enum emit_label */
};

struct emitter {
	const struct graph *graph;
	struct lowered lowered;
	struct program *out;
	struct jump *jumps;
	size_t jump_count, jump_capacity;
	int *block_at;	 /* by block: where its code begins */
	int label_at[8]; /* by minus the label */
	int copy_bytes;	 /* bytes that guards vouch for at most */
	int copy_shift;	 /* the copy begins that far above a multiple of 4, so
			    that most loads from it are aligned */
	int origin;	 /* classic instruction being translated */
	const char *what;
	bool failed;
	const char *refused; /* static text: what cannot be translated */
	char refused_text[64];
};

struct emit_backend {
	/* Before the first block. */
	void (*begin)(struct emitter *e);
	/* After the last one: what LABEL_SHORT stands for. */
	void (*finish)(struct emitter *e);
};

extern const struct emit_backend emit_tc;
extern const struct emit_backend emit_socket;

/* The program for the back end. 0, or a negative errno with a line in @error.
 * @graph must have been analysed. */
int emit_program(const struct graph *graph, enum filter_backend backend,
		 struct program *program, struct strbuf *error);
int emit_program_with(const struct graph *graph,
		      const struct emit_backend *backend,
		      struct program *program, struct strbuf *error);
void program_free(struct program *program);

/* ---- For the back ends ---- */

void emit(struct emitter *e, struct bpf_insn insn);
void emit_jump(struct emitter *e, struct bpf_insn insn, int to);
void emit_label(struct emitter *e, enum emit_label label);

/* Does any jump go there? */
bool emit_is_wanted(const struct emitter *e, enum emit_label label);

/* Copy the first bytes of the packet to the stack: at most copy_bytes, no more
 * than there are. r7 and r8 are then the copy. Clobbers r0 to r5. */
void emit_copy(struct emitter *e);

#endif
