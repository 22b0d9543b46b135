/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the kinds of hooks share; for src/source/hook*.c only.
 */
#ifndef BSNIFF_SOURCE_HOOK_PRIVATE_H
#define BSNIFF_SOURCE_HOOK_PRIVATE_H

#include "src/source/hook.h"

struct hook;

struct hook_ops {
	const char *name; /* as --hook= has it */
	/* 0, or a negative errno; then detach() still follows. */
	int (*attach)(struct hook *hook);
	void (*detach)(struct hook *hook);
};

/* The sides of traffic control; subscripts of what a hook has for each. */
enum { HOOK_SIDE_IN, HOOK_SIDE_OUT, HOOK_SIDES };

static inline enum tap_direction hook_side_direction(int side)
{
	return side == HOOK_SIDE_IN ? TAP_IN : TAP_OUT;
}

struct hook {
	const struct hook_ops *ops;
	struct hook_target target;
	int programs[HOOK_SIDES]; /* to attach; borrowed. A socket's is the
				     first */
	int fds[HOOK_SIDES];	  /* links, a socket, or what tells that we
				     live (clsact); -1: none */
	struct tc_filter {
		uint32_t parent; /* 0: none */
		uint32_t priority;
		uint32_t handle;
	} filters[HOOK_SIDES]; /* clsact: what we have put there */
	bool made_qdisc;
};

extern const struct hook_ops HOOK_TCX_OPS;
extern const struct hook_ops HOOK_TC_OPS;
extern const struct hook_ops HOOK_SOCKET_OPS;

/* Put another program behind a TCX link, at once and for each packet as a whole.
 * 0 or a negative errno. */
int hook_tcx_update(const struct hook *hook, int side, int program);

/* Give the socket another filter, likewise. */
int hook_socket_update(const struct hook *hook, int program);

/*
 * Programs of others that may keep a packet from reaching ours, or change it
 * behind us: how many on that side of the interface, in TCX and on clsact
 * together. A bsniff's own count for nothing. Negative: there is no TCX. */
int hook_tcx_others(uint32_t ifindex, int side);
int hook_tc_others(uint32_t ifindex, int side);

#endif
