/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/ring_set.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>

static int make(struct ring_set *set)
{
	LIBBPF_OPTS(bpf_map_create_opts, options,
		    .map_flags = BPF_F_MMAPABLE);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t entries = set->count * set->layout.chunks;
	void *data;

	set->fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, set->name, 4,
				 (uint32_t)set->layout.value,
				 (uint32_t)entries, &options);
	if (set->fd < 0)
		return -errno;
	set->length =
		(entries * set->layout.value + page - 1) & ~(page - 1);
	data = mmap(NULL, set->length, PROT_READ | PROT_WRITE, MAP_SHARED,
		    set->fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	set->data = data;
	return 0;
}

static void *make_thread(void *argument)
{
	struct ring_set *set = argument;

	set->error = make(set);
	return NULL;
}

int ring_set_begin(struct ring_set *set, const char *name, size_t count,
		   size_t size, size_t most)
{
	int error;

	set->fd = -1;
	set->name = name;
	set->layout = tap_ring_lay_out(size, most);
	set->rings = calloc(count, sizeof(*set->rings));
	if (!set->rings)
		return -ENOMEM;
	set->count = count;
	error = pthread_create(&set->maker, NULL, make_thread, set);
	set->making = !error;
	return -error;
}

int ring_set_wait(struct ring_set *set)
{
	if (set->making)
		pthread_join(set->maker, NULL);
	set->making = false;
	return set->error;
}

void ring_set_place(struct ring_set *set, struct tap_counters *counters,
		    enum tap_ring_kind kind)
{
	const struct tap_ring_layout *layout = &set->layout;

	for (size_t i = 0; i < set->count; i++)
		set->rings[i] = (struct tap_ring){
			.data = (const uint8_t *)set->data +
				i * layout->chunks * layout->value,
			.shift = layout->shift,
			.chunks = layout->chunks,
			.stride = layout->value,
			.written = (const uint64_t *)&counters[i].written[kind],
			.given_back = (uint64_t *)&counters[i].read[kind],
		};
}

void ring_set_free(struct ring_set *set)
{
	ring_set_wait(set);
	if (set->data)
		munmap(set->data, set->length);
	if (set->count && set->fd >= 0)
		close(set->fd);
	free(set->rings);
}
