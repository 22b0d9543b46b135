/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tap's rings of one kind, one a CPU: the map that is their memory.
 */
#ifndef BSNIFF_SOURCE_RING_SET_H
#define BSNIFF_SOURCE_RING_SET_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "src/source/tap_ring.h"

struct ring_set {
	struct tap_ring_layout layout;
	const char *name;
	int fd; /* of the map, after ring_set_wait() */
	struct tap_ring *rings;
	size_t count; /* of them; 0: none are wanted */
	void *data;
	size_t length;
	pthread_t maker;
	bool making;
	int error;
};

/*
 * Begin to make the map @name for the rings of @count CPUs, @size bytes each
 * (2^n pages), for records of up to @most bytes. A thread does it, since all the
 * pages are made. 0, or a negative errno; ring_set_free() follows in either case.
 */
int ring_set_begin(struct ring_set *set, const char *name, size_t count,
		   size_t size, size_t most);

/* Wait for the map. 0, or a negative errno. A set that was not begun has none. */
int ring_set_wait(struct ring_set *set);

/* Have the rings lie in the map, their positions in @counters, one a CPU, which
 * are borrowed. */
void ring_set_place(struct ring_set *set, struct tap_counters *counters,
		    enum tap_ring_kind kind);
void ring_set_free(struct ring_set *set);

#endif
