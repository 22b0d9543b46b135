/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <pcap/dlt.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/source/gate.h"
#include "src/source/interface.h"
#include "src/source/merge.h"
#include "src/source/record.h"
#include "src/source/tap.h"
#include "src/source/window.h"

enum {
	/* Between a packet's time and its record in the ring lie some
	 * instructions, unless the CPU is taken away in between. */
	HORIZON_NS = 200 * 1000,
	/* The sleeping flag and a packet can miss each other: look again. */
	SLEEP_MS = 100,
	/* Stay awake this many naps after the last packet. */
	IDLE_NAPS = 3,
	/* Deltas that a half of the flow caches holds: of all CPUs together,
	 * and of one. */
	FLOW_SLOTS = 65536,
	FLOW_SLOTS_MOST = 8192,
	FLOW_SLOTS_LEAST = 1024,
	/* Bytes for flow deltas. Under 200,000 flows nearly every packet spills
	 * one, and the reader may have to wait for its CPU. */
	DELTA_RINGS = 64 << 20, /* of all CPUs together */
	DELTA_RING_MOST = 4 << 20,
	DELTA_RING_ALONE = 8 << 20, /* when no packet is copied */
	DELTA_RING_LEAST = 1 << 20,
	DEFAULT_RING = 4 << 20,
	RECORDS_A_POLL = 65536, /* so that signals are noticed soon */
	RELEASE_BYTES = 256 * 1024,
};

struct live {
	struct source source;
	struct live_target target;
	struct live_options options;
	struct tap *tap;
	struct hook *hook; /* NULL: the gate does it */
	struct gate *gate; /* TCX; NULL: there is a hook */
	enum hook_kind kind;
	int promiscuous; /* holds the interface in that mode; -1: not */
	int epoll;
	struct interface_monitor *monitor;
	struct interface_list interfaces; /* all that were ever seen */
	struct merge merge;
	struct ring *delta_rings;
	size_t delta_ring_count;
	struct window_counter *windows; /* NULL: flows are not counted */
	uint64_t unaccounted;		/* by that */
	struct record_decoder decoder;
	uint64_t frames;
	int idle_naps;
	int nap; /* ms, while traffic flows */
	bool finished; /* the sink wants no more */
	bool gone;     /* the interface is */
	char gone_why[64];
};

static struct live *live_of(struct source *source)
{
	return (struct live *)source;
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* From CLOCK_MONOTONIC to the epoch. Sampled again and again, since NTP slews
 * one against the other; between two looks at the one clock the other is read
 * to within half their distance. */
static int64_t read_clock_offset(void)
{
	int64_t best = INT64_MAX, offset = 0;

	for (int i = 0; i < 3; i++) {
		int64_t before = clock_ns(CLOCK_MONOTONIC);
		int64_t epoch = clock_ns(CLOCK_REALTIME);
		int64_t after = clock_ns(CLOCK_MONOTONIC);

		if (after - before < best) {
			best = after - before;
			offset = epoch - before - best / 2;
		}
	}
	return offset;
}

/* Follow the clocks, but not their noise: times must not go back by ns. */
static void follow_clock(struct live *live)
{
	int64_t offset = read_clock_offset();
	int64_t change = offset - live->source.clock_offset;

	if (change > 1000 || change < -1000)
		live->source.clock_offset = offset;
}

/* ---- Reading ---- */

/* The interface, also if it came after the last message was read. */
static const struct interface *know_interface(struct live *live, uint32_t index)
{
	const struct interface *known =
		interface_find_index(&live->interfaces, index);

	if (known)
		return known;
	interface_monitor_read(live->monitor);
	return interface_find_index(&live->interfaces, index);
}

static uint16_t hardware_type(struct live *live, uint32_t index)
{
	const struct interface *interface = know_interface(live, index);

	return interface ? interface->hardware_type : 0;
}

static void release(struct live *live, const struct source_sink *sink)
{
	source_release(sink);
	merge_release(&live->merge);
}

/* Give back so many bytes at a time: often enough for the rings, seldom enough
 * to be no effort, for them and for who writes the packets. */
static size_t release_bytes(const struct live *live)
{
	size_t share = live->merge.count ? live->merge.rings[0].size / 8 : 0;

	return share < RELEASE_BYTES ? share : RELEASE_BYTES;
}

/* Hand over the packets up to @horizon. How many there were. */
static size_t read_packets(struct live *live, const struct source_sink *sink,
			   uint64_t horizon)
{
	const struct tap_record *record;
	size_t count = 0, most = release_bytes(live);

	merge_refresh(&live->merge);
	while (!live->finished && count < RECORDS_A_POLL &&
	       (record = merge_next(&live->merge, horizon))) {
		struct frame frame;
		uint16_t type = live->target.link == TAP_LINK_COOKED
					? hardware_type(live, record->ifindex)
					: 0;
		bool lasts = record_decode(&live->decoder, record,
					   live->source.clock_offset, type,
					   &frame);

		frame.number = ++live->frames;
		live->finished = !sink->frame(sink->user, &frame);
		if (!lasts || live->merge.passed >= most)
			release(live, sink);
		count++;
	}
	release(live, sink);
	return count;
}

/* Hand over the flow deltas that were spilled. How many there were. */
static size_t read_deltas(struct live *live, const struct source_sink *sink)
{
	size_t count = 0;

	for (size_t i = 0; i < live->delta_ring_count; i++) {
		struct ring *ring = &live->delta_rings[i];
		const void *record;
		size_t length, batch = 0;

		while ((record = ring_peek(ring, &length))) {
			live->unaccounted += !window_take(
				live->windows, record, length, sink->delta,
				sink->user);
			ring_next(ring);
			if (++batch % 256 == 0)
				ring_release(ring);
		}
		ring_release(ring);
		count += batch;
	}
	return count;
}

static void wait_for_events(struct live *live, int timeout)
{
	struct epoll_event events[16];
	int count = epoll_wait(live->epoll, events, 16, timeout);

	for (int i = 0; i < count; i++)
		if (events[i].data.fd == interface_monitor_fd(live->monitor))
			interface_monitor_read(live->monitor);
}

/* How full is the fullest ring, in parts of 256? */
static unsigned int rings_fill(const struct ring *rings, size_t count)
{
	unsigned int most = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned int fill =
			(unsigned int)(ring_used(&rings[i]) * 256 /
				       rings[i].size);

		if (fill > most)
			most = fill;
	}
	return most;
}

