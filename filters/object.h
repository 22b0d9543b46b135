/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program as a relocatable ELF object that bpf_linker takes: .text with
 * the global function, its BTF, and lines that name the classic instruction
 * behind each eBPF instruction, so that the verifier's log speaks classic BPF.
 */
#ifndef BSNIFF_FILTERS_OBJECT_H
#define BSNIFF_FILTERS_OBJECT_H

#include "filters/classic.h"
#include "filters/emit.h"
#include "filters/filter.h"

/* 0, or a negative errno; the object is the caller's. Lists that are too long
 * for code (@graph has them) come as maps in .maps, to be filled after load. */
int object_write(const struct graph *graph, const struct program *program,
		 const struct classic *classic, struct filter_object *object);

#endif
