/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Registered numbers that more than one protocol prints.
 */
#ifndef BSNIFF_DISSECTORS_LABELS_H
#define BSNIFF_DISSECTORS_LABELS_H

#include "dissectors/put.h"

extern const struct label ethertype_labels[];	/* IEEE 802 numbers */
extern const struct label oui_labels[];		/* organisations */
extern const struct label enterprise_labels[];	/* SMI enterprise codes */
extern const struct label ip_protocol_labels[]; /* IANA, as -v prints them */
extern const struct label bsd_family_labels[];	/* address families of BSD */
extern const struct label family_labels[];	/* IANA address families */

#endif
