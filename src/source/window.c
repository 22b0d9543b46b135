/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/window.h"

#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"
#include "bpf/flow_long.h"
#include "bpf/flow_plain.h"
#include "bpf/headers_plain.h"

struct flow_source {
	const struct flow_window *window;
	window_delta_fn *fn;
	void *user;
	bool *failed;
};

struct window_counter {
	uint32_t link;
	struct tap_work work;
};

static int flow_source_load(const struct flow_source *source,
			    struct tap_work *work)
{
	uint32_t at = work->layer.offset, have = source->window->caplen;

	if (have > FLOW_WINDOW)
		have = FLOW_WINDOW;
	if (at >= have)
		return -1;
	/* Of an inner packet, what came along has to do. */
	if (work->length > have - at)
		work->length = have - at;
	memcpy(work->window, source->window->bytes + at, work->length);
	return 0;
}

static void flow_source_count(const struct flow_source *source,
			      struct tap_work *work)
{
	const struct view view = {work->window, work->window + work->length};
	struct flow_delta delta;

	delta_begin(&delta, &work->key, &work->facts);
	delta_add(&delta, &view, &work->facts);
	source->fn(source->user, &delta);
}

static void flow_source_fail(const struct flow_source *source)
{
	*source->failed = true;
}

struct window_counter *window_counter_new(uint32_t link)
{
	struct window_counter *counter = calloc(1, sizeof(*counter));

	if (counter)
		counter->link = link;
	return counter;
}

void window_counter_free(struct window_counter *counter)
{
	free(counter);
}

bool window_count(struct window_counter *counter,
		  const struct flow_window *window, window_delta_fn *fn,
		  void *user)
{
	bool failed = false;
	const struct flow_source source = {window, fn, user, &failed};
	struct tap_work *work = &counter->work;

	work->meta = (struct packet_meta){
		.time = window->time,
		.len = window->len,
		.ifindex = window->ifindex,
		.link = counter->link,
		.gso_segs = window->gso_segs,
		.gso_size = window->gso_size,
		.vlan_tci = window->vlan_tci,
		.protocol = window->protocol,
		.has_vlan = window->has_vlan,
	};
	flow_long(&source, work);
	return !failed;
}

bool window_count_plain(const struct flow_plain *plain, window_delta_fn *fn,
			void *user)
{
	const struct view none = {NULL, NULL};
	uint8_t bytes[HEADERS_PLAIN];
	struct packet_facts facts;
	struct packet_meta meta;
	struct flow_delta delta;
	struct flow_key key;
	uint8_t protocol;

	flow_plain_unpack(plain, bytes, &meta);
	protocol = headers_plain_protocol(bytes, &meta);
	if (!protocol)
		return false;
	headers_plain_key(bytes, FLOW_IPV4, protocol, &meta, &key);
	headers_plain_facts(bytes, FLOW_IPV4, protocol, &meta, &facts);
	delta_begin(&delta, &key, &facts);
	delta_add(&delta, &none, &facts);
	fn(user, &delta);
	return true;
}

bool window_take(struct window_counter *counter, const void *record,
		 size_t length, window_delta_fn *fn, void *user)
{
	struct flow_delta delta;

	switch (length) {
	case FLOW_RECORD_PLAIN:
		return window_count_plain(record, fn, user);
	case FLOW_RECORD_WINDOW_SHORT:
	case FLOW_RECORD_WINDOW:
		return window_count(counter, record, fn, user);
	case FLOW_RECORD_DELTA_COUNTS:
	case FLOW_RECORD_DELTA_RUN:
	case FLOW_RECORD_DELTA:
		memcpy(&delta, record, length);
		memset((uint8_t *)&delta + length, 0, sizeof(delta) - length);
		fn(user, &delta);
		return true;
	default:
		return false;
	}
}
