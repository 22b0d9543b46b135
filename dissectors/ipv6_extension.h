/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The extension headers of IPv6. Each fills layer->extension: `size` is what
 * it takes of the datagram, 0 if it is broken or nothing can follow it. A
 * hop-by-hop header leaves the length of a valid jumbo option in `identifier`.
 */
#ifndef BSNIFF_DISSECTORS_IPV6_EXTENSION_H
#define BSNIFF_DISSECTORS_IPV6_EXTENSION_H

#include "dissectors/dissector.h"

enum ipv6_option_type {
	IPV6_OPTION_PAD1 = 0,
	IPV6_OPTION_PADN = 1,
	IPV6_OPTION_ROUTER_ALERT = 5,
	IPV6_OPTION_JUMBO = 0xc2,
	IPV6_OPTION_HOME_ADDRESS = 0xc9,
};

#endif
