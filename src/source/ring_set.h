/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rings, one a CPU, behind an array of maps: the kernel finds its own by the
 * number of the CPU.
 */
#ifndef BSNIFF_SOURCE_RING_SET_H
#define BSNIFF_SOURCE_RING_SET_H

#include <stddef.h>

#include "src/source/ring.h"

struct ring_set {
	int outer; /* the array of maps; 0: none */
	struct ring *rings;
	size_t count;  /* that are there */
	size_t wanted; /* and will be */
};

/* The array, for @count rings, so that programs can be loaded with it. 0 or a
 * negative errno; what was made is for ring_set_destroy() in either case. */
int ring_set_open(struct ring_set *set, const char *name, size_t count);

/* The rings, of @size bytes each (2^n pages); not in the array yet. That takes
 * milliseconds, for all their pages are made and mapped. As ring_set_open(). */
int ring_set_make(struct ring_set *set, const char *name, size_t size);
void ring_set_destroy(struct ring_set *set);

/*
 * Put the rings into the array. That is visible at once, but the call comes
 * back only after an RCU grace period, some 10 ms later: so a thread sits that
 * out, and ring_set_wait() looks whether the last ring is in its place (0, or
 * -EIO if it never gets there).
 */
void ring_set_fill(const struct ring_set *set);
int ring_set_wait(const struct ring_set *set);

#endif
