/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/membarrier.h>

#include "src/base/cleanup.h"
#include "src/source/ring.h"
#include "src/source/ring_set.h"
#include "src/source/tap_bytes.h"
#include "src/source/tap_link.h"
#include "src/source/tap_part.h"

/* The programs of bpf/tap.bpf.c, and of bpf/tap_long.bpf.c. */
static const struct {
	const char *name;
	enum tap_group group;
	enum filter_backend backend;
	enum tap_direction direction; /* what it sees */
	int stage;		      /* enum tap_stage it is; -1: none */
} PARTS[] = {
	{"tap_ingress", TAP_GROUP_TAP, FILTER_BACKEND_TC, TAP_IN, TAP_STAGE_IN},
	{"tap_egress", TAP_GROUP_TAP, FILTER_BACKEND_TC, TAP_OUT,
	 TAP_STAGE_OUT},
	{"tap_socket", TAP_GROUP_TAP, FILTER_BACKEND_SOCKET, TAP_INOUT, -1},
	{"tap_first", TAP_GROUP_FIRST, FILTER_BACKEND_SOCKET, TAP_INOUT, -1},
	{"gate_ingress", TAP_GROUP_GATE, FILTER_BACKEND_TC, TAP_IN, -1},
	{"gate_egress", TAP_GROUP_GATE, FILTER_BACKEND_TC, TAP_OUT, -1},
	{"long_tc", TAP_GROUP_LONG, FILTER_BACKEND_TC, TAP_INOUT,
	 TAP_STAGE_LONG},
	{"long_socket", TAP_GROUP_LONG, FILTER_BACKEND_SOCKET, TAP_INOUT,
	 TAP_STAGE_LONG},
};

/* A map that lives in this process's memory too. */
struct mapping {
	void *data;
	size_t length;
};

struct tap {
	struct tap_options options;
	struct tap_image image; /* what the maps and the first parts are from */
	struct tap_image behind; /* of those at traffic control, if they come later */
	struct bpf_object *object; /* maps; the programs are in the parts */
	struct tap_part *parts[ARRAY_SIZE(PARTS)]; /* NULL: not wanted */
	uint32_t cpus;
	uint32_t slots; /* of a half of a CPU's flow cache */
	struct ring_set packets;
	struct ring_set deltas;
	struct ring bell;
	pthread_t waiter; /* waits until the quiet half is quiet */
	bool flushing;
	bool quiet; /* atomic: set by the waiter */
	struct mapping control;
	struct mapping counters;
	struct mapping flows;
	struct mapping index;
};

/* ---- Rings ---- */

static int rings_begin(struct tap *tap)
{
	const struct tap_options *options = &tap->options;
	int error = ring_create(&tap->bell, "bell",
				(size_t)sysconf(_SC_PAGESIZE));

	if (!error && options->packet_ring)
		error = ring_set_begin(&tap->packets, "packet_rings", tap->cpus,
				       options->packet_ring,
				       sizeof(struct tap_record) +
					       options->config.snapshot);
	if (!error && options->delta_ring)
		error = ring_set_begin(&tap->deltas, "delta_rings", tap->cpus,
				       options->delta_ring,
				       sizeof(struct flow_window));
	return error;
}

static int rings_wait(struct tap *tap, struct strbuf *error)
{
	int result = ring_set_wait(&tap->packets);

	if (!result)
		result = ring_set_wait(&tap->deltas);
	if (result)
		strbuf_printf(error, "cannot make the rings: %s%s",
			      strerror(-result),
			      result == -ENOMEM ? " (try a smaller -B)" : "");
	return result;
}

/* What the programs must know of them. */
static void config_rings(struct tap_config *config, enum tap_ring_kind kind,
			 const struct ring_set *set)
{
	config->ring_chunk[kind] = (uint32_t)set->layout.chunk;
	config->ring_shift[kind] = set->layout.shift;
	config->ring_chunks[kind] = (uint32_t)set->layout.chunks;
}

/* ---- Loading ---- */

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
	return set->count ? share_map(object, name, set->fd) : 0;
}

/* The maps, without the programs. */
static int prepare_maps(struct tap *tap, const struct tap_options *options)
{
	struct bpf_program *program;
	int error = tap_part_set_config(tap->object, &options->config);

	if (!error)
		error = set_size(tap->object, "counters", tap->cpus);
	if (!error)
		error = set_size(tap->object, "flows",
				 (size_t)tap->cpus * 2 * tap->slots);
	if (!error)
		error = set_size(tap->object, "flow_index",
				 (size_t)tap->cpus * tap->slots);
	if (!error)
		error = set_rings(tap->object, "packet_rings", &tap->packets);
	if (!error)
		error = set_rings(tap->object, "delta_rings", &tap->deltas);
	if (!error)
		error = share_map(tap->object, "bell", tap->bell.fd);
	if (!error && options->config.filter_owners)
		error = share_map(tap->object, "owner_sockets",
				  options->owners);
	bpf_object__for_each_program(program, tap->object)
		bpf_program__set_autoload(program, false);
	return error;
}

