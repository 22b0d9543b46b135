/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A capture that begins early: with a packet socket and a program that is soon
 * loaded. A thread loads the tap meanwhile, which takes over when it is there, at
 * TCX (bpf/handover.h) or at the same socket.
 */
#ifndef BSNIFF_SOURCE_HANDOVER_H
#define BSNIFF_SOURCE_HANDOVER_H

#include "src/source/hook.h"

struct handover;

/*
 * @tap is loaded with begins_early; @kind is HOOK_TCX or HOOK_SOCKET. When this
 * returns 0, packets are seen, and *@handover is the caller's, for
 * handover_end(). Should the rest fail, it stays as it is, and a warning that
 * begins with @name says why. @tap and @name are borrowed until the end. Else a
 * negative errno.
 */
int handover_begin(struct handover **handover, enum hook_kind kind,
		   struct tap *tap, const struct hook_target *target,
		   const char *name);

/* Wait for the thread, and detach all that is attached. NULL is allowed. */
void handover_end(struct handover *handover);

#endif