/* Before the rings are emptied: a nap in which a quarter of the fullest was
 * filled was too long, and one that left it nearly empty too short. */
static void choose_nap(struct live *live)
{
	unsigned int fill = rings_fill(live->merge.rings, live->merge.count);
	unsigned int deltas =
		rings_fill(live->delta_rings, live->delta_ring_count);

	if (deltas > fill)
		fill = deltas;
	if (fill >= 64)
		live->nap /= 2;
	else if (fill < 16)
		live->nap *= 2;
	if (live->nap > live->options.latency)
		live->nap = live->options.latency;
	if (live->nap < 1)
		live->nap = 1;
}

static bool rings_have_data(struct live *live)
{
	for (size_t i = 0; i < live->merge.count; i++)
		if (ring_used(&live->merge.rings[i]))
			return true;
	for (size_t i = 0; i < live->delta_ring_count; i++)
		if (ring_used(&live->delta_rings[i]))
			return true;
	return false;
}

/*
 * Traffic comes in crowds: while it flows, nap and take what has gathered, for
 * a wake-up costs more than a packet. When it has ebbed away, ask to be woken
 * by the first packet and sleep.
 */
static void wait_for_traffic(struct live *live, int timeout)
{
	struct tap_control *control = tap_control_page(live->tap);
	int most = timeout < 0 || timeout > SLEEP_MS ? SLEEP_MS : timeout;

	if (merge_is_holding(&live->merge)) {
		usleep(HORIZON_NS / 1000);
		return;
	}
	if (live->idle_naps++ < IDLE_NAPS) {
		wait_for_events(live, most < live->options.latency
					      ? most
					      : live->options.latency);
		return;
	}
	__atomic_store_n(&control->sleeping, 1, __ATOMIC_SEQ_CST);
	if (!rings_have_data(live))
		wait_for_events(live, most);
	__atomic_store_n(&control->sleeping, 0, __ATOMIC_SEQ_CST);
	live->nap = 1;
}

static int live_flush(struct source *source)
{
	struct live *live = live_of(source);

	return live->options.count_flows ? tap_flush_begin(live->tap) : 0;
}

/* What was spilled before the flip comes first. */
static void finish_flush(struct live *live, const struct source_sink *sink)
{
	if (!tap_flush_is_ready(live->tap))
		return;
	read_deltas(live, sink);
	tap_flush_finish(live->tap, sink->delta, sink->user);
	sink->settled(sink->user);
}

