/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/live_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/source/ring.h"
#include "src/source/tap.h"

enum {
	/* Between a packet's time and its record in the ring lie some
	 * instructions, unless the CPU is taken away in between. */
	HORIZON_NS = 200 * 1000,
	/* The sleeping flag and a packet can miss each other: look again. */
	SLEEP_MS = 1000,
	/* Stay awake this many naps after the last packet. */
	IDLE_NAPS = 3,
	RECORDS_A_POLL = 65536, /* so that signals are noticed soon */
	RELEASE_BYTES = 256 * 1024,
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

int64_t live_clock(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* Sampled again and again, since NTP slews one against the other; between two
 * looks at the one clock the other is read to within half their distance. */
int64_t live_clock_offset(void)
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
	int64_t offset = live_clock_offset();
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
	size_t share = live->merge.count
			       ? tap_ring_size(&live->merge.rings[0]) / 8
			       : 0;

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
		struct tap_ring *ring = &live->delta_rings[i];
		const void *record;
		size_t length, batch = 0;

		while ((record = tap_ring_peek(ring, &length))) {
			live->unaccounted += !window_take(
				live->windows, record, length, sink->delta,
				sink->user);
			tap_ring_next(ring);
			if (++batch % 256 == 0)
				tap_ring_release(ring);
		}
		tap_ring_release(ring);
		count += batch;
	}
	return count;
}

static void empty_bell(struct ring *bell)
{
	size_t length;

	while (ring_peek(bell, &length))
		ring_next(bell);
	ring_release(bell);
}

static void wait_for_events(struct live *live, int timeout)
{
	struct epoll_event events[16];
	int count = epoll_wait(live->epoll, events, 16, timeout);

	for (int i = 0; i < count; i++)
		if (events[i].data.fd == interface_monitor_fd(live->monitor))
			interface_monitor_read(live->monitor);
		else if (events[i].data.fd != live->options.wake)
			empty_bell(tap_bell(live->tap));
}

/* How full is the fullest ring, in parts of 256? */
static unsigned int rings_fill(struct tap_ring *rings, size_t count)
{
	unsigned int most = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned int fill =
			(unsigned int)(tap_ring_used(&rings[i]) * 256 /
				       tap_ring_size(&rings[i]));

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
		if (tap_ring_used(&live->merge.rings[i]))
			return true;
	for (size_t i = 0; i < live->delta_ring_count; i++)
		if (tap_ring_used(&live->delta_rings[i]))
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
	uint64_t horizon = (uint64_t)live_clock() - HORIZON_NS;
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
	handover_end(TAKE_PTR(live->handover));
}

static int live_stop(struct source *source, const struct source_sink *sink)
{
	struct live *live = live_of(source);

	detach(live);
	tap_wait_idle();
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

const struct source_ops LIVE_OPS = {
	.poll = live_poll,
	.flush = live_flush,
	.stop = live_stop,
	.counters = live_counters,
	.free = live_free,
};
