/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the bench: what the kernel makes of classic BPF.
 */
#ifndef BSNIFF_TESTS_FILTER_CONVERT_H
#define BSNIFF_TESTS_FILTER_CONVERT_H

#include "filters/classic.h"
#include "filters/emit.h"

/* The program for sched_cls with LD_ABS and LD_IND loads, otherwise as the
 * kernel's converter (bpf_convert_filter()) writes it. The caller's, for
 * program_free(). */
struct program convert_classic(const struct classic *classic);

/*
 * How many eBPF instructions the kernel's converter itself makes of it. It is
 * used for sockets (and with it for tcpdump), where it shows no program, but
 * charges the socket for what it takes: that is read back (SO_MEMINFO). 0 if it
 * is not to be had.
 */
uint32_t convert_count_kernel(const struct classic *classic);

#endif
