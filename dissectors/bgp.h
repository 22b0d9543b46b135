/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * BGP-4: RFC 4271. The parts that are printed in files of their own.
 */
#ifndef BSNIFF_DISSECTORS_BGP_H
#define BSNIFF_DISSECTORS_BGP_H

#include "dissectors/field.h"

enum {
	BGP_MARKER = 16,
	BGP_HEADER = 19,
	BGP_RD = 8, /* a route distinguisher */
};

/* A message found in a segment. */
struct bgp_message {
	size_t at; /* of its marker */
	uint16_t length;
	uint8_t type;
	bool gap;      /* something lies before it */
	bool complete; /* the snapshot holds all of it */
};

/* The next message at or behind @from; false if there is none. */
bool bgp_message_next(const struct layer *layer, size_t from,
		      struct bgp_message *message);

/* What the printing of a part came to: bytes, or one of these. */
enum bgp_outcome {
	BGP_BAD_PREFIX = -1,
	BGP_CUT = -2,	/* [|bgp] */
	BGP_SHORT = -3, /* bytes are left, but too few */
};

/* The path attributes [at, at + length). False: [|bgp]. */
bool bgp_text_attribute(struct text *t, const struct layer *layer, uint8_t type,
			size_t at, uint32_t length, unsigned int depth);

/* An attribute's name, length and flags. */
void bgp_put_attribute(struct text *t, const char *indent, uint8_t type,
		       uint8_t flags, uint32_t length);

/* The reachability of one address family: bytes used, or an outcome. */
int bgp_text_nlri(struct text *t, const struct layer *layer, uint32_t family,
		  size_t at, uint32_t length, bool path4, bool path6);

/* An IPv4 prefix at @at: bytes used, or an outcome (nothing is printed). */
int bgp_text_prefix4(struct text *t, const struct layer *layer, size_t at,
		     uint32_t length, const char *indent);

/* May path identifiers (RFC 7911) stand before these prefixes? */
bool bgp_has_paths(const struct layer *layer, size_t at, uint32_t length,
		   uint8_t longest);

void bgp_put_as(struct text *t, uint32_t as);
void bgp_put_rd(struct text *t, const struct layer *layer, size_t at);

/* An extended community: RFC 4360. */
void bgp_text_community(struct text *t, const struct layer *layer, size_t at);
extern const struct label bgp_community_labels[];

/* An OSI address as 49.0001.0203. */
void bgp_put_nsap(struct text *t, const uint8_t *bytes, size_t n);

extern const struct label bgp_safi_labels[];

/* Families, AFI in the upper bits. */
#define BGP_FAMILY(afi, safi) ((uint32_t)(afi) << 8 | (safi))

#endif
