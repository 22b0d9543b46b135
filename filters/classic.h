/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic BPF programs: their text, and the rules by which the kernel takes
 * one (bpf_check_classic and check_load_and_stores in net/core/filter.c).
 */
#ifndef BSNIFF_FILTERS_CLASSIC_H
#define BSNIFF_FILTERS_CLASSIC_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/filter.h>

#include "src/base/strbuf.h"

/* Longest program taken. The kernel's limit is BPF_MAXINSNS (4096); libpcap
 * writes longer ones for long lists, and files need not ask the kernel. */
#define CLASSIC_LONGEST 65536

struct classic {
	struct sock_filter *code;
	size_t length;
};

void classic_free(struct classic *program);

/* @program becomes a copy of @length instructions at @code (struct bpf_insn
 * of libpcap has the same shape). 0 or -ENOMEM. */
int classic_copy(struct classic *program, const void *code, size_t length);

/*
 * From the text that `tcpdump -ddd` prints: the number of instructions, then
 * `code jt jf k` in decimal for each, separated by white space or commas. The
 * program is not checked yet. 0 or a negative errno with a line in @error.
 */
int classic_parse(struct classic *program, const char *text,
		  struct strbuf *error);

/*
 * Would the kernel take it? One difference: a jump back (an unconditional one
 * with a negative k, which is how libpcap writes `protochain`) is let through;
 * the graph unrolls it. 0, or -EINVAL with a line in @error.
 */
int classic_check(const struct classic *program, struct strbuf *error);

/* Where the instruction @at may go: targets in @to, their number returned (0
 * after a return). */
unsigned int classic_next(const struct classic *program, size_t at,
			  size_t to[2]);

/* Is it a jump back? */
bool classic_is_loop(const struct sock_filter *insn);

/* The extension (SKF_AD_...) that a load at @k asks for, or -1: it is a load
 * from the packet. As in bpf_anc_helper(). */
int classic_extension(const struct sock_filter *insn);

#endif
