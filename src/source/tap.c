/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/membarrier.h>

#include "src/base/cleanup.h"
#include "src/source/tap_link.h"

/* By enum filter_backend. */
static const char *const PROGRAMS[] = {
	[FILTER_BACKEND_TC] = "tap_both",
	[FILTER_BACKEND_SOCKET] = "tap_socket",
};

/* One ring a CPU behind an array of maps. */
struct ring_set {
	int outer; /* the array of maps */
	struct ring *rings;
	size_t count;
};

/* A map that lives in this process's memory too. */
struct mapping {
	void *data;
	size_t length;
};

struct tap {
	struct bpf_object *object;
	enum filter_backend backend;
	uint32_t cpus;
	uint32_t slots;
	struct ring_set packets;
	struct ring_set deltas;
	const struct tap_options *options; /* while loading */
	pthread_t filler; /* makes the rings, puts them into their outer maps */
	bool filling;
	sem_t rings_made;
	int rings_error;
	pthread_t waiter; /* waits until the quiet half is quiet */
	bool flushing;
	bool quiet; /* atomic: set by the waiter */
	struct mapping control;
	struct mapping counters;
	struct mapping flows;
};

/* ---- Rings ---- */

static int ring_set_create(struct ring_set *set, const char *name, size_t count,
			   size_t size)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);
	int error;

	set->rings = calloc(count, sizeof(*set->rings));
	if (!set->rings)
		return -ENOMEM;
	for (; set->count < count; set->count++) {
		error = ring_create(&set->rings[set->count], name, size);
		if (error)
			return error;
	}
	options.inner_map_fd = (uint32_t)set->rings[0].fd;
	set->outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, name, 4, 4,
				    (uint32_t)count, &options);
	return set->outer < 0 ? -errno : 0;
}

static void ring_set_destroy(struct ring_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		ring_destroy(&set->rings[i]);
	free(set->rings);
	if (set->outer > 0)
		close(set->outer);
}

static void ring_set_fill(const struct ring_set *set)
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

/*
 * An update of an array of maps is visible at once, but the call comes back
 * only after an RCU grace period, some 10 ms later. So a thread sits that out,
 * and here we look whether the last ring is in its place.
 */
static int ring_set_wait(const struct ring_set *set)
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

static void *make_rings(void *argument)
{
	struct tap *tap = argument;
	int error = 0;

	if (tap->options->packet_ring)
		error = ring_set_create(&tap->packets, "bsniff_packets",
					tap->cpus, tap->options->packet_ring);
	if (!error && tap->options->delta_ring)
		error = ring_set_create(&tap->deltas, "bsniff_deltas",
					tap->cpus, tap->options->delta_ring);
	tap->rings_error = error;
	sem_post(&tap->rings_made);
	if (!error) {
		ring_set_fill(&tap->packets);
		ring_set_fill(&tap->deltas);
	}
	return NULL;
}

static int rings_begin(struct tap *tap)
{
	int error = pthread_create(&tap->filler, NULL, make_rings, tap);

	tap->filling = !error;
	return -error;
}

static int rings_wait_made(struct tap *tap, struct strbuf *error)
{
	while (sem_wait(&tap->rings_made))
		;
	if (tap->rings_error)
		strbuf_printf(error, "cannot make the rings: %s",
			      strerror(-tap->rings_error));
	return tap->rings_error;
}

/* ---- Loading ---- */

static int set_config(struct bpf_object *object,
		      const struct tap_config *config)
{
	struct bpf_map *map =
		bpf_object__find_map_by_name(object, ".rodata.config");

	if (!map)
		return -ENOENT;
	return bpf_map__set_initial_value(map, config, sizeof(*config));
}

static int set_size(struct bpf_object *object, const char *name, size_t entries)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	return map ? bpf_map__set_max_entries(map, (uint32_t)entries) : -ENOENT;
}

static int share_map(struct bpf_object *object, const char *name, int fd)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	return map ? bpf_map__reuse_fd(map, fd) : -ENOENT;
}

static int set_rings(struct bpf_object *object, const char *name,
		     const struct ring_set *set)
{
	return set->count ? share_map(object, name, set->outer) : 0;
}

