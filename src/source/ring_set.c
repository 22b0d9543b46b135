/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/ring_set.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "src/base/cleanup.h"

int ring_set_open(struct ring_set *set, const char *name, size_t count)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);
	_cleanup_close_ int model =
		bpf_map_create(BPF_MAP_TYPE_RINGBUF, name, 0, 0,
			       (uint32_t)sysconf(_SC_PAGESIZE), NULL);

	if (model < 0)
		return -errno;
	set->rings = calloc(count, sizeof(*set->rings));
	if (!set->rings)
		return -ENOMEM;
	set->wanted = count;
	options.inner_map_fd = (uint32_t)model;
	set->outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, name, 4, 4,
				    (uint32_t)count, &options);
	return set->outer < 0 ? -errno : 0;
}

int ring_set_make(struct ring_set *set, const char *name, size_t size)
{
	for (; set->count < set->wanted; set->count++) {
		int error = ring_create(&set->rings[set->count], name, size);

		if (error)
			return error;
	}
	return 0;
}

void ring_set_destroy(struct ring_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		ring_destroy(&set->rings[i]);
	free(set->rings);
	if (set->outer > 0)
		close(set->outer);
}

void ring_set_fill(const struct ring_set *set)
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

int ring_set_wait(const struct ring_set *set)
{
	uint32_t last = (uint32_t)set->count - 1, id;

	if (!set->count)
		return 0;
	for (int i = 0; i < 200000; i++) {
		if (!bpf_map_lookup_elem(set->outer, &last, &id) && id)
			return 0;
		sched_yield();
	}
	return -EIO;
}
