/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/ring_set.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "src/base/cleanup.h"

/* The array, with a model of what it holds. */
static int make_outer(struct ring_set *set)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);
	_cleanup_close_ int model =
		bpf_map_create(BPF_MAP_TYPE_RINGBUF, set->name, 0, 0,
			       (uint32_t)sysconf(_SC_PAGESIZE), NULL);

	if (model < 0)
		return -errno;
	options.inner_map_fd = (uint32_t)model;
	set->outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, set->name, 4, 4,
				    (uint32_t)set->wanted, &options);
	return set->outer < 0 ? -errno : 0;
}

/* Put the rings into the array. They are there at once, but the call comes back
 * only after an RCU grace period, some 10 ms later. */
static void fill(const struct ring_set *set)
{
	_cleanup_free_ uint32_t *keys = calloc(set->count + 1, sizeof(*keys));
	_cleanup_free_ uint32_t *fds = calloc(set->count + 1, sizeof(*fds));
	uint32_t count = (uint32_t)set->count;

	if (!keys || !fds)
		return;
	for (uint32_t i = 0; i < count; i++) {
		keys[i] = i;
		fds[i] = (uint32_t)set->rings[i].fd;
	}
	/* Before Linux 5.16 there is no batch for arrays of maps. */
	if (!count ||
	    !bpf_map_update_batch(set->outer, keys, fds, &count, NULL))
		return;
	for (uint32_t i = 0; i < set->count; i++)
		bpf_map_update_elem(set->outer, &keys[i], &fds[i], 0);
}

static void *make(void *argument)
{
	struct ring_set *set = argument;

	while (set->count < set->wanted && !set->error) {
		set->error = ring_create(&set->rings[set->count], set->name,
					 set->size);
		set->count += !set->error;
	}
	sem_post(&set->made);
	if (!set->error)
		fill(set);
	return NULL;
}

int ring_set_begin(struct ring_set *set, const char *name, size_t count,
		   size_t size)
{
	int error;

	set->rings = calloc(count, sizeof(*set->rings));
	if (!set->rings)
		return -ENOMEM;
	set->name = name;
	set->wanted = count;
	set->size = size;
	sem_init(&set->made, 0, 0);
	error = make_outer(set);
	if (!error)
		error = -pthread_create(&set->maker, NULL, make, set);
	set->making = !error;
	return error;
}

int ring_set_wait(struct ring_set *set)
{
	uint32_t last = (uint32_t)set->wanted - 1, id;

	if (!set->making)
		return 0;
	while (sem_wait(&set->made))
		;
	if (set->error)
		return set->error;
	for (int i = 0; i < 200000; i++) {
		if (!bpf_map_lookup_elem(set->outer, &last, &id) && id)
			return 0;
		sched_yield();
	}
	return -EIO;
}

void ring_set_destroy(struct ring_set *set)
{
	if (set->making)
		pthread_join(set->maker, NULL);
	for (size_t i = 0; i < set->count; i++)
		ring_destroy(&set->rings[i]);
	free(set->rings);
	if (set->outer > 0)
		close(set->outer);
}