static int prepare(struct tap *tap, const struct tap_options *options)
{
	struct bpf_program *program;
	struct tap_config config = options->config;
	int error;

	config.cpus = tap->cpus;
	error = set_config(tap->object, &config);
	if (!error)
		error = set_size(tap->object, "counters", tap->cpus);
	if (!error)
		error = set_size(tap->object, "flows",
				 (size_t)tap->cpus * tap->slots);
	if (!error)
		error = set_rings(tap->object, "packet_rings", &tap->packets);
	if (!error)
		error = set_rings(tap->object, "delta_rings", &tap->deltas);
	if (!error && options->backend == FILTER_BACKEND_TC)
		error = share_map(tap->object, "works", options->works);
	if (!error && config.filter_owners)
		error = share_map(tap->object, "owner_sockets",
				  options->owners);
	bpf_object__for_each_program(program, tap->object)
		bpf_program__set_autoload(program,
					  !strcmp(bpf_program__name(program),
						  PROGRAMS[tap->backend]));
	return error;
}

static int map_shared(struct tap *tap, const char *name, size_t size,
		      struct mapping *mapping)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = bpf_object__find_map_fd_by_name(tap->object, name);
	void *data;

	mapping->length = (size + (size_t)page - 1) & ~((size_t)page - 1);
	data = mmap(NULL, mapping->length, PROT_READ | PROT_WRITE, MAP_SHARED,
		    fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	mapping->data = data;
	return 0;
}

static int map_all(struct tap *tap)
{
	int error = map_shared(tap, "control", sizeof(struct tap_control),
			       &tap->control);

	if (!error)
		error = map_shared(tap, "counters",
				   tap->cpus * sizeof(struct tap_counters),
				   &tap->counters);
	if (!error)
		error = map_shared(tap, "flows",
				   (size_t)tap->cpus * 2 * tap->slots *
					   sizeof(struct flow_delta),
				   &tap->flows);
	return error;
}

/* What the verifier refused, made anew and refused again, for its log. */
static void put_log(struct tap *tap, const struct tap_options *options,
		    struct strbuf *error)
{
	_cleanup_(strbuf_free) struct strbuf ignored = STRBUF_INIT;

	bpf_object__close(TAKE_PTR(tap->object));
	if (!tap_link_open(&tap->object, options->filter, options->backend,
			   &ignored) &&
	    !prepare(tap, options))
		tap_link_put_log(tap->object, error);
}

static int tap_open(struct tap *tap, const struct tap_options *options,
		    struct strbuf *error)
{
	int result = libbpf_num_possible_cpus();

	if (result < 0)
		return result;
	tap->cpus = (uint32_t)result;
	tap->backend = options->backend;
	tap->slots =
		options->config.count_flows ? options->config.flow_slots : 2;
	result = rings_begin(tap);
	if (result)
		return result;
	result = tap_link_open(&tap->object, options->filter, options->backend,
			       error);
	if (!result)
		result = rings_wait_made(tap, error);
	if (!result)
		result = prepare(tap, options);
	if (!result) {
		result = tap_link_load(tap->object, error);
		if (result && error->length && options->verbose)
			put_log(tap, options, error);
	}
	if (!result)
		result = map_all(tap);
	if (!result)
		result = filter_maps_fill(options->filter, tap->object, error);
	if (!result)
		result = ring_set_wait(&tap->packets);
	if (!result)
		result = ring_set_wait(&tap->deltas);
	if (result && !error->length)
		strbuf_printf(error, "cannot load the kernel programs: %s",
			      strerror(-result));
	return result;
}

int tap_load(struct tap **out, const struct tap_options *options,
	     struct strbuf *error)
{
	struct tap *tap = calloc(1, sizeof(*tap));
	int result;

	if (!tap)
		return -ENOMEM;
	sem_init(&tap->rings_made, 0, 0);
	tap->options = options;
	result = tap_open(tap, options, error);
	if (result)
		tap_free(tap);
	else
		*out = tap;
	return result;
}

