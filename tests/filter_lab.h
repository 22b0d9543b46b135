/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the tests of the filter compiler: random packets and random classic
 * programs from a seed, and programs in the kernel under BPF_PROG_TEST_RUN.
 */
#ifndef BSNIFF_TESTS_FILTER_LAB_H
#define BSNIFF_TESTS_FILTER_LAB_H

#include "filters/classic.h"
#include "filters/emit.h"
#include "filters/reference.h"

/* ---- Chance: from a generator, or from a fuzzer's bytes ---- */

struct chance {
	uint64_t state;
	const uint8_t *bytes; /* used first, then the generator */
	size_t left;
};

uint32_t chance_u32(struct chance *chance);
/* 0 to n - 1. */
uint32_t chance_below(struct chance *chance, uint32_t n);

/* ---- Packets and programs ---- */

#define LAB_PACKET_BYTES 1500

struct lab_packet {
	uint8_t data[LAB_PACKET_BYTES];
	uint32_t length;
	uint32_t linear; /* for LAB_FRAGS: bytes that are not in pages */
};

/*
 * An Ethernet frame that everyday filters care about, of any length down to
 * one byte, with random damage. Constants of @program (may be NULL) turn up in
 * its fields, so that comparisons also succeed.
 */
void lab_make_packet(struct lab_packet *packet, struct chance *chance,
		     const struct classic *program);

/* A random program that classic_check() takes, of at most @longest
 * instructions. 0 or -ENOMEM. */
int lab_make_program(struct classic *program, struct chance *chance,
		     size_t longest);

/* ---- In the kernel ---- */

#define LAB_MARK 0x12345678 /* of each packet */

enum lab_hook {
	LAB_TC,	    /* all of the packet linear */
	LAB_PAGED,  /* TC, none of it linear */
	LAB_SOCKET, /* the packet begins behind 14 bytes that are gone */
	LAB_HOOKS,
	LAB_FRAGS, /* only lab_expect(): on its way out (filter_frags.h), with
		      lab_packet.linear */
};

/* Compile (with the optimiser or without) and load. The program's descriptor,
 * or a negative errno with words in @error. */
int lab_load(const struct classic *program, enum lab_hook hook, bool optimised,
	     struct strbuf *error);

/* Run it over a packet: what it returns, in @verdict. 0 or a negative errno.
 * At TC, packets have 15 bytes or more; the kernel makes no shorter ones. */
int lab_run(int fd, enum lab_hook hook, const struct lab_packet *packet,
	    uint32_t *verdict);

/* What the reference says, given what the test run knows beside the packet. */
uint32_t lab_expect(const struct classic *program, enum lab_hook hook,
		    const struct lab_packet *packet);

#endif
