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

/* What is known of one side of a flow, borrowed. */
struct flow_frames_result {
	const struct flow_key *key; /* canonical (connection_canonical_key()) */
	uint64_t hash;		    /* delta_key_hash() of it and the seed */
	int side;
	const struct flow_delta *delta;	  /* NULL: no packets */
	const struct connection_rtt *rtt; /* of its payload; NULL: none */
	uint8_t service; /* of the flow, enum service_kind; 0: not known */
};

struct flow_frames_options {
	/* Count no packets: only round trips are emitted, and payload is
	 * handed out. For a live capture, whose packets the kernel counts. */
	bool only_time;
	bool trust_checksums; /* verify none: no delta is marked */
	uint64_t seed; /* of delta_key_hash(), so that nobody makes collisions
			  on purpose */
	/* 0 or a negative errno; 1: with only_time, there is no such connection
	 * yet, and the result is to be kept. */
	int (*emit)(const struct flow_frames_result *result, void *context);
	/* Payload that may hold names (UDP from port 53 or 5353, TCP that
	 * begins as TLS does) or tell the flow's service (the first few).
	 * Returns that, an enum service_kind. NULL: nobody wants it. */
	uint8_t (*payload)(const struct flow_key *key, struct slice payload,
			   void *context);
	void *context;
};

/* The flow that a packet belongs to (of tunnels: the outer one), and its TCP or
 * UDP payload as far as it was captured. */
void flow_frames_look(const struct frame *frame, struct flow_key *key,
		      struct slice *payload);

/* NULL: no memory. */
struct flow_frames *flow_frames_new(const struct flow_frames_options *options);
void flow_frames_free(struct flow_frames *frames);

/* Count @frame; what has no room any more is emitted. 0, or what emit
 * returned. */
int flow_frames_add(struct flow_frames *frames, const struct frame *frame);

/* Emit all that is held back. */
int flow_frames_flush(struct flow_frames *frames);

#endif
