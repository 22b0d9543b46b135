/* SPDX-License-Identifier: BSD-3-Clause */
/* MSDP: RFC 3618; and BEEP, of which only the kind of frame is shown: RFC
 * 3080. */
#include "dissectors/field.h"

#include "dissectors/protocols.h"

enum {
	HEADER = 3,
	ENTRY = 12,
	SOURCE_ACTIVE_HEADER = 8,
	REQUEST_LENGTH = 8,
	LAST_TYPE = 7,
	LONGEST = 1500
};

enum message {
	SOURCE_ACTIVE = 1,
	REQUEST = 2,
	RESPONSE = 3,
	KEEPALIVE = 4,
	NOTIFICATION = 5,
};

/* The source's packet behind the entries of the first message, if any. */
static void decode_msdp(struct dissection *d)
{
	struct layer *layer = d->layer;
	uint32_t used, length;
	uint8_t entries;

	layer->words[0] = cursor_u8(&d->cursor);
	length = cursor_be16(&d->cursor);
	layer->words[1] = length;
	entries = cursor_u8(&d->cursor);
	if (d->cursor.overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	used = SOURCE_ACTIVE_HEADER + entries * (uint32_t)ENTRY;
	if ((layer->words[0] != SOURCE_ACTIVE && layer->words[0] != RESPONSE) ||
	    used >= length || length > layer->length)
		return;
	cursor_skip(&d->cursor, used - HEADER - 1);
	if (d->cursor.overrun)
		d->cursor.at = layer->data + layer->captured;
	dissect_payload(d, &ipv4_dissector, window_rest(d, length - used));
}

/* One message of @length bytes at @at. */
static void text_message(struct text *t, const struct layer *layer, size_t at,
			 uint8_t type, uint32_t length)
{
	uint8_t entries;

	switch (type) {
	case SOURCE_ACTIVE:
	case RESPONSE:
		put_text(t, type == SOURCE_ACTIVE ? " SA" : " SA-Response");
		entries = field_u8(t, layer, at + HEADER);
		put(t, " %u entries", entries);
		if (SOURCE_ACTIVE_HEADER + entries * (uint32_t)ENTRY < length)
			put_text(t, " [w/data]");
		else
			break;
		if (t->options->verbose > 1 && !at) {
			put_char(t, ' ');
			text_payload(t, layer);
		}
		break;
	case REQUEST:
		put_text(t, " SA-Request");
		if (layer->length - at < REQUEST_LENGTH) {
			text_stop(t);
			break;
		}
		field_lead_ipv4(t, " for ", layer, at + HEADER + 1);
		break;
	case KEEPALIVE:
		put_text(t, " Keepalive");
		if (length != HEADER)
			put(t, "[len=%u] ", length);
		break;
	case NOTIFICATION:
		put_text(t, " Notification");
		break;
	default:
		put(t, " [type=%u len=%u]", type, length);
		break;
	}
}

static void text_msdp(struct text *t, const struct layer *layer)
{
	size_t at = 0;

	t->protocol = "msdp";
	put_text(t, ": msdp");
	while (layer->length > at && !t->stopped) {
		uint32_t length;
		uint8_t type;

		if (!field_need(t, layer, at, HEADER))
			return;
		type = layer->data[at];
		length = load_be16(layer->data + at + 1);
		if (!at && (!type || type > LAST_TYPE || length > LONGEST ||
			    length < HEADER)) {
			text_trunc(t);
			return;
		}
		if (length > 1400 || t->options->verbose)
			put(t, " [len %u]", length);
		if (length < HEADER || layer->length - at < length) {
			text_trunc(t);
			return;
		}
		text_message(t, layer, at, type, length);
		at += length;
	}
}

static void json_msdp(struct json *json, const struct packet *packet,
		      const struct layer *layer)
{
	(void)packet;
	json_u64(json, "type", layer->words[0]);
	json_u64(json, "message_length", layer->words[1]);
}

const struct dissector msdp_dissector = {
	.name = "msdp",
	.decode = decode_msdp,
	.text = text_msdp,
	.json = json_msdp,
};

static void decode_beep(struct dissection *d)
{
	(void)d;
}

/* For MSG and END tcpdump wants a NUL behind them, which nobody sends. */
static const char *beep_kind(const struct layer *layer)
{
	static const char kinds[][5] = {"ERR ", "ANS ", "NUL ", "SEQ ",
					"RPY ", "MSG",	"END"};
	static const char *const names[] = {
		" BEEP ERR", " BEEP ANS", " BEEP NUL", " BEEP SEQ",
		" BEEP RPY", " BEEP MSG", " BEEP END"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (layer->length >= 4 && field_has(layer, 0, 4) &&
		    !memcmp(layer->data, kinds[i], 4))
			return names[i];
	return " BEEP (payload or undecoded)";
}

static void text_beep(struct text *t, const struct layer *layer)
{
	t->protocol = "beep";
	put_text(t, beep_kind(layer));
}

static void json_beep(struct json *json, const struct packet *packet,
		      const struct layer *layer)
{
	(void)packet;
	json_string(json, "frame", beep_kind(layer) + 1);
}

const struct dissector beep_dissector = {
	.name = "beep",
	.decode = decode_beep,
	.text = text_beep,
	.json = json_beep,
};
