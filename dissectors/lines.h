/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protocols whose messages are lines of text: HTTP, SMTP, FTP, RTSP, SIP.
 */
#ifndef BSNIFF_DISSECTORS_LINES_H
#define BSNIFF_DISSECTORS_LINES_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

/* A protocol in lines. */
struct lines_protocol {
	const char *name;     /* in lower case, for [|name] */
	const char *title;    /* in upper case, as printed */
	const char *const *requests; /* NULL: every line is one; else the
				      * request names, NULL behind the last */
};

/*
 * Print a message: its first line, with -v all of them. One that is neither a
 * request that the protocol has nor a response with a code of three digits in
 * its second word is the middle of something: only the title is printed.
 */
void lines_text(struct text *t, const struct layer *layer,
		const struct lines_protocol *protocol);

/* The first line, for JSON. */
void lines_json(struct json *json, const struct packet *packet,
		const struct layer *layer);

#endif
