/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the parts of the HNCP printer share.
 */
#ifndef BSNIFF_DISSECTORS_HNCP_H
#define BSNIFF_DISSECTORS_HNCP_H

#include "dissectors/field.h"

/* The value of a TLV: where in the layer, and how deep it is nested. */
struct hncp_value {
	const struct layer *layer;
	size_t at;
	uint32_t length;
	unsigned int depth;
};

/* What there is to say about a value behind what was printed. */
enum hncp_outcome {
	HNCP_GOOD,
	HNCP_BAD,
	HNCP_BAD_END /* and nothing more is printed */
};

/* A new line, @n tabs deep. */
static inline void hncp_put_line(struct text *t, unsigned int n)
{
	put_char(t, '\n');
	while (n--)
		put_char(t, '\t');
}

/* The options in a value, one a line. */
enum hncp_outcome hncp_text_dhcp4(struct text *t, const struct hncp_value *v);
enum hncp_outcome hncp_text_dhcp6(struct text *t, const struct hncp_value *v);

#endif
