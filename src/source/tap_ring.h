/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading the tap's rings (bpf/tap_ring.h), without a system call a record.
 */
#ifndef BSNIFF_SOURCE_TAP_RING_H
#define BSNIFF_SOURCE_TAP_RING_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"

/* Of one CPU, of one kind. All that it points to is borrowed. */
struct tap_ring {
	const uint8_t *data;	/* of the first chunk */
	unsigned int shift;	/* log2 of a chunk's bytes */
	size_t chunks;		/* 2^n */
	size_t stride;		/* bytes from one to the next */
	const uint64_t *written; /* by the kernel: bytes, ever */
	uint64_t *given_back;	/* by us */
	uint64_t position;	/* of the next record; not given back yet */
	uint64_t end;		/* how far it is known to be written */
};

/* How the ring of a CPU is laid out, for the map and for the kernel's program. */
struct tap_ring_layout {
	size_t chunk;
	unsigned int shift; /* log2 of that */
	size_t chunks;
	size_t value; /* bytes of an element of the map: with the room behind */
};

/* Bytes that a record of @length takes in a ring. */
size_t tap_ring_room(size_t length);

/* A ring of @size bytes (2^n, at least a page) for records of up to @most. */
struct tap_ring_layout tap_ring_lay_out(size_t size, size_t most);

/* The next record and its length, or NULL: there is none. It stays valid until
 * tap_ring_release(). */
const void *tap_ring_peek(struct tap_ring *ring, size_t *length);

/* Pass the record that tap_ring_peek() gave. */
void tap_ring_next(struct tap_ring *ring);

/* Give the room of all that was passed back to the kernel. */
void tap_ring_release(struct tap_ring *ring);

/* Bytes not yet passed. */
static inline size_t tap_ring_used(struct tap_ring *ring)
{
	ring->end = __atomic_load_n(ring->written, __ATOMIC_ACQUIRE);
	return ring->end - ring->position;
}

static inline size_t tap_ring_size(const struct tap_ring *ring)
{
	return ring->chunks << ring->shift;
}

#endif
