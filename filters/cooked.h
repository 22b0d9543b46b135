/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Live capture from `any`: libpcap compiles for Linux cooked v2 headers
 * (DLT_LINUX_SLL2), but the packet begins at its network header and the cooked
 * header exists only as metadata.
 */
#ifndef BSNIFF_FILTERS_COOKED_H
#define BSNIFF_FILTERS_COOKED_H

#include "filters/classic.h"

/* Loads beyond the cooked header move down; loads of its fields become
 * extensions. 0, or -EOPNOTSUPP with a line in @error for a field that the
 * kernel does not keep. */
int cooked_translate(struct classic *program, struct strbuf *error);

#endif
