/* SPDX-License-Identifier: BSD-3-Clause */
/* TFTP: RFC 1350; options: RFC 2347. */
#include "dissectors/dissector.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum operation { RRQ = 1, WRQ, DATA, ACK, ERROR, OACK };

static const struct label operation_labels[] = {
	{RRQ, "RRQ"},	  {WRQ, "WRQ"},	  {DATA, "DATA"}, {ACK, "ACK"},
	{ERROR, "ERROR"}, {OACK, "OACK"}, {0, NULL},
};

static const struct label error_labels[] = {
	{0, "EUNDEF"}, {1, "ENOTFOUND"}, {2, "EACCESS"}, {3, "ENOSPACE"},
	{4, "EBADOP"}, {5, "EBADID"},	 {6, "EEXISTS"}, {7, "ENOUSER"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_be16(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* One string of the *@left bytes. False if it does not end. */
static bool put_string(struct text *t, struct cursor *c, uint32_t *left)
{
	size_t used = *left ? put_visible_string(t, c->at, *left, c->end) : 0;

	cursor_skip(c, used);
	*left -= (uint32_t)used;
	return used;
}

static bool put_quoted(struct text *t, struct cursor *c, uint32_t *left)
{
	bool whole;

	if (!*left)
		return false;
	put_text(t, " \"");
	whole = put_string(t, c, left);
	put_char(t, '"');
	return whole;
}

static bool text_options(struct text *t, struct cursor *c, uint32_t left)
{
	while (left) {
		if (!text_has(t, c, 1))
			return true;
		if (*c->at)
			put_char(t, ' ');
		if (!put_string(t, c, &left))
			return false;
	}
	return true;
}

static bool text_request(struct text *t, struct cursor *c, uint32_t left)
{
	if (!put_quoted(t, c, &left) || !left)
		return false;
	put_char(t, ' ');
	return put_string(t, c, &left) && text_options(t, c, left);
}

/* False where the message ends too early. */
static bool text_message(struct text *t, const struct layer *layer,
			 struct cursor *c)
{
	uint32_t left = layer->length - 2;
	uint16_t error;

	switch (layer->words[0]) {
	case RRQ:
	case WRQ:
		return text_request(t, c, left);
	case OACK:
		return text_options(t, c, left);
	case DATA:
	case ACK:
		if (left < 2)
			return false;
		put(t, " block %u", text_be16(t, c));
		return true;
	case ERROR:
		if (left < 2)
			return false;
		error = text_be16(t, c);
		put_char(t, ' ');
		put_label(t, error_labels, error, "tftp-err-#%u \"");
		left -= 2;
		return put_quoted(t, c, &left);
	default:
		return true;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	t->protocol = "tftp";
	put(t, "TFTP, length %u", layer->length);
	if (layer->length < 2) {
		text_trunc(t);
		return;
	}
	text_be16(t, &c);
	put_text(t, ", ");
	put_label(t, operation_labels, (uint32_t)layer->words[0], "tftp-#%u");
	if (!t->stopped && !text_message(t, layer, &c))
		text_trunc(t);
}

/* A string up to its NUL; nothing if it does not end. */
static bool json_string_of(struct json *json, const char *name,
			   struct cursor *c)
{
	size_t left = cursor_left(c);
	const uint8_t *end = left ? memchr(c->at, 0, left) : NULL;

	if (!end)
		return false;
	json_text(json, name, (const char *)c->at, (size_t)(end - c->at));
	c->at = end + 1;
	return true;
}

static void json_options(struct json *json, struct cursor *c)
{
	bool more = true;

	json_open_array(json, "options");
	while (more && cursor_left(c)) {
		json_open_object(json, NULL);
		more = json_string_of(json, "name", c) &&
		       json_string_of(json, "value", c);
		json_close_object(json);
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	(void)packet;
	json_u64(json, "operation", layer->words[0]);
	cursor_skip(&c, 2);
	switch (layer->words[0]) {
	case RRQ:
	case WRQ:
		json_string_of(json, "file", &c);
		json_string_of(json, "mode", &c);
		json_options(json, &c);
		break;
	case OACK:
		json_options(json, &c);
		break;
	case DATA:
	case ACK:
		if (cursor_has(&c, 2))
			json_u64(json, "block", cursor_be16(&c));
		break;
	case ERROR:
		if (cursor_has(&c, 2))
			json_u64(json, "error_code", cursor_be16(&c));
		json_string_of(json, "error", &c);
		break;
	default:
		break;
	}
}

const struct dissector tftp_dissector = {
	.name = "tftp",
	.decode = decode,
	.text = text,
	.json = json,
};
