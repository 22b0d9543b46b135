/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/ring.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

int ring_create(struct ring *ring, const char *name, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *consumer, *producer;

	*ring = (struct ring){.fd = -1, .size = size};
	ring->fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, name, 0, 0,
				  (uint32_t)size, NULL);
	if (ring->fd < 0)
		return -errno;
	consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED,
			ring->fd, 0);
	if (consumer == MAP_FAILED)
		goto failed;
	ring->consumer = consumer;
	producer = mmap(NULL, page + 2 * size, PROT_READ, MAP_SHARED, ring->fd,
			(off_t)page);
	if (producer == MAP_FAILED)
		goto failed;
	ring->producer = producer;
	ring->data = (const uint8_t *)producer + page;
	return 0;
failed:
	ring_destroy(ring);
	return -ENOMEM;
}

void ring_destroy(struct ring *ring)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (ring->consumer)
		munmap((void *)ring->consumer, page);
	if (ring->producer)
		munmap((void *)ring->producer, page + 2 * ring->size);
	if (ring->fd >= 0)
		close(ring->fd);
	*ring = (struct ring){.fd = -1};
}

static size_t padded(uint32_t length)
{
	length &= ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
	return ((size_t)length + BPF_RINGBUF_HDR_SZ + 7) & ~(size_t)7;
}

static const uint32_t *header_at(const struct ring *ring)
{
	return (const uint32_t *)(const void *)(ring->data +
						(ring->position &
						 (ring->size - 1)));
}

const void *ring_peek(struct ring *ring, size_t *length)
{
	while (ring_used(ring)) {
		const uint32_t *header = header_at(ring);
		uint32_t word = __atomic_load_n(header, __ATOMIC_ACQUIRE);

		if (word & BPF_RINGBUF_BUSY_BIT)
			return NULL;
		if (!(word & BPF_RINGBUF_DISCARD_BIT)) {
			*length = word;
			return (const uint8_t *)header + BPF_RINGBUF_HDR_SZ;
		}
		ring->position += padded(word);
	}
	return NULL;
}

void ring_next(struct ring *ring)
{
	ring->position += padded(*header_at(ring));
}

void ring_release(struct ring *ring)
{
	if (*ring->consumer != ring->position)
		__atomic_store_n(ring->consumer, ring->position,
				 __ATOMIC_RELEASE);
}
