/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hooks: the places in the kernel where the tap's programs can be attached.
 */
#ifndef BSNIFF_SOURCE_HOOK_H
#define BSNIFF_SOURCE_HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "src/source/tap.h"

enum hook_kind {
	HOOK_AUTO, /* the first that works: TCX, TC, SOCKET */
	HOOK_TCX,  /* Linux 6.6: a link that ends with this process */
	HOOK_TC, /* the clsact qdisc: must be found and removed after a crash */
	HOOK_SOCKET, /* an AF_PACKET socket's filter; the only one for `any` */
};

struct hook_target {
	uint32_t ifindex;    /* 0: all interfaces (HOOK_SOCKET) */
	uint32_t directions; /* enum tap_direction */
	bool cooked;	     /* HOOK_SOCKET: without link headers */
};

struct hook;

/*
 * Attach @tap's programs of @group, which must outlive the hook. When this
 * returns 0, packets are seen, and *@hook is the caller's, for hook_detach(). On
 * failure a negative errno; -EOPNOTSUPP when this kernel does not have the hook.
 */
int hook_attach(struct hook **hook, enum hook_kind kind, const struct tap *tap,
		enum tap_group group, const struct hook_target *target);

/* NULL is allowed. */
void hook_detach(struct hook *hook);

/* "tcx", "tc", "socket". */
const char *hook_name(enum hook_kind kind);

/* Does this kernel have TCX? */
bool hook_tcx_is_there(uint32_t ifindex);

/*
 * Do programs of others decide at that interface what becomes of packets that go
 * out? Then one at traffic control does not see what is on the wire: those in
 * front of it may keep packets to themselves, those behind may drop them.
 */
bool hook_egress_is_shared(uint32_t ifindex);

/*
 * Remove what a bsniff that was killed has left on the clsact qdisc of
 * @ifindex: filters named by a process that no longer runs, and the qdisc if
 * that process made it and nobody else uses it. Returns how many filters were
 * removed, or a negative errno.
 */
int hook_tc_clean(uint32_t ifindex);

/* Ask the interface for all frames, not only its own, until the file
 * descriptor that is returned is closed. Or a negative errno. */
int hook_promiscuous(uint32_t ifindex);

#endif
