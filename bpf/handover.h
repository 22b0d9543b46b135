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
 * right after it on the same CPU: the socket notes what it has counted.
 *
 * What goes out meets the gate first (__dev_queue_xmit), and the socket when it
 * leaves the queue, perhaps much later, as other packets (segments): what the gate
 * has counted is marked, by a field that nothing but sch_gred reads and that
 * the copies take along. One that is used already is left to the socket.
 */
#ifndef BSNIFF_BPF_HANDOVER_H
#define BSNIFF_BPF_HANDOVER_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/contract.h"
#include "bpf/tap_maps.h"

/* The packet coming in that the socket has counted last. Only compared. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} counted_in SEC(".maps");

static __always_inline __u64 *handover_note(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&counted_in, &zero);
}

/* Is the packet the socket's to count? */
static __always_inline int handover_is_for_socket(struct __sk_buff *skb,
						  __u8 direction)
{
	const volatile struct tap_control *control = tap_control_get();
	__u64 *note = handover_note();
	__u32 turn;

	if (!control || !note)
		return 0;
	turn = control->turn;
	if (direction == TAP_OUT)
		return turn != TAP_TURN_TC && skb->tc_index != config.mark;
	*note = turn == TAP_TURN_SOCKET ? (__u64)(long)skb : 0;
	return turn == TAP_TURN_SOCKET;
}

/* Or the gate's? */
static __always_inline int handover_is_for_gate(struct __sk_buff *skb,
						__u8 direction)
{
	const volatile struct tap_control *control = tap_control_get();
	__u64 *note = handover_note();
	__u32 turn;

	if (!control || !note)
		return 0;
	turn = control->turn;
	if (direction == TAP_IN) {
		if (*note == (__u64)(long)skb) {
			*note = 0;
			return 0;
		}
		return turn != TAP_TURN_SOCKET;
	}
	if (turn == TAP_TURN_GATE) {
		if (skb->tc_index)
			return 0;
		skb->tc_index = (__u16)config.mark;
	}
	return turn != TAP_TURN_SOCKET;
}

#endif
