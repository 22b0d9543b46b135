/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where to capture: the interface, and what stands in front of its packets.
 */
#ifndef BSNIFF_SOURCE_LIVE_TARGET_H
#define BSNIFF_SOURCE_LIVE_TARGET_H

#include "filters/filter.h"
#include "src/base/strbuf.h"
#include "src/source/hook.h"
#include "src/source/interface.h"

/* Where to look: decided first, since the filter depends on the link type. */
struct live_target {
	struct interface interface;    /* index 0: `any` */
	struct interface_list all;     /* that there were then; owned */
	int link_type;		    /* a DLT_ value */
	enum tap_link link;
	enum filter_backend backend; /* what the filter is compiled for */
};

/*
 * Find the interface called @name (or `any`, or its number in -D's list) and
 * see what @hook means for it. 0, or a negative errno and a line in @error;
 * live_target_free() either way.
 */
int live_find(struct live_target *target, const char *name, enum hook_kind hook,
	      struct strbuf *error);

void live_target_free(struct live_target *target);

#endif
