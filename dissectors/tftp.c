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

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "operation", layer->words[0]);
}

const struct dissector tftp_dissector = {
	.name = "tftp",
	.decode = decode,
	.text = text,
	.json = json,
};
