/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a quantity of connections is spread: powers of two, drawn as bcc's tools
 * draw them.
 */
#ifndef BSNIFF_REPORT_HISTOGRAM_H
#define BSNIFF_REPORT_HISTOGRAM_H

#include <stdint.h>

#include "src/base/strbuf.h"
#include "src/flow/connection.h"

enum histogram_kind {
	HISTOGRAM_RTT,	     /* us: mean, from payload to acknowledgment; of
				the handshake when nothing else is known */
	HISTOGRAM_HANDSHAKE, /* us: SYN to the end of the handshake */
	HISTOGRAM_DURATION,  /* us: as in the log */
	HISTOGRAM_SIZE,	     /* bytes on the wire, both ways */
	HISTOGRAM_KINDS,
};

struct histogram {
	enum histogram_kind kind;
	uint64_t buckets[64]; /* 0 and 1; 2 and 3; 4 to 7; … */
	uint64_t unknown;     /* connections without such a quantity */
};

void histogram_add(struct histogram *histogram, uint64_t value);
void histogram_add_connection(struct histogram *histogram,
			      const struct connection *c);
void histogram_put(const struct histogram *histogram, struct strbuf *out);

/* "rtt", …: index by the enum, NULL at the end. */
extern const char *const histogram_names[];

#endif
