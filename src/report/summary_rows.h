/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rows of the summary's table: of connections the best N (a heap), of
 * groups all of them (a hash table), in a bounded amount of memory.
 */
#ifndef BSNIFF_REPORT_SUMMARY_ROWS_H
#define BSNIFF_REPORT_SUMMARY_ROWS_H

#include "src/report/summary.h"

enum { ROW_LABEL = 64, GROUPS_MOST = 1 << 18 };

/* 0 is the originator's (of a group: what it sent), 1 the responder's. */
struct row {
	struct flow_key key;   /* from the originator */
	char label[ROW_LABEL]; /* of a group; else the process, or "" */
	char service[16];
	char state[8];
	const char *protocol; /* NULL: see key */
	uint64_t packets[2];
	uint64_t bytes[2];
	uint64_t connections;
	int64_t first, last;
	int64_t rtt; /* ns; 0: not known. Of a group the mean */
	uint64_t rtt_count;
	uint64_t retransmits;
};

struct rows {
	struct row *rows;
	size_t count, room, most;
	uint32_t *slots; /* of groups: index + 1 */
	size_t slot_mask;
	enum summary_sort sort;
	bool is_grouped;
	bool is_partial;  /* groups that went may have come back */
	uint64_t dropped; /* rows; a group that came back was one each time */
	uint64_t dropped_packets, dropped_bytes;
};

/* What the table says of a connection. */
void row_make(struct row *row, const struct connection *c,
	      const struct summary_options *options);

int rows_init(struct rows *rows, enum summary_sort sort, bool is_grouped,
	      size_t most);
void rows_free(struct rows *rows);
void rows_reset(struct rows *rows);

/* A row of its own; when there are too many, the least goes. */
int rows_add(struct rows *rows, const struct row *row);

/* Into the group of row->label. When there are GROUPS_MOST, the lesser half of
 * them goes. */
int rows_group(struct rows *rows, const struct row *row);

/* Best first. */
void rows_sort(struct rows *rows);

#endif
