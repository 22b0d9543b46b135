/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap_ring.h"

/* Older kernels have no elements of more than KMALLOC_MAX_SIZE, 4 MiB. */
enum { CHUNK_MOST = 2 << 20 };

enum { AHEAD = 4 }; /* records */

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
	size_t chunk = ring->position >> ring->shift & (ring->chunks - 1);
	size_t at = ring->position & (((uint64_t)1 << ring->shift) - 1);

	return (const void *)(ring->data + chunk * ring->stride + at);
}

/*
 * What the kernel wrote lies in another CPU's cache, and where a record begins
 * is known when the one before has been read. Many are alike: so fetch what
 * would be the beginning of a later one, if those until there were as long as
 * this.
 */
static void fetch_ahead(const struct tap_ring_header *header)
{
	const char *guess =
		(const char *)header + AHEAD * tap_ring_room(header->length);

	__builtin_prefetch(guess);
	__builtin_prefetch(guess + sizeof(*header) + sizeof(struct tap_record));
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
	fetch_ahead(header);
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
