/* SPDX-License-Identifier: BSD-3-Clause */
/* QUIC's invariants: RFC 8999. tcpdump knows nothing of it: for JSON. */
#include "dissectors/dissector.h"

#include "dissectors/protocols.h"

enum { LONG_HEADER = 0x80, MOST_ID = 20 };

static void decode(struct dissection *d)
{
	struct quic *quic = &d->layer->quic;

	quic->first = cursor_u8(&d->cursor);
	if (quic->first & LONG_HEADER)
		quic->version = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void json_id(struct json *json, const char *key, struct cursor *c)
{
	uint8_t length = cursor_u8(c);

	if (length && length <= MOST_ID && cursor_has(c, length))
		json_hex(json, key, cursor_take(c, length), length);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct quic *quic = &layer->quic;
	uint32_t n = layer->captured < layer->length ? layer->captured
						     : layer->length;
	struct cursor c = cursor_make(layer->data, n);

	(void)packet;
	json_bool(json, "long_header", quic->first & LONG_HEADER);
	if (!(quic->first & LONG_HEADER))
		return;
	json_u64(json, "version", quic->version);
	cursor_skip(&c, 5);
	json_id(json, "destination_id", &c);
	json_id(json, "source_id", &c);
}

const struct dissector quic_dissector = {
	.name = "quic",
	.decode = decode,
	.json = json,
};