void tap_free(struct tap *tap)
{
	if (!tap)
		return;
	struct mapping *mappings[] = {&tap->control, &tap->counters,
				      &tap->flows};

	if (tap->filling)
		pthread_join(tap->filler, NULL);
	if (tap->flushing)
		pthread_join(tap->waiter, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(mappings); i++)
		if (mappings[i]->data)
			munmap(mappings[i]->data, mappings[i]->length);
	ring_set_destroy(&tap->packets);
	ring_set_destroy(&tap->deltas);
	bpf_object__close(tap->object);
	free(tap);
}

/* ---- Loaded ---- */

int tap_program_fd(const struct tap *tap)
{
	return bpf_program__fd(bpf_object__find_program_by_name(
		tap->object, PROGRAMS[tap->backend]));
}

struct tap_control *tap_control_page(struct tap *tap)
{
	return tap->control.data;
}

struct ring *tap_packet_rings(struct tap *tap, size_t *count)
{
	*count = tap->packets.count;
	return tap->packets.rings;
}

struct ring *tap_delta_rings(struct tap *tap, size_t *count)
{
	*count = tap->deltas.count;
	return tap->deltas.rings;
}

void tap_counters_read(const struct tap *tap, struct tap_counters *sum)
{
	const volatile struct tap_counters *cpus = tap->counters.data;

	*sum = (struct tap_counters){0};
	for (uint32_t i = 0; i < tap->cpus; i++) {
#define ADD_COUNTER(name, what) sum->name += cpus[i].name;
		TAP_COUNTERS(ADD_COUNTER)
#undef ADD_COUNTER
	}
}

void tap_wait_idle(struct tap *tap)
{
	uint32_t key = 0, fd;

	/* MEMBARRIER_CMD_GLOBAL is synchronize_rcu(); kernels with nohz_full
	 * CPUs refuse it, and there an update of an array of maps waits. */
	if (!syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		return;
	if (tap->packets.count || tap->deltas.count) {
		struct ring_set *set =
			tap->packets.count ? &tap->packets : &tap->deltas;

		fd = (uint32_t)set->rings[0].fd;
		if (!bpf_map_update_elem(set->outer, &key, &fd, 0))
			return;
	}
	usleep(100000);
}

static void drain_half(struct tap *tap, uint32_t half, tap_delta_fn *fn,
		       void *user)
{
	struct flow_delta *flows = tap->flows.data;

	for (uint32_t cpu = 0; cpu < tap->cpus; cpu++) {
		struct flow_delta *slots =
			flows + ((size_t)cpu * 2 + half) * tap->slots;

		for (uint32_t i = 0; i < tap->slots; i++) {
			if (!slots[i].packets)
				continue;
			fn(user, &slots[i]);
			slots[i].packets = 0;
		}
	}
}

static void *wait_until_quiet(void *argument)
{
	struct tap *tap = argument;

	tap_wait_idle(tap);
	__atomic_store_n(&tap->quiet, true, __ATOMIC_RELEASE);
	return NULL;
}

int tap_flush_begin(struct tap *tap)
{
	struct tap_control *control = tap_control_page(tap);
	int error;

	if (tap->flushing)
		return 0;
	tap->quiet = false;
	__atomic_store_n(&control->half, !control->half, __ATOMIC_SEQ_CST);
	error = pthread_create(&tap->waiter, NULL, wait_until_quiet, tap);
	tap->flushing = !error;
	return -error;
}

bool tap_flush_is_ready(const struct tap *tap)
{
	return tap->flushing && __atomic_load_n(&tap->quiet, __ATOMIC_ACQUIRE);
}

void tap_flush_finish(struct tap *tap, tap_delta_fn *fn, void *user)
{
	if (!tap->flushing)
		return;
	pthread_join(tap->waiter, NULL);
	tap->flushing = false;
	drain_half(tap, !tap_control_page(tap)->half, fn, user);
}

void tap_flows_drain(struct tap *tap, tap_delta_fn *fn, void *user)
{
	tap_flush_finish(tap, fn, user);
	drain_half(tap, 0, fn, user);
	drain_half(tap, 1, fn, user);
}
