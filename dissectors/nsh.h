/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The numbers of what NSH and VXLAN-GPE carry, which are the same: RFC 8300,
 * draft-ietf-nvo3-vxlan-gpe.
 */
#ifndef BSNIFF_DISSECTORS_NSH_H
#define BSNIFF_DISSECTORS_NSH_H

#include "dissectors/dissector.h"

/* Who decodes @protocol; NULL if nobody does. */
const struct dissector *nsh_find(uint8_t protocol);

#endif
