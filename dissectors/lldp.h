/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What organizations put into LLDP: IEEE 802.1, IEEE 802.3, TIA, DCBX, IANA.
 */
#ifndef BSNIFF_DISSECTORS_LLDP_H
#define BSNIFF_DISSECTORS_LLDP_H

#include "dissectors/field.h"

/* The value of an organization's TLV, @length bytes from the identifier @oui
 * on, all of them captured. True: it is to be dumped. */
bool lldp_text_private(struct text *t, const struct layer *layer, uint32_t oui,
		       size_t at, uint32_t length);

/* TIA's part of it. */
bool lldp_text_tia(struct text *t, const struct layer *layer, size_t at,
		   uint32_t length);

#endif
