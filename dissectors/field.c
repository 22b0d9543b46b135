/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/field.h"

#include <stdio.h>

void field_put_dump(struct text *t, const struct layer *layer, size_t at,
		    const char *indent, size_t n)
{
	size_t there;

	if (at > layer->captured) {
		put(t,
		    "%sDissector error: print_unknown_data called with "
		    "pointer past end of packet",
		    indent);
		return;
	}
	there = layer->captured - at;
	put_hex(t, indent, layer->data + at, n < there ? n : there);
}

void field_put_hex(struct text *t, const struct layer *layer, size_t at,
		   size_t n)
{
	size_t there = field_has(layer, at, 0) ? layer->captured - at : 0;

	put_hex_bytes(t, layer->data + at, n < there ? n : there);
	if (n > there)
		text_stop(t);
}

void field_put_text(struct text *t, const struct layer *layer, size_t at,
		    size_t n)
{
	if (!field_has(layer, at, 0) ||
	    put_visible_bytes(t, layer->data + at, n,
			      layer->data + layer->captured))
		text_stop(t);
}

void field_put_string(struct text *t, const struct layer *layer, size_t at,
		      size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = field_u8(t, layer, at + i);

		if (!c)
			return;
		put_visible(t, c);
	}
}

void field_put_less(struct text *t, const char *what, uint32_t value,
		    uint32_t least)
{
	put(t, " [%s %u < %u]", what, value, least);
}

void field_put_rate(struct text *t, uint32_t bits, const char *format)
{
	float rate;

	memcpy(&rate, &bits, sizeof(rate));
	rate = rate * 8 / 1000000;
	memcpy(&bits, &rate, sizeof(bits));
	field_put_float(t, bits, format);
}

void field_put_float(struct text *t, uint32_t bits, const char *format)
{
	float value;
	char text[80];

	memcpy(&value, &bits, sizeof(value));
	/* The format is a constant of the caller's. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, (double)value);
#pragma GCC diagnostic pop
	put_text(t, text);
}

int field_prefix_length(uint32_t mask)
{
	int length = mask ? 32 - __builtin_ctz(mask) : 0;
	uint32_t expected = length ? UINT32_MAX << (32 - length) : 0;

	return mask == expected ? length : -1;
}

void field_put_padded_ipv4(struct text *t, const uint8_t address[4])
{
	size_t start = t->out->length, used;

	put_ipv4(t, address);
	used = t->out->length - start;
	if (used < 15) {
		strbuf_spaces(t->out, 15 - used);
		memmove(t->out->data + start + 15 - used,
			t->out->data + start, used);
		memset(t->out->data + start, ' ', 15 - used);
	}
}
