/* SPDX-License-Identifier: BSD-3-Clause */
/* PostgreSQL's and MySQL's messages, as far as their heads go. tcpdump knows
 * nothing of them: this is for JSON. */
#include "dissectors/dissector.h"

#include "dissectors/protocols.h"

static void decode_postgresql(struct dissection *d)
{
	struct database *db = &d->layer->database;
	struct cursor start = d->cursor;

	db->type = cursor_u8(&d->cursor);
	db->length = cursor_be32(&d->cursor);
	/* A start-up message has no type: its length comes first. */
	if (!db->type) {
		db->length = cursor_be32(&start);
		db->code = cursor_be32(&start);
	}
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void json_postgresql(struct json *json, const struct packet *packet,
			    const struct layer *layer)
{
	const struct database *db = &layer->database;
	char type = (char)db->type;

	(void)packet;
	if (!db->type)
		json_u64(json, "startup_code", db->code);
	else if (db->type > 0x20 && db->type < 0x7f)
		json_text(json, "message_type", &type, 1);
	json_u64(json, "message_length", db->length);
}

const struct dissector postgresql_dissector = {
	.name = "postgresql",
	.decode = decode_postgresql,
	.json = json_postgresql,
};

static void decode_mysql(struct dissection *d)
{
	struct database *db = &d->layer->database;
	uint32_t first = cursor_le32(&d->cursor);

	db->length = first & 0xffffff;
	db->code = first >> 24; /* sequence */
	db->type = cursor_u8(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void json_mysql(struct json *json, const struct packet *packet,
		       const struct layer *layer)
{
	const struct database *db = &layer->database;

	(void)packet;
	json_u64(json, "packet_length", db->length);
	json_u64(json, "sequence", db->code);
	json_u64(json, "first_byte", db->type);
}

const struct dissector mysql_dissector = {
	.name = "mysql",
	.decode = decode_mysql,
	.json = json_mysql,
};
