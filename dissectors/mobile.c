/* SPDX-License-Identifier: BSD-3-Clause */
/* Minimal encapsulation of mobile IP: RFC 2004. */
#include "dissectors/field.h"

#include "dissectors/checksum.h"
#include "dissectors/protocols.h"

enum { SHORT_HEADER = 8, LONG_HEADER = 12, SOURCE_PRESENT = 0x80 };

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_u8(c);	  /* protocol */
	layer->words[1] = cursor_u8(c);	  /* flags */
	layer->words[2] = cursor_be16(c); /* checksum */
	cursor_skip(c, 4);
	if (layer->words[1] & SOURCE_PRESENT)
		cursor_skip(c, 4);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void text(struct text *t, const struct layer *layer)
{
	bool source = layer->words[1] & SOURCE_PRESENT;
	uint32_t size = source ? LONG_HEADER : SHORT_HEADER;

	t->protocol = "mobile";
	if (layer->length < LONG_HEADER || !field_has(layer, 0, LONG_HEADER)) {
		text_trunc(t);
		return;
	}
	put(t, "mobile: [%s] ", source ? "S" : "");
	if (t->options->verbose) {
		if (source) {
			put_ipv4(t, layer->data + 8);
			put_char(t, ' ');
		}
		put_text(t, "> ");
		put_ipv4(t, layer->data + 4);
		put(t, " (oproto=%u)", layer->data[0]);
	}
	if (checksum(layer->data, size))
		put(t, " (bad checksum %u)", load_be16(layer->data + 2));
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "inner_protocol", layer->words[0]);
	json_bool(json, "source_present", layer->words[1] & SOURCE_PRESENT);
	json_u64(json, "checksum", layer->words[2]);
}

const struct dissector mobile_dissector = {
	.name = "mobile",
	.decode = decode,
	.text = text,
	.json = json,
};
