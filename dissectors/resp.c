/* SPDX-License-Identifier: BSD-3-Clause */
/* RESP, what Redis speaks: https://redis.io/topics/protocol */
#include "dissectors/dissector.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

#include <limits.h>

enum { LENGTH_NULL = -1, LENGTH_CUT = -2, LENGTH_LARGE = -3,
       LENGTH_NEGATIVE = -4, LENGTH_INVALID = -5 };

/* Where reading is: the bytes, and how many there are on the wire. */
struct reader {
	struct cursor c;
	uint32_t length;
};

static void pass(struct reader *r, size_t n)
{
	cursor_skip(&r->c, n);
	r->length -= (uint32_t)n;
}

/* The next byte, not passed; false where the message ends. Where only the
 * snapshot does, the packet is given up. */
static bool peek(struct text *t, const struct reader *r, uint8_t *byte)
{
	if (!r->length || !text_has(t, &r->c, 1))
		return false;
	*byte = *r->c.at;
	return true;
}

/* " "text"" */
static bool put_segment(struct text *t, const uint8_t *begin,
			const uint8_t *end)
{
	put_text(t, " \"");
	put_visible_bytes(t, begin, (size_t)(end - begin), end);
	put_char(t, '"');
	return true;
}

/* Moves to the next CR LF. */
static bool find_crlf(struct reader *r)
{
	for (;;) {
		if (r->length < 2 || !cursor_has(&r->c, 2))
			return false;
		if (r->c.at[0] == '\r' && r->c.at[1] == '\n')
			return true;
		pass(r, 1);
	}
}

static bool text_simple(struct text *t, struct reader *r)
{
	const uint8_t *begin;

	pass(r, 1);
	begin = r->c.at;
	if (!find_crlf(r))
		return false;
	put_segment(t, begin, r->c.at);
	pass(r, 2);
	return true;
}

/* Digits, and what follows them; sets *@value. */
static int read_digits(struct text *t, struct reader *r, int *value)
{
	bool digits = false, large = false;
	uint8_t byte;

	for (;;) {
		if (!peek(t, r, &byte))
			return LENGTH_CUT;
		if (byte < '0' || byte > '9')
			break;
		byte = (uint8_t)(byte - '0');
		if (*value > INT_MAX / 10 ||
		    (*value == INT_MAX / 10 && byte > INT_MAX % 10))
			large = true;
		else
			*value = *value * 10 + byte;
		pass(r, 1);
		digits = true;
	}
	if (!digits) {
		pass(r, 1);
		return LENGTH_INVALID;
	}
	return large ? LENGTH_LARGE : 0;
}

static int read_byte(struct text *t, struct reader *r, uint8_t expected)
{
	uint8_t byte;

	if (!peek(t, r, &byte))
		return LENGTH_CUT;
	pass(r, 1);
	return byte == expected ? 0 : LENGTH_INVALID;
}

/* A length with its CR LF, or one of the errors above. */
static int read_length(struct text *t, struct reader *r)
{
	bool negative = false;
	int value = 0, error, status;
	uint8_t byte;

	if (!peek(t, r, &byte))
		return LENGTH_CUT;
	if (byte == '-') {
		negative = true;
		pass(r, 1);
	}
	status = read_digits(t, r, &value);
	if (status == LENGTH_CUT || status == LENGTH_INVALID)
		return status;
	error = read_byte(t, r, '\r');
	if (!error)
		error = read_byte(t, r, '\n');
	if (error)
		return error;
	if (negative)
		return status || value != 1 ? LENGTH_NEGATIVE : LENGTH_NULL;
	return status ? status : value;
}

/* False where there was no end. */
static bool text_length_error(struct text *t, int length)
{
	static const struct label labels[] = {
		{0, " empty"},
		{1, " null"},
		{3, " length too large"},
		{4, " length negative and not -1"},
		{5, " invalid"},
		{0, NULL},
	};

	if (length == LENGTH_CUT)
		return false;
	put_text(t, label_find(labels, (uint32_t)-length));
	return true;
}

static bool text_bulk(struct text *t, struct reader *r)
{
	int length;

	pass(r, 1);
	length = read_length(t, r);
	if (length < 0)
		return text_length_error(t, length);
	if (!length) {
		text_length_error(t, 0);
	} else {
		if (r->length < (uint32_t)length ||
		    !cursor_has(&r->c, (size_t)length))
			return false;
		put_segment(t, r->c.at, r->c.at + length);
		pass(r, (size_t)length);
	}
	if (!find_crlf(r))
		return false;
	pass(r, 2);
	return true;
}

static bool text_array(struct text *t, struct reader *r, uint64_t *pending)
{
	int length;

	pass(r, 1);
	length = read_length(t, r);
	if (length <= 0)
		return text_length_error(t, length);
	*pending += (uint64_t)length;
	return true;
}

static bool is_line_end(uint8_t c)
{
	return c == '\r' || c == '\n';
}

/* At least one CR or LF. */
static bool pass_line_ends(struct reader *r)
{
	bool some = false;

	while (r->length && cursor_has(&r->c, 1) && is_line_end(*r->c.at)) {
		pass(r, 1);
		some = true;
	}
	return some || (r->length && cursor_has(&r->c, 1));
}

static bool text_inline(struct text *t, struct reader *r)
{
	const uint8_t *begin;
	uint8_t byte;

	if (!pass_line_ends(r))
		return false;
	begin = r->c.at;
	do {
		if (!peek(t, r, &byte))
			return false;
		if (!is_line_end(byte))
			pass(r, 1);
	} while (!is_line_end(byte));
	put_segment(t, begin, r->c.at);
	return pass_line_ends(r);
}

/* An array's elements are printed like any others: only how many are still to
 * come is counted, so that nesting costs nothing. */
static bool text_one(struct text *t, struct reader *r, uint64_t *pending)
{
	uint8_t byte;

	if (!peek(t, r, &byte))
		return false;
	if (*pending)
		--*pending;
	switch (byte) {
	case '+':
	case '-':
	case ':':
		return text_simple(t, r);
	case '$':
		return text_bulk(t, r);
	case '*':
		return text_array(t, r, pending);
	default:
		return text_inline(t, r);
	}
}

static void text(struct text *t, const struct layer *layer)
{
	struct reader r = {text_cursor(layer), layer->length};
	uint64_t pending = 0;

	t->protocol = "resp";
	put_text(t, ": RESP");
	while ((r.length || pending) && !t->stopped) {
		if (!text_one(t, &r, &pending)) {
			if (!t->stopped)
				text_trunc(t);
			return;
		}
	}
}

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_u8(&d->cursor);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	char type = (char)layer->words[0];
	size_t end = 1;

	(void)packet;
	json_text(json, "type", &type, 1);
	while (end < layer->captured && layer->data[end] != '\r')
		end++;
	if (end > 1)
		json_text(json, "line", (const char *)layer->data + 1, end - 1);
}

const struct dissector resp_dissector = {
	.name = "resp",
	.decode = decode,
	.text = text,
	.json = json,
};