static int make_maps(struct tap *tap, const struct tap_options *options,
		     struct strbuf *error)
{
	LIBBPF_OPTS(bpf_object_open_opts, open, .object_name = "bsniff");
	int result;

	tap->object = bpf_object__open_mem(tap->image.bytes, tap->image.length,
					   &open);
	result = tap->object ? prepare_maps(tap, options) : -errno;
	if (!result)
		result = bpf_object__load(tap->object);
	if (!result)
		result = filter_maps_fill(options->filter, tap->object, error);
	return result;
}

/* Begin to load those of a group. @image: NULL for bpf/tap_long.bpf.o. */
static int begin_parts(struct tap *tap, const struct tap_image *image,
		       enum tap_group group, enum filter_backend backend)
{
	struct tap_part_options part = {
		.maps = tap->object,
		.config = tap->options.config,
		.foreign = group == TAP_GROUP_FIRST &&
			   tap->options.backend != FILTER_BACKEND_SOCKET,
	};
	int error = 0;

	if (image) {
		part.bytes = image->bytes;
		part.length = image->length;
	} else {
		part.bytes = tap_long_bytes(&part.length);
	}
	for (size_t i = 0; i < ARRAY_SIZE(PARTS) && !error; i++) {
		if (PARTS[i].group != group || PARTS[i].backend != backend ||
		    !(PARTS[i].direction & part.config.directions))
			continue;
		part.program = PARTS[i].name;
		part.stage = PARTS[i].stage;
		error = tap_part_begin(&tap->parts[i], &part);
	}
	return error;
}

/* Wait for them. */
static int finish_parts(struct tap *tap, enum tap_group group,
			struct strbuf *error)
{
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(PARTS) && !result; i++)
		if (tap->parts[i] && PARTS[i].group == group)
			result = tap_part_finish(
				tap->parts[i], tap->options.verbose, error);
	return result;
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
	if (!error)
		error = map_shared(tap, "flow_index",
				   (size_t)tap->cpus * tap->slots *
					   sizeof(struct flow_bucket),
				   &tap->index);
	return error;
}

/* All that is needed before it can be attached. */
static int open_parts(struct tap *tap, enum tap_group group,
		      enum filter_backend backend, struct strbuf *error)
{
	int result = begin_parts(tap, &tap->image, group, backend);

	if (!result)
		result = map_all(tap);
	if (!result) {
		ring_set_place(&tap->packets, tap->counters.data,
			       TAP_RING_PACKETS);
		ring_set_place(&tap->deltas, tap->counters.data,
			       TAP_RING_DELTAS);
	}
	if (!result)
		result = finish_parts(tap, group, error);
	/* The other stages take longer, and nobody waits for them. */
	if (!result && tap->options.config.count_flows &&
	    group == TAP_GROUP_TAP)
		result = begin_parts(tap, NULL, TAP_GROUP_LONG, backend);
	return result;
}

static int tap_open(struct tap *tap, struct strbuf *error)
{
	const struct tap_options *options = &tap->options;
	enum tap_group group =
		options->begins_early ? TAP_GROUP_FIRST : TAP_GROUP_TAP;
	enum filter_backend backend = options->begins_early
					      ? FILTER_BACKEND_SOCKET
					      : options->backend;
	int result = libbpf_num_possible_cpus();

	if (result < 0)
		return result;
	tap->cpus = (uint32_t)result;
	tap->slots =
		options->config.count_flows ? options->config.flow_slots : 2;
	result = rings_begin(tap);
	if (!result)
		result = tap_link_make(&tap->image, options->filter, backend,
				       error);
	if (!result)
		result = rings_wait(tap, error);
	config_rings(&tap->options.config, TAP_RING_PACKETS, &tap->packets);
	config_rings(&tap->options.config, TAP_RING_DELTAS, &tap->deltas);
	if (!result)
		result = make_maps(tap, options, error);
	if (!result)
		result = open_parts(tap, group, backend, error);
	return result;
}

int tap_load(struct tap **out, const struct tap_options *options,
	     struct strbuf *error)
{
	struct tap *tap = calloc(1, sizeof(*tap));
	int result;

	if (!tap)
		return -ENOMEM;
	tap->options = *options;
	tap->bell.fd = -1;
	result = tap_open(tap, error);
	if (result)
		tap_free(tap);
	else
		*out = tap;
	return result;
}

