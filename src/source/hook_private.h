/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the kinds of hooks share; for src/source/hook*.c only.
 */
#ifndef BSNIFF_SOURCE_HOOK_PRIVATE_H
#define BSNIFF_SOURCE_HOOK_PRIVATE_H

#include <pthread.h>

#include "src/source/hook.h"

struct hook;

struct hook_ops {
	const char *name; /* as --hook= has it */
	int (*begin)(struct hook *hook);
	int (*finish)(struct hook *hook, const struct tap *tap);
	void (*detach)(struct hook *hook);
};

struct hook {
	const struct hook_ops *ops;
	const struct gate *gate; /* borrowed */
	struct hook_target target;
	pthread_t thread; /* TCX: attaches */
	bool attaching;	  /* the thread is to be waited for */
	int error;	  /* what came of it */
	int fds[2];	  /* links, or a socket; -1: none */
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
