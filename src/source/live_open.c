/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Opening the live source: what the tap is to be, and where it is attached.
 */
#include "src/source/live_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include <pcap/dlt.h>

#include "src/base/log.h"
#include "src/source/ring.h"

enum {
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
	DEFAULT_RING = 4 << 20, /* bytes for packets, of a CPU */
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

/* ---- The tap ---- */

static size_t cpu_count(void)
{
	return (size_t)sysconf(_SC_NPROCESSORS_CONF);
}

/*
 * A CPU's ring: its share of what was asked for, but no less than it has when
 * nothing is (or than all that was asked for), and room for a packet of the
 * snapshot length. As the map wants it: 2^n pages.
 */
static size_t ring_size(const struct live_options *options)
{
	size_t packet = tap_ring_room(sizeof(struct tap_record) +
				      options->snapshot);
	size_t asked = options->ring ? options->ring : DEFAULT_RING;
	size_t want = asked < DEFAULT_RING ? asked : DEFAULT_RING;
	size_t size = (size_t)sysconf(_SC_PAGESIZE);

	if (want < asked / cpu_count())
		want = asked / cpu_count();
	while (size < want || size < packet)
		size *= 2;
	return size;
}

/* What is divided among the CPUs: @all, but neither more nor less than is of
 * use to one. Powers of two. */
static size_t share_of_cpu(size_t all, size_t most, size_t least)
{
	size_t share = most;

	while (share > least && share * cpu_count() > all)
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
		.begins_early = live->begins_early,
		.packet_ring = options->snapshot ? ring_size(options) : 0,
		.delta_ring = delta_ring_size(options),
	};

	tap.config.wake_bytes = wake_bytes(&tap);
	if (getrandom(&tap.config.seed, sizeof(tap.config.seed),
		      GRND_NONBLOCK) < 0)
		tap.config.seed = (uint32_t)live_clock();
	tap.config.hands_over = live->begins_early &&
				live->target.backend == FILTER_BACKEND_TC;
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

static int prepare_reading(struct live *live)
{
	struct tap_ring *rings;
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
	live->delta_rings = tap_delta_rings(live->tap, &live->delta_ring_count);
	/* Edge triggered: it is rung again before it is empty. */
	if (!error)
		error = watch(live, tap_bell(live->tap)->fd,
			      EPOLLIN | EPOLLET);
	if (!error)
		error = watch(live, interface_monitor_fd(live->monitor),
			      EPOLLIN);
	if (!error && live->options.wake >= 0)
		error = watch(live, live->options.wake, EPOLLIN | EPOLLET);
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
		log_warning("%s: removed %d filter%s that an earlier bsniff, "
			    "which was killed, had left attached",
			    live->target.interface.name, removed,
			    removed == 1 ? "" : "s");
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
	return hook_attach(&live->hook, kind, live->tap, TAP_GROUP_TAP,
			   &target);
}

/*
 * A socket and a program that is short are soon there, and then somebody else
 * takes over: TCX, which takes its time; or, when flows are counted, the
 * socket's other program. Not when owners are filtered, for no socket knows them;
 * nor to TCX where packets that go out may wait (see bpf/handover.h).
 */
static bool begins_early(const struct live *live)
{
	if (live->target.backend == FILTER_BACKEND_SOCKET)
		return live->options.count_flows;
	return live->options.hook != HOOK_TC && !live->options.filter_owners &&
	       (!live->target.interface.has_queue ||
		!(live->options.directions & TAP_OUT)) &&
	       hook_tcx_is_there(live->target.interface.index);
}

static int attach_traffic_control(struct live *live)
{
	int error = -EOPNOTSUPP;

	if (live->options.hook != HOOK_TC)
		error = attach_hook(live, HOOK_TCX);
	if (live->options.hook == HOOK_TC ||
	    (error == -EOPNOTSUPP && live->options.hook == HOOK_AUTO))
		error = attach_hook(live, HOOK_TC);
	return error;
}

static int attach(struct live *live)
{
	const struct hook_target target = hook_target_of(live);
	bool is_socket = live->target.backend == FILTER_BACKEND_SOCKET;

	clean_left_overs(live);
	if (live->begins_early) {
		live->kind = is_socket ? HOOK_SOCKET : HOOK_TCX;
		return handover_begin(&live->handover, live->kind, live->tap,
				      &target, live->target.interface.name);
	}
	if (is_socket)
		return attach_hook(live, HOOK_SOCKET);
	return attach_traffic_control(live);
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

/* What the kernel may lack when it says @result. */
static const char *hint(const struct live *live, int result)
{
	if (result == -ENOSYS)
		return " (this kernel has no bpf(2), CONFIG_BPF_SYSCALL)";
	if (result == -EOPNOTSUPP && live->kind == HOOK_TCX)
		return " (TCX takes Linux 6.6; try --hook=auto)";
	return "";
}

static int load_tap(struct live *live, const struct filter *filter,
		    struct strbuf *error)
{
	struct tap_options options = make_tap_options(live, filter);
	int result;

	options.verbose = live->options.verbose;
	result = tap_load(&live->tap, &options, error);
	if (result && !error->length)
		strbuf_printf(error,
			      "%s: cannot load the kernel programs: %s%s",
			      live->target.interface.name, strerror(-result),
			      hint(live, result));
	return result;
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
	live->begins_early = begins_early(live);
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
		.clock_offset = live_clock_offset(),
	};
	live->target = *target;
	live->options = *options;
	live->epoll = live->promiscuous = -1;
	result = open_live(live, filter, error);
	if (result)
		LIVE_OPS.free(&live->source);
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