static int live_poll(struct source *source, const struct source_sink *sink,
		     int timeout)
{
	struct live *live = live_of(source);
	uint64_t horizon = (uint64_t)clock_ns(CLOCK_MONOTONIC) - HORIZON_NS;
	size_t count;

	follow_clock(live);
	choose_nap(live);
	count = read_packets(live, sink, horizon);
	count += read_deltas(live, sink);
	finish_flush(live, sink);
	if (count) {
		live->idle_naps = 0;
		wait_for_events(live, 0);
	}
	if (live->gone) {
		log_error("%s: %s", live->target.interface.name,
			  live->gone_why);
		return SOURCE_STOPPED;
	}
	if (live->finished)
		return SOURCE_END;
	if (!count && timeout)
		wait_for_traffic(live, timeout);
	else if (timeout)
		wait_for_events(live, live->nap);
	return SOURCE_MORE;
}

static void detach(struct live *live)
{
	hook_detach(TAKE_PTR(live->hook));
	gate_close(TAKE_PTR(live->gate));
}

static int live_stop(struct source *source, const struct source_sink *sink)
{
	struct live *live = live_of(source);

	detach(live);
	tap_wait_idle(live->tap);
	while (read_packets(live, sink, UINT64_MAX))
		;
	read_deltas(live, sink);
	if (live->options.count_flows) {
		tap_flows_drain(live->tap, sink->delta, sink->user);
		sink->settled(sink->user);
	}
	return 0;
}

static void live_counters(struct source *source, struct tap_counters *counters)
{
	tap_counters_read(live_of(source)->tap, counters);
	counters->unaccounted += live_of(source)->unaccounted;
}

static void live_free(struct source *source)
{
	struct live *live = live_of(source);

	detach(live);
	interface_monitor_free(live->monitor);
	merge_free(&live->merge);
	record_decoder_free(&live->decoder);
	tap_free(live->tap);
	window_counter_free(live->windows);
	if (live->promiscuous >= 0)
		close(live->promiscuous);
	if (live->epoll >= 0)
		close(live->epoll);
	interface_list_free(&live->interfaces);
	free(live);
}

static const struct source_ops LIVE_OPS = {
	.poll = live_poll,
	.flush = live_flush,
	.stop = live_stop,
	.counters = live_counters,
	.free = live_free,
};

/* ---- Interfaces ---- */

static void remember_interface(struct live *live,
			       const struct interface *interface)
{
	struct interface_list *list = &live->interfaces;
	struct interface *items;
	size_t at = 0;

	while (at < list->count && list->items[at].index < interface->index)
		at++;
	if (at < list->count && list->items[at].index == interface->index) {
		list->items[at] = *interface;
		return;
	}
	items = realloc(list->items, (list->count + 1) * sizeof(*items));
	if (!items)
		return;
	memmove(items + at + 1, items + at,
		(list->count - at) * sizeof(*items));
	items[at] = *interface;
	list->items = items;
	list->count++;
}

static void on_interface(void *user, enum interface_event event,
			 const struct interface *interface)
{
	struct live *live = user;
	const char *why = NULL;

	if (event == INTERFACE_CHANGED)
		remember_interface(live, interface);
	if (interface->index != live->target.interface.index)
		return;
	if (event == INTERFACE_GONE)
		why = "The interface disappeared";
	else if (!(interface->flags & IFF_UP))
		why = "The interface went down";
	if (why && !live->gone) {
		live->gone = true;
		strncpy(live->gone_why, why, sizeof(live->gone_why) - 1);
	}
}

const char *live_interface_name(const struct source *source, uint32_t index)
{
	const struct live *live = (const struct live *)source;
	const struct interface *interface =
		interface_find_index(&live->interfaces, index);

	return interface ? interface->name : NULL;
}

/* ---- Opening ---- */

static size_t ring_size(const struct live *live)
{
	size_t want = live->options.ring ? live->options.ring : DEFAULT_RING;
	size_t size = (size_t)sysconf(_SC_PAGESIZE);

	while (size < want && size < ((size_t)1 << 30))
		size *= 2;
	return size;
}

/* What is divided among the CPUs: @all, but neither more nor less than is of
 * use to one. Powers of two. */
static size_t share_of_cpu(size_t all, size_t most, size_t least)
{
	size_t cpus = (size_t)sysconf(_SC_NPROCESSORS_CONF);
	size_t share = most;

	while (share > least && share * cpus > all)
		share /= 2;
	return share;
}

