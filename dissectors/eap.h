/* SPDX-License-Identifier: BSD-3-Clause */
/* EAP: RFC 3748; over LANs: IEEE 802.1X. */
#ifndef BSNIFF_DISSECTORS_EAP_H
#define BSNIFF_DISSECTORS_EAP_H

#include "dissectors/put.h"

/* The EAP packet at @c, @length bytes of it on the wire: also what RADIUS
 * carries. */
void eap_text(struct text *t, struct cursor c, uint32_t length);

#endif
