/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

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
		capacity = capacity > want / 2 ? want : capacity * 2;
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

/* The digits of @value in @base end at @end; returns where they begin. */
static char *digits_before(char *end, uint64_t value, unsigned int base)
{
	do
		*--end = "0123456789abcdef"[value % base];
	while ((value /= base));
	return end;
}

static void put_number(struct strbuf *sb, uint64_t value, unsigned int base,
		       unsigned int width)
{
	char text[24];
	char *end = text + sizeof(text);
	char *begin = digits_before(end, value, base);

	while (begin > text && (size_t)(end - begin) < width)
		*--begin = '0';
	strbuf_add(sb, begin, (size_t)(end - begin));
}

void strbuf_u64(struct strbuf *sb, uint64_t value)
{
	put_number(sb, value, 10, 0);
}

void strbuf_u32(struct strbuf *sb, uint32_t value)
{
	char text[10];
	char *end = text + sizeof(text);
	char *begin = end;

	do
		*--begin = (char)('0' + value % 10);
	while ((value /= 10));
	strbuf_add(sb, begin, (size_t)(end - begin));
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

void strbuf_u64_padded(struct strbuf *sb, uint64_t value, unsigned int width)
{
	put_number(sb, value, 10, width);
}

void strbuf_hex(struct strbuf *sb, uint64_t value)
{
	put_number(sb, value, 16, 0);
}

void strbuf_hex_padded(struct strbuf *sb, uint64_t value, unsigned int width)
{
	put_number(sb, value, 16, width);
}

void strbuf_spaces(struct strbuf *sb, size_t n)
{
	char *to = strbuf_room(sb, n);

	if (to && n) {
		memset(to, ' ', n);
		sb->length += n;
	}
}