/* The reader is woken when that much waits in the smaller ring. */
static uint32_t wake_bytes(const struct tap_options *tap)
{
	size_t size = tap->packet_ring ? tap->packet_ring : tap->delta_ring;

	if (tap->delta_ring && tap->delta_ring < size)
		size = tap->delta_ring;
	return (uint32_t)(size / 2);
}

static size_t delta_ring_size(const struct live_options *options)
{
	if (!options->count_flows)
		return 0;
	return share_of_cpu(DELTA_RINGS,
			    options->snapshot ? DELTA_RING_MOST
					      : DELTA_RING_ALONE,
			    DELTA_RING_LEAST);
}

/* On lo, packets are seen coming in only. */
static bool tells_senders(const struct live *live)
{
	return live->options.tell_senders && live->options.count_flows &&
	       live->options.directions & TAP_OUT &&
	       live->target.backend == FILTER_BACKEND_TC &&
	       !(live->target.interface.flags & IFF_LOOPBACK);
}

static struct tap_options make_tap_options(const struct live *live,
					   const struct filter *filter)
{
	const struct live_options *options = &live->options;
	struct tap_options tap = {
		.config =
			{
				.link = live->target.link,
				.directions = options->directions,
				.snapshot = options->snapshot,
				.sample = options->sample,
				.count_flows = options->count_flows,
				.flow_slots = (uint32_t)share_of_cpu(
					FLOW_SLOTS, FLOW_SLOTS_MOST,
					FLOW_SLOTS_LEAST),
				.filter_owners = options->filter_owners,
				.tell_senders = tells_senders(live),
			},
		.owners = options->owners,
		.filter = filter,
		.backend = live->target.backend,
		.packet_ring = options->snapshot ? ring_size(live) : 0,
		.delta_ring = delta_ring_size(options),
	};

	tap.config.wake_bytes = wake_bytes(&tap);
	if (getrandom(&tap.config.seed, sizeof(tap.config.seed),
		      GRND_NONBLOCK) < 0)
		tap.config.seed = (uint32_t)clock_ns(CLOCK_MONOTONIC);
	for (size_t i = 0; i < live->interfaces.count; i++)
		if (live->interfaces.items[i].flags & IFF_LOOPBACK)
			tap.config.loopback = live->interfaces.items[i].index;
	return tap;
}

