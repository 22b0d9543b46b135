/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * struct packet -> the lines that tcpdump 4.99.3 prints, byte for byte.
 */
#ifndef BSNIFF_DISSECTORS_TEXT_H
#define BSNIFF_DISSECTORS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissectors/dissect.h"
#include "dissectors/packet.h"
#include "src/base/strbuf.h"

struct text_options {
	unsigned int verbose;	  /* how many -v */
	unsigned int quiet;	  /* how many -q */
	unsigned int time_format; /* how many -t, 0 to 5 */
	unsigned int hex;	  /* how many -x */
	unsigned int hex_ascii;	  /* how many -X */
	unsigned int ascii;	  /* how many -A */
	bool link_header;	  /* -e */
	bool numeric;		  /* -n */
	bool no_domain;		  /* -N */
	bool absolute_sequence;	  /* -S */
	bool number;		  /* -# */
	bool no_checksum;	  /* -K */
	bool foreign_numeric;	  /* -f */
	bool as_dotted;		  /* -b */
	bool undecoded_nfs;	  /* -u */
	bool lengths;		  /* --lengths */
	bool nanoseconds;	  /* --nano */
	enum dissect_as as;	  /* -T */

	/* For -f: this machine's network, in network byte order. */
	uint32_t network, netmask;

	/*
	 * Names are looked up while printing (true: reading a file), or in the
	 * background (false: live; numbers until the answer is there).
	 */
	bool wait_for_names;

	/*
	 * The name of an interface into @name (at least 16 bytes), for Linux
	 * cooked v2; false if there is none. NULL: if_indextoname().
	 */
	bool (*interface_name)(void *context, uint32_t ifindex, char *name);
	void *context;
};

struct text_printer;

/*
 * A printer: the options plus what goes from packet to packet (relative
 * sequence numbers, time deltas, names). NULL when memory ran out.
 */
struct text_printer *text_printer_new(const struct text_options *options);
void text_printer_free(struct text_printer *printer);

/* For -f, once it is known: this machine's network; see struct text_options. */
void text_printer_set_network(struct text_printer *printer, uint32_t network,
			      uint32_t netmask);

static inline void text_printer_freep(struct text_printer **printer)
{
	text_printer_free(*printer);
}

/* @packet will be printed soon: have at hand what that will look up in memory.
 * Worth it a few packets before; changes nothing that is printed. */
void text_printer_prepare(const struct text_printer *printer,
			  const struct packet *packet);

/*
 * Append all that tcpdump prints for one packet, the newline and the hex dump
 * included. frame->number is what -# shows.
 */
void text_printer_put(struct text_printer *printer, const struct packet *packet,
		      struct strbuf *out);

/* Can frames of this DLT_ value be printed? */
bool text_link_type_supported(int link_type);

#endif
