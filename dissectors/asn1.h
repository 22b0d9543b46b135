/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ASN.1 objects in the encoding rules (X.690) and the types that SNMP uses:
 * RFC 1155, RFC 2578.
 */
#ifndef BSNIFF_DISSECTORS_ASN1_H
#define BSNIFF_DISSECTORS_ASN1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissectors/put.h"
#include "src/base/cursor.h"

enum asn1_type {
	ASN1_ANY, /* no meaning in SNMP */
	ASN1_NULL,
	ASN1_OCTETS, /* of an unexpected tag */
	ASN1_OID,
	ASN1_INTEGER,
	ASN1_UNSIGNED,
	ASN1_UNSIGNED64,
	ASN1_STRING,
	ASN1_SEQUENCE,
	ASN1_ADDRESS,
	ASN1_PDU,
	ASN1_EXCEPTION, /* noSuchObject and so on */
};

/* What is wrong with an object. */
enum asn1_error {
	ASN1_GOOD,
	ASN1_EMPTY,	      /* nothing there */
	ASN1_TRUNCATED,	      /* the snapshot ends inside the header */
	ASN1_CUT,	      /* ... inside the contents */
	ASN1_BAD_TAG,	      /* an extended tag that does not end */
	ASN1_NO_LENGTH,	      /* the parent ends before the length */
	ASN1_LENGTH_TOO_LONG, /* ... inside the length: left < claimed */
	ASN1_TOO_LONG,	      /* ... inside the object: left < claimed */
	ASN1_BAD_ID,	      /* a tag that SNMP does not have */
	ASN1_EMPTY_INTEGER,
};

struct asn1 {
	enum asn1_type type;
	enum asn1_error error;
	uint8_t id, class;
	bool constructed;
	uint32_t length;     /* of the contents */
	const uint8_t *data; /* the contents, all of them there; borrowed */
	union {
		int32_t integer;
		uint32_t number;
		uint64_t number64;
	};
	uint32_t left, claimed; /* of an error */
};

/* Objects in a row. */
struct asn1_reader {
	struct cursor cursor; /* up to the snapshot's end, maybe farther */
	uint32_t length;      /* bytes left of the parent, maybe not captured */
};

/* The next object; false (and object->error) if it is none. */
bool asn1_next(struct asn1_reader *reader, struct asn1 *object);

/* What is inside @object; @from is what it was read from. */
struct asn1_reader asn1_inside(const struct asn1_reader *from,
			       const struct asn1 *object);

/* The value as tcpdump prints it. */
void asn1_put(struct text *t, const struct asn1 *object);

/* The value as a JSON number, string or null. */
void asn1_json(struct json *json, const char *key, const struct asn1 *object);

/* The contents as hexadecimal digits, _ before each byte. */
void asn1_put_octets(struct text *t, const struct asn1 *object);

/* Read, and print what is wrong. Where the snapshot ends inside a header the
 * packet is given up. */
bool asn1_text_next(struct text *t, struct asn1_reader *reader,
		    struct asn1 *object);

/* The name of an SNMP PDU's tag; NULL if it has none. */
const char *asn1_pdu_name(uint8_t id);

#endif
