/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TCX, begun before there is a tap to attach (bpf/gate.bpf.c): a thread sits
 * out the kernel's waiting meanwhile.
 *
 * In this order: gate_begin(), gate_open(), gate_finish(), gate_close().
 */
#ifndef BSNIFF_SOURCE_GATE_H
#define BSNIFF_SOURCE_GATE_H

#include "src/source/hook.h"

struct gate;

/* Begin to attach. 0 and the caller's *@gate, or a negative errno. */
int gate_begin(struct gate **gate, const struct hook_target *target);

/* Packets reach @tap from now on, on the sides that are attached already. 0 or a
 * negative errno. */
int gate_open(struct gate *gate, const struct tap *tap);

/* When this returns 0, both sides are attached, and the tap is in the gate's
 * place. Else a negative errno, -EOPNOTSUPP when this kernel has no TCX. */
int gate_finish(struct gate *gate);

/* Detach, and release; NULL is allowed. */
void gate_close(struct gate *gate);

#endif
