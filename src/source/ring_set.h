/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rings, one a CPU, behind an array of maps: the kernel finds its own by the
 * number of the CPU.
 */
#ifndef BSNIFF_SOURCE_RING_SET_H
#define BSNIFF_SOURCE_RING_SET_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>

#include "src/source/ring.h"

struct ring_set {
	int outer; /* the array of maps; 0: none */
	struct ring *rings;
	size_t count;  /* that are there; after ring_set_wait(): wanted */
	size_t wanted; /* 0: never begun */
	size_t size;
	const char *name;
	pthread_t maker;
	bool making;
	sem_t made;
	int error;
};

/*
 * Begin to make @count rings of @size bytes each (2^n pages); programs can be
 * loaded with set->outer at once. A thread does it: their pages are made and
 * mapped, and to put them into the array waits for an RCU grace period. 0, or a
 * negative errno; ring_set_destroy() follows in either case.
 */
int ring_set_begin(struct ring_set *set, const char *name, size_t count,
		   size_t size);

/* Wait until each ring is in its place: 0, or a negative errno. A set that was
 * not begun has none. */
int ring_set_wait(struct ring_set *set);
void ring_set_destroy(struct ring_set *set);

#endif
