/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Programs in words, for --explain.
 */
#ifndef BSNIFF_FILTERS_EXPLAIN_H
#define BSNIFF_FILTERS_EXPLAIN_H

#include "filters/classic.h"
#include "filters/emit.h"
#include "filters/parts.h"
#include "filters/reference.h"
#include "filters/trace.h"

/* One eBPF instruction as kernel documentation writes it, without newline. */
void explain_put_insn(const struct bpf_insn *insn, size_t at,
		      struct strbuf *out);

/* What is known of a filter's classic program. Borrowed. */
struct explain_view {
	const struct classic *classic;
	const struct parts *parts;     /* NULL: not known */
	const struct trace *trace;     /* NULL: nothing was traced */
	const struct list_site *sites; /* by instruction; NULL: no lists */
};

/* The classic program: whose each instruction is, and where its eBPF is. */
void explain_put_classic(const struct explain_view *view,
			 const struct program *program, struct strbuf *out);

/* The eBPF, and beside it whose it is and what for: a classic instruction, a
 * guard, or what the hook needs. */
void explain_put_program(const struct explain_view *view,
			 const struct program *program, struct strbuf *out);

/* The graph: blocks, their guards, their tests. */
void explain_put_graph(const struct graph *graph, struct strbuf *out);

/* The tests that @packet met in the classic program, and which one decided.
 * Jumps back are followed @turns times. */
void explain_put_run(const struct explain_view *view,
		     const struct reference_packet *packet, unsigned int turns,
		     struct strbuf *out);

#endif
