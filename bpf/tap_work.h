/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * What the tap knows of the packet that a CPU is busy with: too much for a
 * stack.
 */
#ifndef BSNIFF_BPF_TAP_WORK_H
#define BSNIFF_BPF_TAP_WORK_H

#include "bpf/contract.h"
#include "bpf/fragments.h"
#include "bpf/headers.h"
#include "bpf/tunnel.h"

struct tap_work {
	struct packet_meta meta;
	struct packet_facts facts;
	struct flow_key key;
	struct tap_record record;
	__u64 wake;	/* flags for the ring: BPF_RB_* */
	struct tunnel_layer layer; /* while tunnels are looked into */
	struct tunnel_inner inner;
	__u32 length;	/* bytes of window that are valid */
	__u8 direction; /* enum tap_direction */
	__u8 reserved[3];
	__u8 window[HEADERS_WINDOW]; /* the packet's first bytes */
	struct fragments fragments;  /* stays from packet to packet */
};

#endif
