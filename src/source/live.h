/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel of this machine as a source: the tap, attached to one interface
 * or to all.
 */
#ifndef BSNIFF_SOURCE_LIVE_H
#define BSNIFF_SOURCE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filters/filter.h"
#include "src/base/strbuf.h"
#include "src/source/hook.h"
#include "src/source/live_target.h"
#include "src/source/source.h"

struct live_options {
	enum hook_kind hook;
	uint32_t directions; /* enum tap_direction */
	bool promiscuous;
	uint32_t snapshot; /* 0: copy nothing */
	uint32_t sample;
	bool count_flows;
	bool tell_senders;  /* have a stage behind the tap, for who sends */
	bool filter_owners; /* only packets of owners that are wanted */
	int owners;	    /* then: owner_sockets_map() */
	size_t ring; /* bytes, of all CPUs together; 0: the default */
	bool verbose; /* say more when the verifier refuses the filter */
	int latency;  /* ms that a packet may wait for the next */
	int wake;     /* an edge there ends a poll; -1: nothing does */
};

/*
 * Load the tap with @filter and attach it: when this returns 0, each packet is
 * seen. *@source is the caller's. Else a negative errno and a line in @error;
 * -EOPNOTSUPP when only the hook is missing, so that with HOOK_AUTO the caller
 * may try again with HOOK_SOCKET.
 */
int live_open(struct source **source, const struct live_target *target,
	      const struct live_options *options, const struct filter *filter,
	      struct strbuf *error);

/* The map, by its name in bpf/tap_work.h and tap_maps.h, of a tap that jumps to
 * TAP_STAGE_SENDER; -ENOENT if it does not: it takes flows that are counted at
 * traffic control, and lo is left out, where packets are not seen going out. */
int live_sender_map(const struct source *source, const char *name);

/* Which hook it is, for the banner. */
enum hook_kind live_hook(const struct source *source);

/* The name of an interface, also of one that has come since or is gone; NULL
 * if it was never known. Borrowed, valid until the next poll. */
const char *live_interface_name(const struct source *source, uint32_t index);

#endif
