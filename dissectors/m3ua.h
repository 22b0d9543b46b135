/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * M3UA messages, which are printed inside the SCTP chunk that carries them.
 */
#ifndef BSNIFF_DISSECTORS_M3UA_H
#define BSNIFF_DISSECTORS_M3UA_H

#include "dissectors/put.h"

/* The message of @length bytes at @p; the snapshot ends at @end. */
void m3ua_text(struct text *t, const uint8_t *p, uint32_t length,
	       const uint8_t *end);

#endif
