/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ethernet types, for all that carry them.
 */
#ifndef BSNIFF_DISSECTORS_ETHERNET_H
#define BSNIFF_DISSECTORS_ETHERNET_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

enum {
	ETHERNET_LENGTH_MOST = 1500, /* above: a type */
	ETHERNET_TYPE_JUMBO = 0x8870,
	ETHERNET_TYPE_MACSEC = 0x88e5,
};

/* Does this type announce an 802.1Q tag? */
bool ethernet_is_tag(uint16_t type);

/* Decode what the type names (LLC if it is a length): the rest of @d. */
void ethernet_decode_type(struct dissection *d, uint16_t type,
			  uint32_t length);

/* "ethertype IPv4 (0x0800)"; shorter with -q. */
void ethernet_put_type(struct text *t, uint16_t type);

/* "vlan 5, p 0". */
void ethernet_put_tci(struct text *t, uint16_t tci);

/* The Ethernet layer that @layer came in; NULL if there is none. */
const struct layer *ethernet_around(const struct packet *packet,
				    const struct layer *layer);

/* Print an LLC layer; false if the caller is to dump the payload. */
bool llc_text(struct text *t, const struct layer *layer);

/* "02:00:00:00:00:01 > 02:00:00:00:00:02". */
void ethernet_put_addresses(struct text *t, const struct ethernet *ethernet);

#endif
