/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The gate of bpf/gate.bpf.c, loaded: the programs to attach at the sides of
 * traffic control, which do nothing until the tap is put behind them.
 */
#ifndef BSNIFF_SOURCE_GATE_H
#define BSNIFF_SOURCE_GATE_H

#include "bpf/contract.h"

struct gate;

/* 0 and the caller's *@gate, or a negative errno (-EPERM: no privileges). */
int gate_load(struct gate **gate);
void gate_free(struct gate *gate);

/* The program for a side, TAP_IN or TAP_OUT. Owned by the gate. */
int gate_program_fd(const struct gate *gate, enum tap_direction side);

/* The map through which gate and tap talk; the tap is loaded with it. */
int gate_works_fd(const struct gate *gate);

/* From now on, packets reach @program. 0 or a negative errno. */
int gate_open(struct gate *gate, int program);

#endif
