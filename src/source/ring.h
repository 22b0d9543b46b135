/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading BPF ring buffers, one a CPU, without a system call a record.
 *
 * kernel/bpf/ringbuf.c: a page with the consumer's position, a page with the
 * producer's, then the data, mapped twice in a row so that no record is ever
 * split. A record is a header of 8 bytes (length with a busy and a discard
 * bit) and the data, rounded up to 8.
 */
#ifndef BSNIFF_SOURCE_RING_H
#define BSNIFF_SOURCE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	int fd;	     /* of the map; -1: none; owned */
	size_t size; /* bytes of data, 2^n */
	volatile unsigned long *consumer;
	const volatile unsigned long *producer;
	const uint8_t *data;
	unsigned long position; /* next to be read; written back in a batch */
};

/*
 * Make a ring of @size bytes (a power of two, whole pages) and map it.
 * @name is the name of the map. 0 or a negative errno.
 */
int ring_create(struct ring *ring, const char *name, size_t size);
void ring_destroy(struct ring *ring);

/*
 * The next record, or NULL: there is none, or it is still being written.
 * The bytes stay valid until ring_release().
 */
const void *ring_peek(struct ring *ring, size_t *length);

/* Pass the record that ring_peek() gave. */
void ring_next(struct ring *ring);

/* Give the room of all that was passed back to the kernel. */
void ring_release(struct ring *ring);

/* Bytes of data not yet passed. */
static inline size_t ring_used(const struct ring *ring)
{
	return __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE) -
	       ring->position;
}

#endif
