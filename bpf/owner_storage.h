/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The owner of each socket, in the socket's own storage: written by
 * bpf/owner.bpf.c, read by the tap when it filters on owners.
 */
#ifndef BSNIFF_BPF_OWNER_STORAGE_H
#define BSNIFF_BPF_OWNER_STORAGE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/owner.h"

/* A socket that a listener accepts starts with a copy of the listener's. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct owner_state);
} owner_sockets SEC(".maps");

#endif
