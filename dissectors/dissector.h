/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a protocol is to the framework, and what its decoder may do.
 * dissectors/README.md shows how to add one.
 */
#ifndef BSNIFF_DISSECTORS_DISSECTOR_H
#define BSNIFF_DISSECTORS_DISSECTOR_H

#include "dissectors/dissect.h"
#include "dissectors/packet.h"
#include "src/base/json.h"

struct text;
struct member_table;

/* A layer being decoded. */
struct dissection {
	struct packet *packet;
	struct layer *layer;  /* to be filled; the window is set */
	struct cursor cursor; /* at its first byte, ends with the snapshot */
	const struct dissect_options *options; /* never NULL */
};

struct dissector {
	const char *name; /* the key in JSON */

	/* Fill layer's fields, and dissect_payload() what it carries. */
	void (*decode)(struct dissection *d);

	/* Print the layer, and text_payload() where tcpdump prints what it
	 * carries. NULL: tcpdump does not know this protocol. */
	void (*text)(struct text *t, const struct layer *layer);

	/* The members of the layer's JSON object as a table: members.h. */
	const struct member_table *members;

	/* Members that a table cannot say; the framework opens and closes the
	 * object. */
	void (*json)(struct json *json, const struct packet *packet,
		     const struct layer *layer);
};

/* A payload's window: what the snapshot holds of it and what there was. */
struct window {
	const uint8_t *data;
	uint32_t captured;
	uint32_t length;
};

/* What is left of @d behind its cursor, as a payload of @length bytes. */
static inline struct window window_rest(const struct dissection *d,
					uint32_t length)
{
	return (struct window){d->cursor.at, (uint32_t)cursor_left(&d->cursor),
			       length};
}

/* The same, where the snapshot cannot reach past @length either. */
static inline struct window window_cut(const struct dissection *d,
				       uint32_t length)
{
	struct window w = window_rest(d, length);

	if (w.captured > length)
		w.captured = length;
	return w;
}

/* Decode the payload of @d with @dissector. With NULL the layer is marked as
 * having an unknown payload. */
void dissect_payload(struct dissection *d, const struct dissector *dissector,
		     struct window window);

#endif
