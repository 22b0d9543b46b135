/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the tests of the filter compiler: packets that the kernel really has in
 * pages. They are sent from the ring of a packet socket, whose pages become
 * fragments of the packet behind as many linear bytes as one likes, on `lo' in
 * a network namespace of our own; the filter stands at its egress.
 */
#ifndef BSNIFF_TESTS_FILTER_FRAGS_H
#define BSNIFF_TESTS_FILTER_FRAGS_H

#include "tests/filter_lab.h"

#define FRAGS_MOST 64 /* packets at once */

struct frags;

/* Moves this process into a new network namespace. 0 or a negative errno. */
int frags_open(struct frags **frags);
void frags_close(struct frags *frags); /* NULL is allowed */

/* Compile for TC, load, attach in place of the one before. 0, or a negative
 * errno and words in @error. */
int frags_load(struct frags *frags, const struct classic *program,
	       bool optimised, struct strbuf *error);

/* A packet (of 15 bytes or more), and what became of it. */
struct frags_packet {
	struct lab_packet packet; /* linear: 14 or more wanted; then: as many
				     as there were */
	uint32_t verdict; /* what the filter returned */
};

/* Send them. 0 or a negative errno. */
int frags_run(struct frags *frags, struct frags_packet *packets, size_t count);

#endif
