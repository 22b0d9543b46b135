/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What IPv4 and IPv6 share, and what others need of them.
 */
#ifndef BSNIFF_DISSECTORS_IP_H
#define BSNIFF_DISSECTORS_IP_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

/* Where the datagram ends up: the last address of a source route, else the
 * destination. In the layer; network byte order. */
const uint8_t *ipv4_final_destination(const struct layer *ip);
const uint8_t *ipv6_final_destination(const struct layer *ip);

/* Decode the payload of an IP layer (or of an extension header). */
void ip_decode_payload(struct dissection *d, unsigned int version,
		       uint8_t protocol, struct window window);

/* Print it: @length bytes behind @layer. */
void ip_text_payload(struct text *t, const struct layer *layer,
		     unsigned int version, uint8_t protocol, uint32_t length);

/* Do TCP and its like print the addresses themselves? */
bool ip_transport_prints_addresses(uint8_t protocol);

/*
 * An option of IPv4 (RFC 791) or of an IPv6 extension header. For IPv4 walk
 * the bytes behind the fixed header, up to header_length.
 */
struct ip_option {
	uint8_t type;
	uint32_t length;    /* with the type and length octets */
	struct slice value; /* behind them, as far as captured */
	bool bad;	    /* the length cannot be; no more follow */
};

/* The next option in @c; false at the end. */
bool ipv4_option_next(struct cursor *c, struct ip_option *option);
bool ipv6_option_next(struct cursor *c, struct ip_option *option);

/* The options of the layer. */
struct cursor ipv4_options(const struct layer *layer);
struct cursor ipv6_options(const struct layer *layer);

#endif
