/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of DHCP: RFC 2132.
 */
#ifndef BSNIFF_DISSECTORS_DHCP_H
#define BSNIFF_DISSECTORS_DHCP_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

enum { DHCP_OPTIONS = 240 /* their offset, behind the cookie */ };

struct dhcp_option {
	uint8_t code;
	struct slice value;
};

/* The next option in @c, padding left out; false at the end. */
bool dhcp_option_next(struct cursor *c, struct dhcp_option *option);

void dhcp_text_options(struct text *t, const struct layer *layer);
void dhcp_json_options(struct json *json, const struct layer *layer);

#endif
