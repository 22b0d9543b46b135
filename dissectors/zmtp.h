/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ZMTP 1.0 in datagrams, which PGM carries.
 */
#ifndef BSNIFF_DISSECTORS_ZMTP_H
#define BSNIFF_DISSECTORS_ZMTP_H

#include "dissectors/put.h"

/* A datagram said to have @length bytes; @c is what there is of it. */
void zmtp_text_datagram(struct text *t, struct cursor c, uint32_t length);

#endif
