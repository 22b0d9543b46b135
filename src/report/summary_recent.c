// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/summary_recent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"

void recent_free(struct recent *recent)
{
	free(recent->rows);
	free(recent->slots);
}

void recent_reset(struct recent *recent)
{
	recent->count = 0;
	recent->is_full = false;
	recent->packets = recent->bytes = 0;
	if (recent->slots)
		memset(recent->slots, 0,
		       (recent->slot_mask + 1) * sizeof(*recent->slots));
}

static size_t home(const struct recent *recent, const struct flow_key *key)
{
	return delta_key_hash(key, 0) & recent->slot_mask;
}

static int grow(struct recent *recent)
{
	size_t room = recent->room ? recent->room * 2 : 256;
	struct row *rows = realloc(recent->rows, room * sizeof(*rows));
	uint32_t *slots;

	if (!rows)
		return -ENOMEM;
	recent->rows = rows;
	slots = calloc(room * 2, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(recent->slots);
	recent->slots = slots;
	recent->slot_mask = room * 2 - 1;
	recent->room = room;
	for (size_t i = 0; i < recent->count; i++) {
		size_t at = home(recent, &rows[i].key);

		while (slots[at])
			at = (at + 1) & recent->slot_mask;
		slots[at] = (uint32_t)i + 1;
	}
	return 0;
}

/* Into *@row the connection's row, without counts if it is new; NULL: there are
 * too many. 0 or -ENOMEM. */
static int find(struct recent *recent, const struct connection *c,
		const struct summary_options *options, struct row **out)
{
	struct row row;
	size_t at;

	*out = NULL;
	row_make(&row, c, options);
	if (recent->count == recent->room && recent->room < RECENT_MOST &&
	    grow(recent))
		return -ENOMEM;
	for (at = home(recent, &row.key); recent->slots[at];
	     at = (at + 1) & recent->slot_mask) {
		struct row *has = &recent->rows[recent->slots[at] - 1];

		if (has->first != row.first ||
		    !delta_key_equal(&has->key, &row.key))
			continue;
		memcpy(has->state, row.state, sizeof(row.state));
		memcpy(has->label, row.label, sizeof(row.label));
		has->last = row.last;
		has->rtt = row.rtt;
		has->rtt_count = row.rtt_count;
		*out = has;
		return 0;
	}
	if (recent->count == RECENT_MOST) {
		recent->is_full = true;
		return 0;
	}
	row.retransmits = 0;
	memset(row.packets, 0, sizeof(row.packets));
	memset(row.bytes, 0, sizeof(row.bytes));
	recent->rows[recent->count++] = row;
	recent->slots[at] = (uint32_t)recent->count;
	*out = &recent->rows[recent->count - 1];
	return 0;
}

int recent_add(struct recent *recent, const struct connection *c, int side,
	       const struct flow_delta *delta,
	       const struct summary_options *options)
{
	int from = side != connection_roles(c).originator;
	struct row *row;
	int error = find(recent, c, options, &row);

	if (error)
		return error;
	if (!connection_is_inner(c)) {
		recent->packets += delta->packets;
		recent->bytes += delta->wire_bytes;
	}
	if (!row)
		return 0;
	row->packets[from] += delta->packets;
	row->bytes[from] += delta->wire_bytes;
	return 0;
}

int recent_add_retransmits(struct recent *recent, const struct connection *c,
			   uint32_t count,
			   const struct summary_options *options)
{
	struct row *row;
	int error = find(recent, c, options, &row);

	if (row)
		row->retransmits += count;
	return error;
}
