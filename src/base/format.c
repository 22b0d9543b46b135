/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/format.h"

#include <string.h>

struct conversion {
	bool zero, left;
	int width;
	int precision; /* -1: none */
	int size;      /* 0 int, 1 long and longer, 2 size_t */
	char type;
};

static const char *parse_number(const char *at, int *value)
{
	*value = 0;
	while (*at >= '0' && *at <= '9' && *value < 100000)
		*value = *value * 10 + (*at++ - '0');
	return at;
}

/* A number or *, whose value is the next argument. */
#define PARSE_COUNT(at, value, args)                                           \
	do {                                                                   \
		if (*(at) == '*') {                                            \
			(value) = va_arg(args, int);                           \
			(at)++;                                                \
		} else {                                                       \
			(at) = parse_number(at, &(value));                     \
		}                                                              \
	} while (0)

static void put_padded(struct strbuf *sb, const struct conversion *c,
		       const char *text, size_t length)
{
	size_t pad = c->width > 0 && (size_t)c->width > length
			     ? (size_t)c->width - length
			     : 0;

	if (pad && !c->left)
		strbuf_spaces(sb, pad);
	strbuf_add(sb, text, length);
	if (pad && c->left)
		strbuf_spaces(sb, pad);
}

static void put_integer(struct strbuf *sb, const struct conversion *c,
			uint64_t value, bool negative)
{
	static const char LOWER[] = "0123456789abcdef";
	static const char UPPER[] = "0123456789ABCDEF";
	const char *digits = c->type == 'X' ? UPPER : LOWER;
	char text[72];
	char *end = text + sizeof(text), *begin = end;

	if (c->type == 'x' || c->type == 'X') {
		do
			*--begin = digits[value & 15];
		while ((value >>= 4));
	} else {
		do
			*--begin = (char)('0' + value % 10);
		while ((value /= 10));
	}
	if (c->zero && !c->left)
		while (end - begin < c->width - (negative ? 1 : 0) &&
		       begin > text + 1)
			*--begin = '0';
	if (negative)
		*--begin = '-';
	put_padded(sb, c, begin, (size_t)(end - begin));
}

static void put_text(struct strbuf *sb, const struct conversion *c,
		     const char *text)
{
	size_t length;

	if (!text)
		text = "(null)";
	length = c->precision >= 0 ? strnlen(text, (size_t)c->precision)
				   : strlen(text);
	put_padded(sb, c, text, length);
}

static const char *parse_size(const char *at, struct conversion *c)
{
	for (;; at++) {
		if (*at == 'l')
			c->size = 1;
		else if (*at == 'z')
			c->size = 2;
		else if (*at != 'h')
			return at;
	}
}

/* One conversion, which begins behind the '%' at @at; returns its end. */
static const char *put_conversion(struct strbuf *sb, const char *at,
				  va_list *args)
{
	struct conversion c = {.precision = -1};

	for (;; at++) {
		if (*at == '0')
			c.zero = true;
		else if (*at == '-')
			c.left = true;
		else
			break;
	}
	PARSE_COUNT(at, c.width, *args);
	if (*at == '.') {
		at++;
		PARSE_COUNT(at, c.precision, *args);
	}
	at = parse_size(at, &c);
	c.type = *at ? *at++ : '%';
	if (c.type == 's') {
		put_text(sb, &c, va_arg(*args, const char *));
	} else if (c.type == 'c') {
		char character = (char)va_arg(*args, int);

		put_padded(sb, &c, &character, 1);
	} else if (c.type == 'd') {
		int64_t value = c.size ? va_arg(*args, long)
				       : va_arg(*args, int);
		uint64_t magnitude = (uint64_t)value;

		put_integer(sb, &c, value < 0 ? 0 - magnitude : magnitude,
			    value < 0);
	} else if (c.type == 'u' || c.type == 'x' || c.type == 'X') {
		uint64_t value = c.size ? va_arg(*args, unsigned long)
					: va_arg(*args, unsigned int);

		put_integer(sb, &c, value, false);
	} else {
		strbuf_putc(sb, c.type);
	}
	return at;
}

/* The commonest, without flags, width and size, go the short way. */
static const char *put_any(struct strbuf *sb, const char *at, va_list *args)
{
	const char *text;

	switch (*at) {
	case 'u':
		strbuf_u32(sb, va_arg(*args, unsigned int));
		return at + 1;
	case 'x':
		strbuf_hex(sb, va_arg(*args, unsigned int));
		return at + 1;
	case 's':
		text = va_arg(*args, const char *);
		strbuf_puts(sb, text ? text : "(null)");
		return at + 1;
	case 'c':
		strbuf_putc(sb, (char)va_arg(*args, int));
		return at + 1;
	default:
		return put_conversion(sb, at, args);
	}
}

/* What stands as it is, up to @end. Mostly a few bytes, for which memcpy()
 * would be too far away. */
static void put_run(struct strbuf *sb, const char *run, const char *end)
{
	char *to = strbuf_room(sb, (size_t)(end - run) + 16);
	size_t n = (size_t)(end - run);

	if (!to)
		return;
	if (n >= 8) {
		memcpy(to, run, 8);
		if (n > 16)
			memcpy(to + 8, run + 8, n - 16);
		memcpy(to + n - 8, run + n - 8, 8);
	} else {
		for (size_t i = 0; i < n; i++)
			to[i] = run[i];
	}
	sb->length += n;
}

void strbuf_vformat(struct strbuf *sb, const char *at, va_list args)
{
	va_list rest;

	va_copy(rest, args);
	for (;;) {
		const char *run = at;

		at = strchrnul(at, '%');
		if (at != run)
			put_run(sb, run, at);
		if (!*at)
			break;
		at = put_any(sb, at + 1, &rest);
	}
	va_end(rest);
}

void strbuf_format(struct strbuf *sb, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	strbuf_vformat(sb, format, args);
	va_end(args);
}
