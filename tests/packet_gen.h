/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ethernet frames by chance, for tests that compare two readings of the same
 * bytes: every header that bpf/headers.h reads, few enough addresses that flows
 * come again, and now and then a frame that is cut off or spoiled.
 */
#ifndef BSNIFF_TESTS_PACKET_GEN_H
#define BSNIFF_TESTS_PACKET_GEN_H

#include <stddef.h>
#include <stdint.h>

enum { PACKET_GEN_MAX = 2048 };

struct packet_gen {
	uint64_t state; /* seed; not 0 */
	uint8_t frame[PACKET_GEN_MAX];
	size_t length;
	uint32_t sequence[16]; /* so that TCP payload often follows on */
};

/* 0 to @below - 1. */
uint32_t packet_gen_random(struct packet_gen *gen, uint32_t below);

/* The next frame, of at least 15 bytes, into gen->frame and gen->length. */
void packet_gen_next(struct packet_gen *gen);

#endif
