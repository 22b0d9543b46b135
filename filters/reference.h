/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What classic BPF means, one instruction at a time: the plain interpreter
 * that everything else is compared with. It follows the kernel (the loads of
 * net/core/filter.c, ALU32 for arithmetic), or libpcap where enum rules says
 * that they differ.
 */
#ifndef BSNIFF_FILTERS_REFERENCE_H
#define BSNIFF_FILTERS_REFERENCE_H

#include "filters/classic.h"
#include "filters/graph.h"
#include "filters/lists.h"

/* A packet and what the kernel knows beside it. */
struct reference_packet {
	enum rules rules;
	const uint8_t *data;
	uint32_t caplen;	 /* bytes at data */
	uint32_t length;	 /* what `len` is */
	uint32_t network_offset; /* of the network header, for SKF_NET_OFF */
	uint32_t linear;	 /* bytes not in pages, which is as far as
				    offsets from headers reach; 0: all */
	uint32_t link_before;	 /* bytes before data where the link header
				    begins, for SKF_LL_OFF */
	bool *too_deep; /* set when the jumps back ran out; may be NULL */
	/* Called before each instruction, unless NULL. */
	void (*watch)(void *context, size_t at, uint32_t a, uint32_t x);
	void *context;
	const struct list *lists;      /* behind the marks at sites */
	const struct list_site *sites; /* by instruction; NULL: none */
	const uint32_t *metadata; /* by extension / 4, SKF_AD_MAX / 4 of them;
				     NULL: there is none, and loads fail */
};

/*
 * What the program returns, 0 where a load is out of bounds or a divisor 0.
 * The program passed classic_check(). @visited, unless NULL, gets a true for
 * each instruction that was run. Jumps back are followed @turns times in all.
 */
uint32_t reference_run(const struct classic *program,
		       const struct reference_packet *packet,
		       unsigned int turns, bool *visited);

#endif
