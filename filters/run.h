/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The optimised graph on this host, for packets from files: a row of small
 * instructions over registers, one dispatch each (some 1 to 2 ns).
 */
#ifndef BSNIFF_FILTERS_RUN_H
#define BSNIFF_FILTERS_RUN_H

#include "filters/graph.h"
#include "src/base/frame.h"

struct run_program;

/* NULL when memory ran out, or when the program is too large for this form
 * (more than 65535 values at work). The graph is not needed afterwards, its
 * lists are. */
struct run_program *run_compile(const struct graph *graph);
void run_free(struct run_program *program);

/* What the program returns. Metadata does not exist in files: what asks for it
 * does not match. */
uint32_t run_frame(const struct run_program *program,
		   const struct frame *frame);

#endif
