/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Programs in words, for --explain.
 */
#ifndef BSNIFF_FILTERS_EXPLAIN_H
#define BSNIFF_FILTERS_EXPLAIN_H

#include "filters/classic.h"
#include "filters/emit.h"
#include "filters/reference.h"

/* One eBPF instruction as kernel documentation writes it, without newline. */
void explain_put_insn(const struct bpf_insn *insn, size_t at,
		      struct strbuf *out);

/* The eBPF, and beside it what each part is for: a classic instruction, a
 * guard, or what the hook needs. */
void explain_put_program(const struct program *program,
			 const struct classic *classic, struct strbuf *out);

/* The graph: blocks, their guards, their tests. */
void explain_put_graph(const struct graph *graph, struct strbuf *out);

/* The tests that @packet met in the classic program, and which one decided. */
void explain_put_run(const struct classic *classic,
		     const struct reference_packet *packet, struct strbuf *out);

#endif
