/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The members of a layer's JSON object as a table: what stands at which offset
 * under which name. Numbers are unsigned and in network byte order. What the
 * snapshot does not hold as a whole is left out.
 *
 * Offsets count from the beginning of what the table is for: the layer, or the
 * item of a list.
 */
#ifndef BSNIFF_DISSECTORS_MEMBERS_H
#define BSNIFF_DISSECTORS_MEMBERS_H

#include "dissectors/packet.h"
#include "src/base/json.h"

enum member_kind {
	MEMBER_NUMBER,
	MEMBER_SIGNED,
	MEMBER_BOOL,
	MEMBER_IPV4,
	MEMBER_IPV6,
	MEMBER_MAC,
	MEMBER_HEX,
	MEMBER_TEXT, /* up to a NUL, if there is one */
	MEMBER_TIME, /* NTP's: seconds since 1900 and their 2^32 parts */
};

struct member {
	const char *name;
	uint16_t at;
	uint8_t size; /* bytes; 0: all that is left (hex and text) */
	uint8_t kind;
	uint8_t shift, bits; /* of a number: a part of it; bits 0: all */
};

#define MEMBER_U8(name, at)		{name, at, 1, MEMBER_NUMBER, 0, 0}
#define MEMBER_U16(name, at)		{name, at, 2, MEMBER_NUMBER, 0, 0}
#define MEMBER_U24(name, at)		{name, at, 3, MEMBER_NUMBER, 0, 0}
#define MEMBER_U32(name, at)		{name, at, 4, MEMBER_NUMBER, 0, 0}
#define MEMBER_S8(name, at)		{name, at, 1, MEMBER_SIGNED, 0, 0}
#define MEMBER_PART(name, at, size, shift, bits)                               \
	{name, at, size, MEMBER_NUMBER, shift, bits}
#define MEMBER_FLAG(name, at, size, shift) {name, at, size, MEMBER_BOOL, shift, 1}
#define MEMBER_ADDRESS(name, at)	{name, at, 4, MEMBER_IPV4, 0, 0}
#define MEMBER_ADDRESS6(name, at)	{name, at, 16, MEMBER_IPV6, 0, 0}
#define MEMBER_LINK(name, at)		{name, at, 6, MEMBER_MAC, 0, 0}
#define MEMBER_BYTES(name, at, size)	{name, at, size, MEMBER_HEX, 0, 0}
#define MEMBER_STRING(name, at, size)	{name, at, size, MEMBER_TEXT, 0, 0}
#define MEMBER_STAMP(name, at)		{name, at, 8, MEMBER_TIME, 0, 0}
#define MEMBER_END			{NULL, 0, 0, 0, 0, 0}

/* A number of the table that says something of the rest; size 0: none. */
struct member_number {
	uint16_t at;
	uint8_t size;
	uint32_t mask; /* 0: all of it */
};

struct member_table;

/* The table that goes on when a number has this value. */
struct member_case {
	uint32_t value;
	const struct member_table *table; /* NULL: the end of the cases */
};

/* An array: items one behind the other. */
struct member_list {
	const char *name; /* NULL: no list */
	uint16_t at;	  /* where the first item begins */

	/* Where the items end, if a number of the table says so: it, and what
	 * is to be added. Else they go to the end. */
	struct member_number end;
	uint16_t end_more;
	struct member_number count; /* how many there are, if a number says */

	uint16_t header; /* bytes of an item in front of its value */
	struct member_number type, length; /* of an item */
	uint8_t length_more; /* to the length: it does not count these bytes */
	uint8_t unit;	     /* bytes that a length counts in; 0: 1 */
	uint8_t align;	     /* of the next item; 0: none */
	bool padding;	     /* type 0 is one byte, alone */

	/* Every item has these; without a case for its type, and without an
	 * own table, also its "value". */
	const struct member_table *each;
	const struct member_case *cases;
};

struct member_table {
	const struct member *members; /* up to MEMBER_END, or NULL */
	struct member_number choice;  /* which of the cases it is */
	const struct member_case *cases;
	struct member_list list;
};

/* Put what @table says of @n bytes. */
void members_put_json(struct json *json, const struct member_table *table,
		      const uint8_t *bytes, size_t n);

/* Tables that are large, in files of their own. */
extern const struct member_table babel_members;
extern const struct member_table ospf_members;
extern const struct member_table pim_members;
extern const struct member_case radius_member_cases[]; /* attributes */

#endif
