/* SPDX-License-Identifier: BSD-3-Clause */
/* Loopback on Ethernet: the Configuration Testing Protocol of Ethernet 2.0,
 * section 8. Its numbers are little-endian. */
#include "dissectors/field.h"

#include "dissectors/protocols.h"

enum { REPLY = 1, FORWARD = 2, MAC = 6 };

static const struct label function_labels[] = {
	{REPLY, "Reply"},
	{FORWARD, "Forward Data"},
	{0, NULL},
};

/* What decode() keeps. */
enum word { SKIP, FUNCTION };

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;

	layer->words[SKIP] = cursor_le16(&d->cursor);
	cursor_skip(&d->cursor, layer->words[SKIP]);
	layer->words[FUNCTION] = cursor_le16(&d->cursor);
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void text_data(struct text *t, struct cursor *c, uint32_t length)
{
	put(t, ", data (%u octets)", length);
	text_has(t, c, length);
}

static void text_bad(struct text *t, struct cursor *c, uint32_t length)
{
	text_invalid(t);
	text_has(t, c, length);
}

static void text_message(struct text *t, struct cursor *c, uint32_t length)
{
	uint16_t function;

	if (length < 2) {
		text_bad(t, c, length);
		return;
	}
	function = text_le16(t, c);
	length -= 2;
	put_text(t, ", ");
	put_label(t, function_labels, function, " invalid (%u)");
	if (function == REPLY && length >= 2) {
		put(t, ", receipt number %u", text_le16(t, c));
		text_data(t, c, length - 2);
	} else if (function == FORWARD && length >= MAC) {
		put_with_mac(t, ", forwarding address ", text_bytes(t, c, MAC));
		text_data(t, c, length - MAC);
	} else if (function == REPLY || function == FORWARD) {
		text_bad(t, c, length);
	} else {
		text_has(t, c, length);
	}
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint32_t length = layer->length;
	uint16_t skip;

	t->protocol = "loopback";
	put_text(t, "Loopback");
	if (length < 2) {
		text_bad(t, &c, length);
		return;
	}
	skip = text_le16(t, &c);
	length -= 2;
	put(t, ", skipCount %u", skip);
	if (skip % 8)
		put_text(t, " (bogus)");
	if (skip > length) {
		text_bad(t, &c, length);
	} else if (text_take(t, &c, skip)) {
		text_message(t, &c, length - skip);
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "skip", layer->words[SKIP]);
	json_u64(json, "function", layer->words[FUNCTION]);
}

const struct dissector loopback_dissector = {
	.name = "loopback",
	.decode = decode,
	.text = text,
	.json = json,
};
