/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * OSPF: what version 2 (RFC 2328) and 3 (RFC 5340) share, and the parts of 2.
 */
#ifndef BSNIFF_DISSECTORS_OSPF_H
#define BSNIFF_DISSECTORS_OSPF_H

#include "dissectors/field.h"

enum ospf_message {
	OSPF_HELLO = 1,
	OSPF_DESCRIPTION = 2,
	OSPF_REQUEST = 3,
	OSPF_UPDATE = 4,
	OSPF_ACK = 5,
};

enum { OSPF_LSA_HEADER = 20 };

extern const struct label ospf_message_labels[];
extern const struct label ospf_option_labels[]; /* of version 2 */

/* A grace LSA (RFC 3623) and a traffic engineering LSA (RFC 3630), @length
 * bytes behind their headers. False: they are wrong, or cut off. */
bool ospf_text_grace(struct text *t, const struct layer *layer, size_t at,
		     uint32_t length);
bool ospf_text_engineering(struct text *t, const struct layer *layer,
			   size_t at, uint32_t length);

/* The header of a version 2 LSA; its length, -1 if that cannot be. */
int ospf_text_header(struct text *t, const struct layer *layer, size_t at);

/* A version 2 LSA: the end of it, 0 if it is wrong or cut off. */
size_t ospf_text_lsa(struct text *t, const struct layer *layer, size_t at);

/* The type and number of an LSA that is asked for, with its separator. */
void ospf_put_request(struct text *t, const struct layer *layer, size_t at);

#endif