int tap_load_behind(struct tap *tap, struct strbuf *error)
{
	enum filter_backend backend = tap->options.backend;
	int result;

	if (backend == FILTER_BACKEND_SOCKET)
		return begin_parts(tap, &tap->image, TAP_GROUP_TAP, backend);
	result = tap_link_make(&tap->behind, tap->options.filter, backend,
			       error);
	if (!result)
		result = begin_parts(tap, &tap->behind, TAP_GROUP_GATE,
				     backend);
	if (!result)
		result = begin_parts(tap, &tap->behind, TAP_GROUP_TAP, backend);
	if (!result)
		result = finish_parts(tap, TAP_GROUP_GATE, error);
	return result;
}

int tap_load_behind_finish(struct tap *tap, struct strbuf *error)
{
	int result = finish_parts(tap, TAP_GROUP_TAP, error);

	if (!result && tap->options.config.count_flows)
		result = begin_parts(tap, NULL, TAP_GROUP_LONG,
				     tap->options.backend);
	return result;
}

void tap_free(struct tap *tap)
{
	if (!tap)
		return;
	struct mapping *mappings[] = {&tap->control, &tap->counters,
				      &tap->flows, &tap->index};

	for (size_t i = 0; i < ARRAY_SIZE(tap->parts); i++)
		tap_part_free(tap->parts[i]);
	if (tap->flushing)
		pthread_join(tap->waiter, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(mappings); i++)
		if (mappings[i]->data)
			munmap(mappings[i]->data, mappings[i]->length);
	ring_set_free(&tap->packets);
	ring_set_free(&tap->deltas);
	ring_destroy(&tap->bell);
	bpf_object__close(tap->object);
	tap_image_release(&tap->image);
	tap_image_release(&tap->behind);
	free(tap);
}

/* ---- Loaded ---- */

int tap_program_fd(const struct tap *tap, enum tap_group group,
		   enum tap_direction direction)
{
	for (size_t i = 0; i < ARRAY_SIZE(PARTS); i++)
		if (tap->parts[i] && PARTS[i].group == group &&
		    PARTS[i].direction & direction)
			return tap_part_fd(tap->parts[i]);
	return -ENOENT;
}

int tap_map_fd(const struct tap *tap, const char *name)
{
	return bpf_object__find_map_fd_by_name(tap->object, name);
}

struct tap_control *tap_control_page(struct tap *tap)
{
	return tap->control.data;
}

struct tap_ring *tap_packet_rings(struct tap *tap, size_t *count)
{
	*count = tap->packets.count;
	return tap->packets.rings;
}

struct tap_ring *tap_delta_rings(struct tap *tap, size_t *count)
{
	*count = tap->deltas.count;
	return tap->deltas.rings;
}

struct ring *tap_bell(struct tap *tap)
{
	return &tap->bell;
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

void tap_wait_idle(void)
{
	enum { LOCAL_EXPERIMENTAL = 0x88b5 }; /* an EtherType that nobody uses */
	int fd;

	/* MEMBARRIER_CMD_GLOBAL is synchronize_rcu(); kernels with nohz_full
	 * CPUs refuse it, and there the end of a packet socket waits. */
	if (!syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		return;
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC,
		    htons(LOCAL_EXPERIMENTAL));
	if (fd >= 0)
		close(fd);
	else
		usleep(100000);
}

/* The deltas of one half of a CPU's cache, which is left empty. */
static void drain_cache(struct tap *tap, uint32_t cpu, uint32_t half,
			tap_delta_fn *fn, void *user)
{
	struct tap_counters *counters =
		(struct tap_counters *)tap->counters.data + cpu;
	size_t table = (size_t)cpu * 2 + half, buckets = tap->slots / 2;
	struct flow_delta *slots =
		(struct flow_delta *)tap->flows.data + table * tap->slots;
	struct flow_bucket *index =
		(struct flow_bucket *)tap->index.data + table * buckets;
	uint32_t used = counters->used[half];

	if (!used)
		return;
	for (uint32_t i = 0; i < used && i < tap->slots; i++) {
		if (!slots[i].packets)
			continue;
		fn(user, &slots[i]);
		slots[i].packets = 0;
	}
	memset(index, 0, buckets * sizeof(*index));
	counters->used[half] = 0;
}

static void drain_half(struct tap *tap, uint32_t half, tap_delta_fn *fn,
		       void *user)
{
	for (uint32_t cpu = 0; cpu < tap->cpus; cpu++)
		drain_cache(tap, cpu, half, fn, user);
}

static void *wait_until_quiet(void *argument)
{
	struct tap *tap = argument;

	tap_wait_idle();
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
