/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The messages of ICMPv6 that have files of their own.
 */
#ifndef BSNIFF_DISSECTORS_ICMP6_H
#define BSNIFF_DISSECTORS_ICMP6_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

/* Options of neighbour discovery behind @offset bytes of the message. False
 * where they end wrongly. */
bool nd_text_options(struct text *t, const struct layer *layer,
		     uint32_t offset);

void nd_json_options(struct json *json, const struct layer *layer,
		     uint32_t offset);

/* "high", from the flags of a router advertisement or a route option. */
const char *nd_preference(uint8_t flags);

/* Multicast listener discovery: RFC 2710, RFC 3810. */
void mld_text(struct text *t, const struct layer *layer);
void mld_text_report(struct text *t, const struct layer *layer);

/* Node information: RFC 4620. */
void node_information_text(struct text *t, const struct layer *layer);

/* Router renumbering: RFC 2894. */
void renumbering_text(struct text *t, const struct layer *layer);

/* RPL: RFC 6550. */
void rpl_text(struct text *t, const struct layer *layer);

#endif
