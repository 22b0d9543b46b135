/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * From a packet socket to traffic control, with no packet lost or seen twice.
 *
 * A socket is there at once, TCX only after two RCU grace periods, but it is
 * cheaper. So a capture begins with a socket, and gates are attached to TCX
 * meanwhile: programs that let everything pass until it is their turn (enum
 * tap_turn), and then jump to the tap. In the end the tap takes their place.
 *
 * What comes in meets the socket first (__netif_receive_skb_core), and the gate
 * right after it. What goes out meets the gate first (__dev_queue_xmit), and then
 * the socket, perhaps as several segments. Both happen on one CPU, with nothing
 * of this device in between, and within one RCU section, if it has no queue;
 * where it has one, captures do not begin so. So who comes first leaves a note.
 */
#ifndef BSNIFF_BPF_HANDOVER_H
#define BSNIFF_BPF_HANDOVER_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/tap_maps.h"

struct handover_notes {
	__u64 in;  /* the packet that the socket has counted last: only compared */
	__u64 out; /* the gate has counted the packet that it saw last */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct handover_notes);
} notes SEC(".maps");

/* Whose turn it is (enum tap_turn), and this CPU's notes. NULL, which the verifier
 * wants to hear of, never comes. */
static __always_inline struct handover_notes *handover_look(__u32 *turn)
{
	const volatile struct tap_control *control = tap_control_get();
	__u32 zero = 0;

	if (!control)
		return NULL;
	*turn = control->turn;
	return bpf_map_lookup_elem(&notes, &zero);
}

/* Is the packet the socket's to count? */
static __always_inline int handover_is_for_socket(struct __sk_buff *skb,
						  __u8 direction)
{
	__u32 turn = TAP_TURN_SOCKET;
	struct handover_notes *own = handover_look(&turn);

	if (!own)
		return 0;
	if (direction == TAP_OUT)
		return turn != TAP_TURN_TC && !own->out;
	own->in = turn == TAP_TURN_SOCKET ? (__u64)(long)skb : 0;
	return turn == TAP_TURN_SOCKET;
}

/* Or the gate's? */
static __always_inline int handover_is_for_gate(struct __sk_buff *skb,
						__u8 direction)
{
	__u32 turn = TAP_TURN_SOCKET;
	struct handover_notes *own = handover_look(&turn);

	if (!own)
		return 0;
	if (direction == TAP_OUT) {
		own->out = turn != TAP_TURN_SOCKET;
	} else if (turn != TAP_TURN_TC && own->in == (__u64)(long)skb) {
		own->in = 0;
		return 0;
	}
	return turn != TAP_TURN_SOCKET;
}

#endif
