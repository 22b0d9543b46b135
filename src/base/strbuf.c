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

/* The digits of 0 to 99, two by two. */
static const char PAIRS[] = "00010203040506070809"
			    "10111213141516171819"
			    "20212223242526272829"
			    "30313233343536373839"
			    "40414243444546474849"
			    "50515253545556575859"
			    "60616263646566676869"
			    "70717273747576777879"
			    "80818283848586878889"
			    "90919293949596979899";

static unsigned int count_digits(uint32_t value)
{
	unsigned int digits = 1;

	for (;;) {
		if (value < 10)
			return digits;
		if (value < 100)
			return digits + 1;
		if (value < 1000)
			return digits + 2;
		if (value < 10000)
			return digits + 3;
		value /= 10000;
		digits += 4;
	}
}

/* Exactly @digits digits of @value at @to. */
static void put_digits(char *to, uint32_t value, unsigned int digits)
{
	while (digits >= 2) {
		digits -= 2;
		memcpy(to + digits, PAIRS + 2 * (value % 100), 2);
		value /= 100;
	}
	if (digits)
		*to = (char)('0' + value % 10);
}

void strbuf_u32(struct strbuf *sb, uint32_t value)
{
	unsigned int digits = count_digits(value);
	char *to = strbuf_room(sb, digits);

	if (!to)
		return;
	put_digits(to, value, digits);
	sb->length += digits;
}

void strbuf_u32_padded(struct strbuf *sb, uint32_t value, unsigned int width)
{
	unsigned int digits = count_digits(value);
	char *to;

	if (digits < width)
		digits = width;
	to = strbuf_room(sb, digits);
	if (!to)
		return;
	put_digits(to, value, digits);
	sb->length += digits;
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
