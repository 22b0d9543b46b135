/* SPDX-License-Identifier: BSD-3-Clause */
/* ZMTP 1.0, what ZeroMQ speaks: https://rfc.zeromq.org/spec/13/ */
#include "dissectors/zmtp.h"

#include "dissectors/protocols.h"

enum {
	LONG_LENGTH = 0xff,
	LONG_HEADER = 9,
	FEW_BYTES = 128,
	NO_FRAME = 0xffff
};

/* Each bit of the flags, the highest first. */
static void put_flags(struct text *t, uint8_t flags)
{
	for (int bit = 7; bit > 0; bit--)
		put_text(t, flags >> bit & 1 ? "MBZ|" : "-|");
	put_text(t, flags & 1 ? "MORE" : "-");
}

static void decode(struct dissection *d)
{
	(void)d;
}

static void text_body(struct text *t, const uint8_t *body, uint64_t there,
		      uint64_t declared)
{
	uint64_t n = there < declared ? there : declared;

	put_text(t, " (");
	put_flags(t, body[0]);
	put_char(t, ')');
	if (t->options->verbose == 1 && n > FEW_BYTES + 1)
		n = FEW_BYTES + 1;
	if (n > 1) {
		put(t,
		    ", first %llu byte(s) of body:", (unsigned long long)n - 1);
		put_hex_ascii(t, "\n\t ", body + 1, (size_t)n - 1);
	}
}

/* One frame; false where the snapshot ends, at @end. */
static bool text_frame(struct text *t, struct cursor *c, const uint8_t *end)
{
	uint64_t declared = *c->at, there;
	uint32_t header = 1;

	put_text(t, "\n\t");
	if (declared != LONG_LENGTH) {
		put(t, " frame flags+body  (8-bit) length %u", *c->at);
	} else {
		header = LONG_HEADER;
		put_text(t, " frame flags+body (64-bit) length");
		if (!cursor_has(c, header))
			return false;
		declared = load_be64(c->at + 1);
		put(t, " %llu", (unsigned long long)declared);
	}
	cursor_skip(c, header);
	if (!declared)
		return true;
	if (!cursor_has(c, 1))
		return false;
	there = cursor_left(c);
	if (declared > there)
		put(t, " (%llu captured)", (unsigned long long)there);
	put(t, ", flags 0x%02x", *c->at);
	if (t->options->verbose)
		text_body(t, c->at, there, declared);
	if (declared > (uint64_t)(end - c->at))
		return false;
	if (declared > there)
		c->at = c->end;
	else
		cursor_skip(c, (size_t)declared);
	return true;
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t n = layer->captured < layer->length ? layer->captured
						     : layer->length;
	struct cursor c = cursor_make(layer->data, n);
	const uint8_t *end = layer->data + layer->captured;

	t->protocol = "zmtp1";
	put_text(t, ": ZMTP/1.0");
	while (cursor_left(&c)) {
		if (!text_frame(t, &c, end)) {
			text_stop(t);
			return;
		}
	}
}

/* What goes on from the datagram before. */
static void text_intermediate(struct text *t, const uint8_t *bytes,
			      uint64_t there, uint32_t declared)
{
	put(t, "\n\t frame intermediate part, %u bytes", declared);
	if (declared > there)
		put(t, " (%llu captured)", (unsigned long long)there);
	else
		there = declared;
	if (!t->options->verbose)
		return;
	if (t->options->verbose == 1 && there > FEW_BYTES)
		there = FEW_BYTES;
	if (there > 1) {
		put(t, ", first %llu byte(s):", (unsigned long long)there);
		put_hex_ascii(t, "\n\t ", bytes, (size_t)there);
	}
}

void zmtp_text_datagram(struct text *t, struct cursor c, uint32_t length)
{
	const uint8_t *end = c.end;
	uint32_t offset;
	bool exceeds;

	t->protocol = "zmtp1";
	offset = text_be16(t, &c);
	exceeds = offset != NO_FRAME && offset + 2 > length;
	if (t->stopped)
		return;
	put(t, "\n\t frame offset 0x%04x", offset);
	length -= 2;
	if (exceeds) {
		put_text(t, " (exceeds datagram declared length)");
		text_stop(t);
		return;
	}
	if (offset == NO_FRAME)
		offset = length;
	if (cursor_left(&c) > length)
		c.end = c.at + length;
	if (offset)
		text_intermediate(t, c.at, cursor_left(&c), offset);
	if (cursor_left(&c) <= offset)
		return;
	cursor_skip(&c, offset);
	while (cursor_left(&c)) {
		if (!text_frame(t, &c, end)) {
			text_stop(t);
			return;
		}
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	(void)packet;
	json_open_array(json, "frames");
	while (cursor_left(&c)) {
		uint64_t declared = cursor_u8(&c);

		if (declared == LONG_LENGTH)
			declared = cursor_be64(&c);
		json_open_object(json, NULL);
		if (!c.overrun)
			json_u64(json, "frame_length", declared);
		if (declared && cursor_left(&c))
			json_u64(json, "flags", *c.at);
		json_close_object(json);
		if (c.overrun)
			break;
		cursor_rest(&c, declared);
	}
	json_close_array(json);
}

const struct dissector zmtp_dissector = {
	.name = "zmtp",
	.decode = decode,
	.text = text,
	.json = json,
};
