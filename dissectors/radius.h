/* SPDX-License-Identifier: BSD-3-Clause */
/* RADIUS: RFC 2865 and those that add attributes. */
#ifndef BSNIFF_DISSECTORS_RADIUS_H
#define BSNIFF_DISSECTORS_RADIUS_H

#include "dissectors/put.h"

/* The attributes from @c on, @length bytes of them on the wire, a line each. */
void radius_text_attributes(struct text *t, struct cursor c, uint32_t length);

#endif
