/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the halves of the live source share; for src/source/live*.c only.
 */
#ifndef BSNIFF_SOURCE_LIVE_PRIVATE_H
#define BSNIFF_SOURCE_LIVE_PRIVATE_H

#include "src/source/handover.h"
#include "src/source/interface.h"
#include "src/source/live.h"
#include "src/source/merge.h"
#include "src/source/record.h"
#include "src/source/window.h"

struct live {
	struct source source;
	struct live_target target;
	struct live_options options;
	struct tap *tap;
	struct hook *hook;	   /* NULL: there is a handover */
	struct handover *handover; /* begins early; NULL: a hook */
	enum hook_kind kind;
	int promiscuous; /* holds the interface in that mode; -1: not */
	int epoll;
	struct interface_monitor *monitor;
	struct interface_list interfaces; /* all that were ever seen */
	struct merge merge;
	struct tap_ring *delta_rings;
	size_t delta_ring_count;
	struct window_counter *windows; /* NULL: flows are not counted */
	uint64_t unaccounted;		/* by that */
	struct record_decoder decoder;
	int idle_naps;
	int nap; /* ms, while traffic flows */
	bool begins_early;
	bool finished; /* the sink wants no more */
	bool gone;     /* the interface is */
	char gone_why[64];
};

/* What is done with one that live_open() has opened, also by halves. */
extern const struct source_ops LIVE_OPS;

/* ns of CLOCK_MONOTONIC. */
int64_t live_clock(void);

/* From CLOCK_MONOTONIC to the epoch, ns. */
int64_t live_clock_offset(void);

#endif
