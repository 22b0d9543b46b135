/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The long way of counting a packet: whatever it is, headers_read() reads it,
 * fragments find their ports, and packets inside tunnels are counted too.
 *
 * Compiled for the kernel (bpf/tap_long.bpf.c) and for the host
 * (src/source/window.c). Whoever includes it says what a source of bytes is and
 * how is counted.
 */
#ifndef BSNIFF_BPF_TAP_WORK_PART_H
#define BSNIFF_BPF_TAP_WORK_PART_H

#include "bpf/fragments.h"
#include "bpf/headers.h"
#include "bpf/tap_work.h"
#include "bpf/tunnel.h"

/* Where the packet's bytes are; the includer's. */
struct flow_source;

/* Copy work->length bytes from work->layer.offset on into work->window. 0, or
 * -1 if they cannot be had. */
static int flow_source_load(const struct flow_source *source,
			    struct tap_work *work);

/* Count what work->key and work->facts say. */
static void flow_source_count(const struct flow_source *source,
			      struct tap_work *work);

/* The packet cannot be counted. */
static void flow_source_fail(const struct flow_source *source);

TAP_WORK_PART int flow_long_join(struct tap_work *work)
{
	if (work)
		fragments_join(&work->fragments, &work->key, &work->facts);
	return 0;
}

static __always_inline void flow_long_read_joined(struct tap_work *work)
{
	tap_work_read(work);
	if (work->facts.fragment)
		flow_long_join(work);
}

TAP_WORK_PART int flow_long_find_inner(struct tap_work *work)
{
	struct view view;

	if (!work)
		return 0;
	view.data = work->window;
	view.end = work->window + work->length;
	return tunnel_find(&view, work->meta.len, &work->facts, &work->inner);
}

/* As much of the packet as work->meta.len says, but no more than fits. */
static __always_inline int flow_long_load(const struct flow_source *source,
					  struct tap_work *work)
{
	__u32 length = work->meta.len;

	if (length > HEADERS_WINDOW)
		length = HEADERS_WINDOW;
	work->length = length;
	return flow_source_load(source, work);
}

/* Go on with the inner packet. 0, or -1 if its bytes cannot be had. */
static __always_inline int flow_long_enter(const struct flow_source *source,
					   struct tap_work *work)
{
	tunnel_enter(&work->layer, &work->meta, &work->facts, &work->inner);
	if (flow_long_load(source, work))
		return -1;
	flow_long_read_joined(work);
	tunnel_label(&work->layer, &work->key, &work->facts);
	return 0;
}

/* Count the packet that work->meta describes, and what is inside it: the packet
 * itself, unless it is but an envelope. */
static __always_inline void flow_long(const struct flow_source *source,
				      struct tap_work *work)
{
	__builtin_memset(&work->layer, 0, sizeof(work->layer));
	if (flow_long_load(source, work)) {
		flow_source_fail(source);
		return;
	}
	flow_long_read_joined(work);
	HEADERS_LOOP
	for (int i = 0; i < TUNNEL_DEPTH; i++) {
		if (!work->facts.tunnel || !flow_long_find_inner(work))
			break;
		if (work->inner.tunnel & FLOW_TUNNEL_INNER)
			flow_source_count(source, work);
		if (flow_long_enter(source, work)) {
			if (!(work->layer.tunnel & FLOW_TUNNEL_INNER))
				flow_source_fail(source);
			return;
		}
	}
	flow_source_count(source, work);
}

#endif
