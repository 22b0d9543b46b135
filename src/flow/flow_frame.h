/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames of a file into deltas: what the kernel's tap does live, with a cache
 * of its own, so that a packet of a busy flow costs no more than delta_add().
 * Here both directions of a flow share a slot, which allows to measure round
 * trips; fragments find the ports of their first one; and packets inside
 * tunnels are looked for.
 */
#ifndef BSNIFF_FLOW_FLOW_FRAME_H
#define BSNIFF_FLOW_FLOW_FRAME_H

#include "bpf/contract.h"
#include "src/base/cursor.h"
#include "src/base/frame.h"
#include "src/flow/connection.h"

struct flow_frames;

/* A delta, and the round trips that its direction's payload took (NULL: none
 * were measured). 0 or a negative errno. */
typedef int (*flow_frames_emit)(const struct flow_delta *delta,
				const struct connection_rtt *rtt,
				void *context);

/* Payload of a packet that may hold names: UDP from port 53 or 5353, TCP that
 * begins as TLS does. */
typedef void (*flow_frames_payload)(const struct flow_key *key,
				    struct slice payload, void *context);

/* Have @payload called with @context. */
void flow_frames_watch(struct flow_frames *frames, flow_frames_payload payload,
		       void *context);

/* Read a frame and call @payload as flow_frames_add() would; nothing else. */
void flow_frames_peek(const struct frame *frame, flow_frames_payload payload,
		      void *context);

/* The flow that a packet belongs to (of tunnels: the outer one), and its TCP or
 * UDP payload as far as it was captured. */
void flow_frames_look(const struct frame *frame, struct flow_key *key,
		      struct slice *payload);

/* NULL: no memory. */
struct flow_frames *flow_frames_new(flow_frames_emit emit, void *context);
void flow_frames_free(struct flow_frames *frames);

/* Count @frame; what that displaces is emitted. 0, or what emit returned. */
int flow_frames_add(struct flow_frames *frames, const struct frame *frame);

/* Emit all that is held back. */
int flow_frames_flush(struct flow_frames *frames);

#endif
