/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The objects of RSVP: RFC 2205, RFC 2210, RFC 3209, RFC 3473 and others.
 */
#ifndef BSNIFF_DISSECTORS_RSVP_H
#define BSNIFF_DISSECTORS_RSVP_H

#include "dissectors/put.h"

enum rsvp_class {
	RSVP_SESSION = 1,
	RSVP_HOP = 3,
	RSVP_INTEGRITY = 4,
	RSVP_TIMES = 5,
	RSVP_ERROR = 6,
	RSVP_STYLE = 8,
	RSVP_FLOWSPEC = 9,
	RSVP_FILTER = 10,
	RSVP_SENDER = 11,
	RSVP_TSPEC = 12,
	RSVP_ADSPEC = 13,
	RSVP_CONFIRM = 15,
	RSVP_LABEL = 16,
	RSVP_LABEL_REQUEST = 19,
	RSVP_EXPLICIT_ROUTE = 20,
	RSVP_RECORD_ROUTE = 21,
	RSVP_HELLO = 22,
	RSVP_MESSAGE = 23,
	RSVP_MESSAGE_ACK = 24,
	RSVP_MESSAGE_LIST = 25,
	RSVP_RECOVERY_LABEL = 34,
	RSVP_UPSTREAM_LABEL = 35,
	RSVP_LABEL_SET = 36,
	RSVP_S2L = 50,
	RSVP_DETOUR = 63,
	RSVP_CLASS_TYPE = 66,
	RSVP_CLASS_TYPE_OLD = 125,
	RSVP_SUGGESTED_LABEL = 129,
	RSVP_RESTART = 131,
	RSVP_CAPABILITY = 134,
	RSVP_NOTIFY = 195,
	RSVP_ADMIN = 196,
	RSVP_PROPERTIES = 204,
	RSVP_REROUTE = 205,
	RSVP_ATTRIBUTES = 207,
	RSVP_UNI = 229,
};

/* Class types, behind 256 times the class. */
extern const struct label rsvp_type_labels[];

/* An object's body, or what is left of it. */
struct rsvp_object {
	const struct layer *layer;
	size_t at;
	uint32_t left;
	uint8_t class, type;
	const char *indent; /* in front of each line */
};

/* What became of a body. */
enum rsvp_result {
	RSVP_GOOD,
	RSVP_UNKNOWN, /* to be dumped */
	RSVP_SHORT,   /* an error that is yet to be printed ... */
	RSVP_BROKEN,  /* ... and one that was: no more objects */
};

/* A line's beginning, @more blanks behind the indent, or as many less. */
void rsvp_put_line(struct text *t, const struct rsvp_object *o, int more);

enum rsvp_result rsvp_text_object(struct text *t, struct rsvp_object *o);
enum rsvp_result rsvp_text_service(struct text *t, struct rsvp_object *o);
enum rsvp_result rsvp_text_route(struct text *t, struct rsvp_object *o);
enum rsvp_result rsvp_text_label_set(struct text *t, struct rsvp_object *o);
enum rsvp_result rsvp_text_uni(struct text *t, struct rsvp_object *o);
enum rsvp_result rsvp_text_properties(struct text *t, struct rsvp_object *o);

#endif
