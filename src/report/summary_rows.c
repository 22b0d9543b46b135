// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/summary_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int rows_init(struct rows *rows, enum summary_sort sort, bool is_grouped,
	      size_t most)
{
	*rows = (struct rows){.sort = sort,
			      .is_grouped = is_grouped,
			      .most = is_grouped ? GROUPS_MOST : most};
	if (!is_grouped)
		return 0;
	rows->slot_mask = GROUPS_MOST * 2 - 1;
	rows->slots = calloc(rows->slot_mask + 1, sizeof(*rows->slots));
	return rows->slots ? 0 : -ENOMEM;
}

void rows_free(struct rows *rows)
{
	free(rows->rows);
	free(rows->slots);
}

void rows_reset(struct rows *rows)
{
	rows->count = 0;
	rows->dropped = rows->dropped_packets = rows->dropped_bytes = 0;
	rows->is_partial = false;
	if (rows->slots)
		memset(rows->slots, 0,
		       (rows->slot_mask + 1) * sizeof(*rows->slots));
}

/* What the table is sorted by: more comes first. */
static int64_t rank(const struct row *row, enum summary_sort sort)
{
	switch (sort) {
	case SUMMARY_SORT_BYTES:
		return (int64_t)(row->bytes[0] + row->bytes[1]);
	case SUMMARY_SORT_PACKETS:
		return (int64_t)(row->packets[0] + row->packets[1]);
	case SUMMARY_SORT_START:
		return -row->first;
	case SUMMARY_SORT_DURATION:
		return row->last - row->first;
	case SUMMARY_SORT_RTT:
		return row->rtt;
	case SUMMARY_SORT_RETRANSMITS:
		return (int64_t)row->retransmits;
	}
	return 0;
}

static bool is_less(const struct rows *rows, const struct row *a,
		    const struct row *b)
{
	int64_t x = rank(a, rows->sort), y = rank(b, rows->sort);

	return x != y ? x < y : a->first > b->first;
}

static void swap_rows(struct rows *rows, size_t a, size_t b)
{
	struct row row = rows->rows[a];

	rows->rows[a] = rows->rows[b];
	rows->rows[b] = row;
}

/* The least row is on top of the heap. */
static void heap_down(struct rows *rows, size_t at)
{
	for (;;) {
		size_t least = at;

		for (size_t child = at * 2 + 1;
		     child <= at * 2 + 2 && child < rows->count; child++)
			if (is_less(rows, &rows->rows[child],
				    &rows->rows[least]))
				least = child;
		if (least == at)
			return;
		swap_rows(rows, at, least);
		at = least;
	}
}

static void heap_up(struct rows *rows, size_t at)
{
	while (at > 0 &&
	       is_less(rows, &rows->rows[at], &rows->rows[(at - 1) / 2])) {
		swap_rows(rows, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static int make_room(struct rows *rows)
{
	size_t room = rows->room ? rows->room * 2 : 64;
	struct row *more;

	if (rows->count < rows->room)
		return 0;
	more = realloc(rows->rows, room * sizeof(*more));
	if (!more)
		return -ENOMEM;
	rows->rows = more;
	rows->room = room;
	return 0;
}

static void drop(struct rows *rows, const struct row *row)
{
	rows->dropped++;
	rows->dropped_packets += row->packets[0] + row->packets[1];
	rows->dropped_bytes += row->bytes[0] + row->bytes[1];
}

int rows_add(struct rows *rows, const struct row *row)
{
	if (rows->count == rows->most) {
		if (!is_less(rows, &rows->rows[0], row)) {
			drop(rows, row);
			return 0;
		}
		drop(rows, &rows->rows[0]);
		rows->rows[0] = *row;
		heap_down(rows, 0);
		return 0;
	}
	if (make_room(rows))
		return -ENOMEM;
	rows->rows[rows->count] = *row;
	heap_up(rows, rows->count++);
	return 0;
}

static size_t hash_label(const char *label)
{
	uint64_t h = 0xcbf29ce484222325ull;

	while (*label)
		h = (h ^ (uint8_t)*label++) * 0x100000001b3ull;
	return (size_t)(h ^ h >> 32);
}

static void add_up(struct row *to, const struct row *row)
{
	for (int i = 0; i < 2; i++) {
		to->packets[i] += row->packets[i];
		to->bytes[i] += row->bytes[i];
	}
	to->connections += row->connections;
	to->retransmits += row->retransmits;
	if (row->first < to->first)
		to->first = row->first;
	if (row->last > to->last)
		to->last = row->last;
	if (row->rtt_count) {
		to->rtt_count++;
		to->rtt += (row->rtt - to->rtt) / (int64_t)to->rtt_count;
	}
}

/* Take the heap apart from its top: the least goes to the end. */
void rows_sort(struct rows *rows)
{
	size_t count = rows->count;

	if (rows->is_grouped) /* not a heap so far */
		for (size_t i = count / 2; i-- > 0;)
			heap_down(rows, i);
	while (rows->count > 1) {
		swap_rows(rows, 0, rows->count - 1);
		rows->count--;
		heap_down(rows, 0);
	}
	rows->count = count;
	/* Sorted rows are no heap: to that nothing is added. */
}

static uint32_t *find_slot(struct rows *rows, const char *label)
{
	size_t at = hash_label(label) & rows->slot_mask;

	while (rows->slots[at] &&
	       strcmp(rows->rows[rows->slots[at] - 1].label, label) != 0)
		at = (at + 1) & rows->slot_mask;
	return &rows->slots[at];
}

/* The half of the groups that would be shown last makes room. */
static void drop_half(struct rows *rows)
{
	size_t count = rows->count;

	rows_sort(rows);
	rows->count = count / 2;
	rows->is_partial = true;
	for (size_t i = rows->count; i < count; i++)
		drop(rows, &rows->rows[i]);
	memset(rows->slots, 0, (rows->slot_mask + 1) * sizeof(*rows->slots));
	for (size_t i = 0; i < rows->count; i++)
		*find_slot(rows, rows->rows[i].label) = (uint32_t)i + 1;
}

int rows_group(struct rows *rows, const struct row *row)
{
	uint32_t *slot = find_slot(rows, row->label);

	if (*slot) {
		add_up(&rows->rows[*slot - 1], row);
		return 0;
	}
	if (rows->count == rows->most) {
		drop_half(rows);
		slot = find_slot(rows, row->label);
	}
	if (make_room(rows))
		return -ENOMEM;
	rows->rows[rows->count++] = *row;
	*slot = (uint32_t)rows->count;
	return 0;
}
