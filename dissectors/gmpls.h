/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Registered numbers of (generalised) MPLS: RFC 3471, RFC 4203, RFC 4124.
 */
#ifndef BSNIFF_DISSECTORS_GMPLS_H
#define BSNIFF_DISSECTORS_GMPLS_H

#include "dissectors/put.h"

extern const struct label gmpls_protection_labels[]; /* bits */
extern const struct label gmpls_switching_labels[];
extern const struct label gmpls_encoding_labels[];
extern const struct label gmpls_payload_labels[];
extern const struct label gmpls_tdm_labels[];
extern const struct label gmpls_constraint_labels[];

/* What a pseudowire carries: RFC 4446. */
extern const struct label pseudowire_labels[];

#endif
