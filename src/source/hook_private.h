/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the kinds of hooks share; for src/source/hook*.c only.
 */
#ifndef BSNIFF_SOURCE_HOOK_PRIVATE_H
#define BSNIFF_SOURCE_HOOK_PRIVATE_H

#include "src/source/hook.h"

struct hook {
	const struct hook_ops *ops;
	uint32_t ifindex;
	int fds[2]; /* links, or a socket; -1: none */
	struct tc_filter {
		uint32_t parent; /* 0: none */
		uint32_t priority;
		uint32_t handle;
	} filters[2]; /* clsact: what we have put there */
	bool made_qdisc;
};

extern const struct hook_ops HOOK_TCX_OPS;
extern const struct hook_ops HOOK_TC_OPS;
extern const struct hook_ops HOOK_SOCKET_OPS;

#endif
