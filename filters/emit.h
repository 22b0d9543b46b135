/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The graph as eBPF. One body for both back ends: r7 is the packet's first
 * byte (or some bytes behind it, see emit_window.h), r8 the end of the bytes
 * that may be read directly. What differs is how they come about, and what
 * follows when a guard finds too few bytes; see emit_tc.c and emit_socket.c.
 *
 * Other registers: a program that calls no helper but for the copy leaves the
 * context in r1 and keeps in r0 what the TC back end must know, computes with
 * r4 and r5, and holds values in r2, r3, r9 and r6. One that calls keeps the
 * context in r6 and that other word in r9, computes with r0 and r1, and holds
 * values in r2 to r5. Further values are on the stack.
 *
 * Stack (at most 256 bytes, the tap has the rest), from the frame pointer
 * down: scratch (8) and values, if there are any; the copy.
 */
#ifndef BSNIFF_FILTERS_EMIT_H
#define BSNIFF_FILTERS_EMIT_H

#include <linux/bpf.h>

#include "filters/filter.h"
#include "filters/lower.h"

enum {
	EMIT_START = BPF_REG_7,
	EMIT_END = BPF_REG_8,
	EMIT_SCRATCH_SLOT = -8,
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

/* How a guard that finds too few bytes gets the others. */
enum emit_fallback {
	FALLBACK_NONE,	  /* it does not: there are no others, or no guards */
	FALLBACK_FORWARD, /* the only guard copies what it wants, and goes on */
	FALLBACK_RESTART, /* copy all that is wanted, and begin anew */
};

struct emitter {
	const struct graph *graph;
	struct lowered lowered;
	struct program *out;
	struct jump *jumps;
	size_t jump_count, jump_capacity;
	int *block_at;	 /* by block: where its code begins */
	int label_at[8]; /* by minus the label */
	int context;	 /* register of the context */
	int flag;	/* register, with FALLBACK_RESTART: the packet's length,
			   0 once there is the copy */
	int scratch[2]; /* registers to compute with */
	bool calls;	/* helpers, beside the copy */
	bool portable;	/* to kernels before 6.3, too */
	bool paged;	/* for tests: treat no byte as linear */
	enum emit_fallback fallback;
	size_t begin_at; /* the line before which the packet is looked for */
	int least_bytes; /* a guard that fails for a shorter packet is right */
	int copy_bytes;	 /* bytes that guards vouch for at most */
	int copy_shift;	 /* the copy begins that far above a multiple of 4, so
			    that most loads from it are aligned */
	int key_at;	 /* 24 bytes for the key of a lookup, if one wants so
			    many, from the frame pointer */
	int copy_at;	 /* where it begins, from the frame pointer */
	struct bias *biases; /* see emit_window.h */
	size_t bias_count, bias_capacity;
	bool *reached; /* by block, for a walk */
	int origin;    /* classic instruction being translated */
	const char *what;
	bool failed;
	const char *refused; /* static text: what cannot be translated */
	char refused_text[64];
};

struct emit_backend {
	enum emit_fallback fallback; /* the most it can do */
	/* Before the first instruction; may be NULL. */
	void (*enter)(struct emitter *e);
	/* Before the first line that wants the packet's bytes. */
	void (*begin)(struct emitter *e);
	/* After the last line: what LABEL_SHORT stands for. What comes next is
	 * LABEL_REJECT. */
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

#endif
