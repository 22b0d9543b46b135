/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bpf/tap.bpf.o and bpf/tap_long.bpf.o as bytes inside the program. (No
 * skeletons: bpftool opens no object that still wants its filter.)
 */
#ifndef BSNIFF_SOURCE_TAP_BYTES_H
#define BSNIFF_SOURCE_TAP_BYTES_H

#include <stddef.h>

/* Static storage. */
const void *tap_bytes(size_t *length);
const void *tap_long_bytes(size_t *length);

#endif
