/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of DHCPv6: RFC 8415.
 */
#ifndef BSNIFF_DISSECTORS_DHCP6_H
#define BSNIFF_DISSECTORS_DHCP6_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

struct dhcp6_option {
	uint16_t code;
	struct slice value;
};

/* The next option in @c; false at the end. */
bool dhcp6_option_next(struct cursor *c, struct dhcp6_option *option);

/* Print a message of @length bytes, of which @c holds what was captured. */
void dhcp6_text_message(struct text *t, struct cursor c, uint32_t length);

/* Print @length bytes of options. */
void dhcp6_text_options(struct text *t, struct cursor c, uint32_t length);

#endif
