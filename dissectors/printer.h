/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a printer keeps from packet to packet. For the dissectors that need it;
 * everyone else sees dissectors/text.h.
 */
#ifndef BSNIFF_DISSECTORS_PRINTER_H
#define BSNIFF_DISSECTORS_PRINTER_H

#include "dissectors/text.h"

/* Who began an ISAKMP exchange, and with whom. */
struct ike_cookie {
	uint64_t initiator;
	uint8_t size; /* of an address */
	uint8_t source[16], destination[16];
};

/* An NFS call, whose reply does not say what it replies to. */
struct nfs_call {
	uint32_t xid, version, procedure;
	uint8_t size; /* of an address; 0: none yet */
	uint8_t client[16], server[16];
};

struct text_printer {
	struct text_options options;
	struct names *names;	     /* NULL with -n */
	struct sequences *sequences; /* NULL with -S */

	/* -ttt and -ttttt count from here. */
	struct stamp reference;
	bool has_reference;

	/* The text of the last whole second: it rarely changes. */
	int64_t second;
	bool has_second;
	size_t second_length;
	char second_text[32];

	/* The exchanges seen last, a ring. */
	struct ike_cookie cookies[20];
	unsigned int next_cookie;

	/* The calls seen last, a ring; where the last reply's was found. */
	struct nfs_call calls[64];
	unsigned int next_call, found_call;
};

#endif
