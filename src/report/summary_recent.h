/* SPDX-License-Identifier: BSD-3-Clause */
/* What connections did since the last interval: rows with only that. */
#ifndef BSNIFF_REPORT_SUMMARY_RECENT_H
#define BSNIFF_REPORT_SUMMARY_RECENT_H

#include "src/report/summary_rows.h"

struct recent {
	struct row *rows;
	size_t count, room;
	uint32_t *slots; /* index + 1, by the hash of the connection */
	size_t slot_mask;
};

void recent_free(struct recent *recent);
void recent_reset(struct recent *recent);

/* 0 or -ENOMEM. */
int recent_add(struct recent *recent, const struct connection *c, int side,
	       const struct flow_delta *delta,
	       const struct summary_options *options);

#endif
