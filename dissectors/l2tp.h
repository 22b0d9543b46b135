/* SPDX-License-Identifier: BSD-3-Clause */
/* L2TP: RFC 2661. */
#ifndef BSNIFF_DISSECTORS_L2TP_H
#define BSNIFF_DISSECTORS_L2TP_H

#include "dissectors/put.h"

/* The attribute-value pairs of a control message from @c on, @length bytes. */
void l2tp_text_attributes(struct text *t, struct cursor c, uint32_t length);

#endif
