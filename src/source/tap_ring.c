/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap_ring.h"

/* Older kernels have no elements of more than KMALLOC_MAX_SIZE, 4 MiB. */
enum { CHUNK_MOST = 2 << 20 };

size_t tap_ring_room(size_t length)
{
	return (length + sizeof(struct tap_ring_header) + 7) & ~(size_t)7;
}

struct tap_ring_layout tap_ring_lay_out(size_t size, size_t most)
{
	struct tap_ring_layout layout = {.chunk = size, .chunks = 1};

	while (layout.chunk > CHUNK_MOST) {
		layout.chunk /= 2;
		layout.chunks *= 2;
	}
	while ((size_t)1 << layout.shift < layout.chunk)
		layout.shift++;
	layout.value = layout.chunk + tap_ring_room(most);
	return layout;
}

static const struct tap_ring_header *header_at(const struct tap_ring *ring)
{
	size_t chunk = ring->position / ring->chunk & (ring->chunks - 1);

	return (const void *)(ring->data + chunk * ring->stride +
			      (ring->position & (ring->chunk - 1)));
}

const void *tap_ring_peek(struct tap_ring *ring, size_t *length)
{
	const struct tap_ring_header *header;

	/* The kernel's count is looked at only when there seems to be nothing:
	 * a look takes its cache line away from the kernel. */
	if (ring->position == ring->end && !tap_ring_used(ring))
		return NULL;
	header = header_at(ring);
	*length = header->length;
	return header + 1;
}

void tap_ring_next(struct tap_ring *ring)
{
	ring->position += tap_ring_room(header_at(ring)->length);
}

void tap_ring_release(struct tap_ring *ring)
{
	if (*ring->given_back != ring->position)
		__atomic_store_n(ring->given_back, ring->position,
				 __ATOMIC_RELEASE);
}
