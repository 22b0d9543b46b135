/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/* What headers_check.bpf.c and headers_kernel.c share. */
#ifndef BSNIFF_TESTS_HEADERS_CHECK_H
#define BSNIFF_TESTS_HEADERS_CHECK_H

#include "bpf/delta.h"

/* A small cache, so that deltas of several packets come about. */
#define HEADERS_CHECK_SLOTS 256

struct headers_check {
	__u64 time; /* in: the packet's */
	__u64 seed; /* in */
	__u64 hash; /* out, and all below */
	__u64 spills;
	struct flow_key key;
	struct packet_facts facts;
	struct flow_delta spilled; /* the latest */
	struct flow_delta slots[HEADERS_CHECK_SLOTS];
};

#endif
