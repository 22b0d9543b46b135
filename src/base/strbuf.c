/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

#include "src/base/write.h"

void strbuf_free(struct strbuf *sb)
{
	free(sb->data);
	*sb = (struct strbuf)STRBUF_INIT;
}

bool strbuf_grow(struct strbuf *sb, size_t more)
{
	size_t want = sb->length + more;
	size_t capacity = sb->capacity ? sb->capacity : 256;
	char *data;

	if (want < more) {
		sb->failed = true;
		return false;
	}
	while (capacity < want)
		capacity = capacity > SIZE_MAX / 2 ? want : capacity * 2;
	if (capacity <= sb->capacity)
		return true;
	data = realloc(sb->data, capacity);
	if (!data) {
		sb->failed = true;
		return false;
	}
	sb->data = data;
	sb->capacity = capacity;
	return true;
}

const char *strbuf_text(struct strbuf *sb)
{
	char *end = strbuf_room(sb, 1);

	if (!end)
		return "";
	*end = '\0';
	return sb->data;
}

void strbuf_vprintf(struct strbuf *sb, const char *format, va_list args)
{
	va_list again;
	char *to;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	to = n < 0 ? NULL : strbuf_room(sb, (size_t)n + 1);
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		sb->length += (size_t)n;
	}
	va_end(again);
}

void strbuf_printf(struct strbuf *sb, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	strbuf_vprintf(sb, format, args);
	va_end(args);
}

void strbuf_u32(struct strbuf *sb, uint32_t value)
{
	char *to = strbuf_room(sb, WRITE_U32 + WRITE_SLOP);

	if (to)
		strbuf_added(sb, write_u32(to, value));
}

void strbuf_u64(struct strbuf *sb, uint64_t value)
{
	if (value >> 32)
		strbuf_u64_padded(sb, value, 0);
	else
		strbuf_u32(sb, (uint32_t)value);
}

void strbuf_u32_padded(struct strbuf *sb, uint32_t value, unsigned int width)
{
	strbuf_u64_padded(sb, value, width);
}

void strbuf_i64(struct strbuf *sb, int64_t value)
{
	uint64_t magnitude = (uint64_t)value;

	if (value < 0) {
		strbuf_putc(sb, '-');
		magnitude = 0 - magnitude;
	}
	strbuf_u64(sb, magnitude);
}

/* @text, of at most 24 characters, behind zeros that make it @width long. */
static void add_padded(struct strbuf *sb, const char *text, size_t length,
		       unsigned int width)
{
	char *to;

	if (width > 24)
		width = 24;
	if (length >= width) {
		strbuf_add(sb, text, length);
		return;
	}
	to = strbuf_room(sb, width);
	if (!to)
		return;
	memset(to, '0', width - length);
	memcpy(to + width - length, text, length);
	sb->length += width;
}

void strbuf_u64_padded(struct strbuf *sb, uint64_t value, unsigned int width)
{
	char text[24];
	char *begin = text + sizeof(text);

	do
		*--begin = (char)('0' + value % 10);
	while ((value /= 10));
	add_padded(sb, begin, (size_t)(text + sizeof(text) - begin), width);
}

void strbuf_hex(struct strbuf *sb, uint64_t value)
{
	char *to = strbuf_room(sb, 16);

	if (to)
		strbuf_added(sb, write_hex(to, value));
}

void strbuf_hex_padded(struct strbuf *sb, uint64_t value, unsigned int width)
{
	char text[16];

	add_padded(sb, text, (size_t)(write_hex(text, value) - text), width);
}

void strbuf_spaces(struct strbuf *sb, size_t n)
{
	char *to = strbuf_room(sb, n);

	if (to && n) {
		memset(to, ' ', n);
		sb->length += n;
	}
}
