/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Routing protocols whose messages are IGMP messages; each prints what stands
 * behind its name.
 */
#ifndef BSNIFF_DISSECTORS_IGMP_H
#define BSNIFF_DISSECTORS_IGMP_H

#include "dissectors/put.h"

void dvmrp_text(struct text *t, const struct layer *igmp);
void pim1_text(struct text *t, const struct layer *igmp);

#endif