static int watch(struct live *live, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	return epoll_ctl(live->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* Edge triggered: only the kernel's wake-ups end a nap. */
static int watch_rings(struct live *live, struct ring *rings, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = watch(live, rings[i].fd, EPOLLIN | EPOLLET);
	return error;
}

static int prepare_reading(struct live *live)
{
	struct ring *rings;
	size_t count;
	int error;

	live->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (live->epoll < 0)
		return -errno;
	if (live->options.count_flows) {
		live->windows = window_counter_new(live->target.link);
		if (!live->windows)
			return -ENOMEM;
	}
	rings = tap_packet_rings(live->tap, &count);
	error = merge_init(&live->merge, rings, count);
	if (!error)
		error = watch_rings(live, rings, count);
	live->delta_rings = tap_delta_rings(live->tap, &live->delta_ring_count);
	if (!error)
		error = watch_rings(live, live->delta_rings,
				    live->delta_ring_count);
	if (!error)
		error = watch(live, interface_monitor_fd(live->monitor),
			      EPOLLIN);
	if (!error)
		error = record_decoder_init(&live->decoder, live->target.link,
					    live->target.link_type,
					    live->options.snapshot);
	return error;
}

/* A clsact filter of a bsniff that was killed would count for nobody. */
static void clean_left_overs(const struct live *live)
{
	int removed;

	if (!live->target.interface.index)
		return;
	removed = hook_tc_clean(live->target.interface.index);
	if (removed > 0)
		log_warning("%s: removed %d filter(s) that an earlier bsniff, "
			    "which was killed, had left attached",
			    live->target.interface.name, removed);
}

static struct hook_target hook_target_of(const struct live *live)
{
	return (struct hook_target){
		.ifindex = live->target.interface.index,
		.directions = live->options.directions,
		.cooked = live->target.link == TAP_LINK_COOKED,
	};
}

static int attach_hook(struct live *live, enum hook_kind kind)
{
	const struct hook_target target = hook_target_of(live);

	live->kind = kind;
	return hook_attach(&live->hook, kind, live->tap, &target);
}

/* TCX takes its time: it begins before the tap is loaded. */
static int begin_gate(struct live *live)
{
	const struct hook_target target = hook_target_of(live);

	if (live->target.backend == FILTER_BACKEND_SOCKET ||
	    live->options.hook == HOOK_TC)
		return 0;
	live->kind = HOOK_TCX;
	return gate_begin(&live->gate, &target);
}

static int finish_gate(struct live *live)
{
	int error = gate_open(live->gate, live->tap);

	if (!error)
		error = gate_finish(live->gate);
	if (error == -EOPNOTSUPP && live->options.hook == HOOK_AUTO) {
		gate_close(TAKE_PTR(live->gate));
		error = attach_hook(live, HOOK_TC);
	}
	return error;
}

/* What is left over is not looked for while the gate is being attached: that
 * would wait for the same lock. */
static int attach(struct live *live)
{
	int error;

	if (live->target.backend == FILTER_BACKEND_SOCKET) {
		clean_left_overs(live);
		return attach_hook(live, HOOK_SOCKET);
	}
	if (!live->gate) {
		clean_left_overs(live);
		return attach_hook(live, HOOK_TC);
	}
	error = finish_gate(live);
	if (!error)
		clean_left_overs(live);
	return error;
}

/* Where others have a say, only a packet socket sees what is on the wire. */
static bool is_for_socket(const struct live *live)
{
	return live->options.hook == HOOK_AUTO &&
	       live->target.backend == FILTER_BACKEND_TC &&
	       live->options.directions & TAP_OUT &&
	       !live->options.filter_owners &&
	       hook_egress_is_shared(live->target.interface.index);
}

static int be_promiscuous(struct live *live)
{
	uint32_t index = live->target.interface.index;

	if (!live->options.promiscuous || !index)
		return 0;
	live->promiscuous = hook_promiscuous(index);
	return live->promiscuous < 0 ? live->promiscuous : 0;
}

static int load_tap(struct live *live, const struct filter *filter,
		    struct strbuf *error)
{
	struct tap_options options = make_tap_options(live, filter);

	options.verbose = live->options.verbose;
	return tap_load(&live->tap, &options, error);
}

/* What the kernel may lack when it says @result. */
static const char *hint(const struct live *live, int result)
{
	if (result == -ENOSYS)
		return " (this kernel has no bpf(2), CONFIG_BPF_SYSCALL)";
	if (result == -EOPNOTSUPP && live->kind == HOOK_TCX)
		return " (TCX takes Linux 6.6; try --hook=auto)";
	return "";
}

static int open_live(struct live *live, const struct filter *filter,
		     struct strbuf *error)
{
	int result = is_for_socket(live) ? -EOPNOTSUPP : 0;

	if (!result)
		result = interface_list_copy(&live->interfaces,
					     &live->target.all);
	if (!result)
		result = interface_monitor_open(&live->monitor, on_interface,
						live);
	if (!result)
		result = be_promiscuous(live);
	if (!result)
		result = begin_gate(live);
	if (!result)
		result = load_tap(live, filter, error);
	if (!result)
		result = prepare_reading(live);
	if (!result)
		result = attach(live);
	if (result && !error->length)
		strbuf_printf(error, "%s: cannot attach (--hook=%s): %s%s",
			      live->target.interface.name,
			      hook_name(live->kind), strerror(-result),
			      hint(live, result));
	return result;
}

int live_open(struct source **out, const struct live_target *target,
	      const struct live_options *options, const struct filter *filter,
	      struct strbuf *error)
{
	struct live *live = calloc(1, sizeof(*live));
	int result;

	if (!live)
		return -ENOMEM;
	live->source = (struct source){
		.ops = &LIVE_OPS,
		.link_type = target->link_type,
		.snapshot = options->snapshot,
		.nanoseconds = true,
		.clock_offset = read_clock_offset(),
	};
	live->target = *target;
	live->options = *options;
	live->epoll = live->promiscuous = -1;
	result = open_live(live, filter, error);
	if (result)
		live_free(&live->source);
	else
		*out = &live->source;
	return result;
}

int live_sender_map(const struct source *source, const char *name)
{
	const struct live *live = (const struct live *)source;

	return tells_senders(live) ? tap_map_fd(live->tap, name) : -ENOENT;
}

enum hook_kind live_hook(const struct source *source)
{
	return ((const struct live *)source)->kind;
}
