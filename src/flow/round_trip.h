/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Round-trip times of TCP, from payload and the acknowledgment that ends just
 * behind it: what a packet took from where we look to its receiver and back.
 * (Wireshark's tcp.analysis.ack_rtt, less those of SYN and FIN.) A packet that
 * was repeated is not timed, for nobody knows which copy was acknowledged
 * (Karn's rule, RFC 6298 section 3).
 */
#ifndef BSNIFF_FLOW_ROUND_TRIP_H
#define BSNIFF_FLOW_ROUND_TRIP_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/headers.h"
#include "src/flow/connection.h"

/* Packets on their way that are timed: of more, the oldest and the latest, for
 * one acknowledgment may end a burst. 2^n */
enum { ROUND_TRIP_WAITING = 8 };

/* What one side of a connection has sent. All zero: nothing yet. */
struct round_trip {
	struct connection_rtt rtt; /* so far; the user may empty it */
	uint32_t high;	 /* sequence number behind the highest payload */
	bool has_high;	 /* it is known */
	uint8_t head;	 /* the oldest of those that wait */
	uint8_t waiting; /* how many; in order of their ends */
	uint32_t ends[ROUND_TRIP_WAITING]; /* what acknowledges each */
	uint64_t sent[ROUND_TRIP_WAITING]; /* when, ns */
};

/* Add @from to @sum. */
void round_trip_add(struct connection_rtt *sum,
		    const struct connection_rtt *from);

/* One side has sent a TCP packet, whose facts are at @facts: it may be timed,
 * and may acknowledge what @peer sent. */
void round_trip_note(struct round_trip *self, struct round_trip *peer,
		     const struct packet_facts *facts);

#endif
