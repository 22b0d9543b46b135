/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bpf/owner.bpf.o as bytes inside the program.
 */
#ifndef BSNIFF_OWNER_OWNER_BYTES_H
#define BSNIFF_OWNER_OWNER_BYTES_H

#include <stddef.h>

/* Static storage. */
const void *owner_bytes(size_t *length);

#endif
