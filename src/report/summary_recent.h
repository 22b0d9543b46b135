/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What connections did since the last interval: rows with only that, at most
 * RECENT_MOST; of the others, the sums.
 */
#ifndef BSNIFF_REPORT_SUMMARY_RECENT_H
#define BSNIFF_REPORT_SUMMARY_RECENT_H

#include "src/report/summary_rows.h"

enum { RECENT_MOST = 1 << 17 };

struct recent {
	struct row *rows;
	size_t count, room;
	uint32_t *slots; /* index + 1, by the hash of the connection */
	size_t slot_mask;
	bool is_full; /* there were more connections than rows */
	/* Of all, less what is counted in an outer connection, too. */
	uint64_t packets, bytes;
};

void recent_free(struct recent *recent);
void recent_reset(struct recent *recent);

/* A delta was merged into side @side of @c. 0 or -ENOMEM. */
int recent_add(struct recent *recent, const struct connection *c, int side,
	       const struct flow_delta *delta,
	       const struct summary_options *options);

/* So many packets of @c were sent again. 0 or -ENOMEM. */
int recent_add_retransmits(struct recent *recent, const struct connection *c,
			   uint32_t count,
			   const struct summary_options *options);

#endif
