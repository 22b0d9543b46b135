/* SPDX-License-Identifier: BSD-3-Clause */
/* RADIUS: RFC 2865. What an attribute holds is in radius_attributes.c. */
#include "dissectors/radius.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { HEADER = 20 };

static const struct label code_labels[] = {
	{1, "Access-Request"},
	{2, "Access-Accept"},
	{3, "Access-Reject"},
	{4, "Accounting-Request"},
	{5, "Accounting-Response"},
	{11, "Access-Challenge"},
	{12, "Status-Server"},
	{13, "Status-Client"},
	{40, "Disconnect-Request"},
	{41, "Disconnect-ACK"},
	{42, "Disconnect-NAK"},
	{43, "CoA-Request"},
	{44, "CoA-ACK"},
	{45, "CoA-NAK"},
	{255, "Reserved"},
	{0, NULL},
};

/* The datagram may be longer (padding) or shorter than the field says. */
static uint32_t message_length(const struct layer *layer)
{
	return layer->radius.length < layer->length ? layer->radius.length
						    : layer->length;
}

static void decode(struct dissection *d)
{
	struct radius *radius = &d->layer->radius;

	radius->code = cursor_u8(&d->cursor);
	radius->id = cursor_u8(&d->cursor);
	radius->length = cursor_be16(&d->cursor);
	cursor_skip(&d->cursor, 16);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else if (radius->length < HEADER)
		d->layer->flags |= LAYER_BAD_LENGTH;
}

static void text(struct text *t, const struct layer *layer)
{
	const struct radius *radius = &layer->radius;
	const char *code = label_or(code_labels, radius->code,
				    "Unknown Command");
	uint32_t length = message_length(layer);

	t->protocol = "radius";
	if (layer->flags & (LAYER_TRUNCATED | LAYER_BAD_LENGTH)) {
		text_trunc(t);
		return;
	}
	if (!t->options->verbose) {
		put(t, "RADIUS, %s (%u), id: 0x%02x length: %u", code,
		    radius->code, radius->id, length);
		return;
	}
	put(t, "RADIUS, length: %u\n\t%s (%u), id: 0x%02x, Authenticator: ",
	    length, code, radius->code, radius->id);
	put_hex_bytes(t, layer->data + 4, 16);
	if (length > HEADER) {
		struct cursor c = text_cursor(layer);

		cursor_skip(&c, HEADER);
		radius_text_attributes(t, c, length - HEADER);
	}
}

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("code", 0),
		MEMBER_U8("id", 1),
		MEMBER_U16("message_length", 2),
		MEMBER_BYTES("authenticator", 4, 16),
		MEMBER_END},
	.list = {
		.name = "attributes",
		.at = 20,
		.end = {2, 2, 0},
		.header = 2,
		.type = {0, 1, 0},
		.length = {1, 1, 0},
		.cases = radius_member_cases,
	},
};

const struct dissector radius_dissector = {
	.name = "radius",
	.decode = decode,
	.text = text,
	.members = &members,
};
