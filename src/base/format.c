/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/format.h"

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

void strbuf_vformat(struct strbuf *sb, const char *at, va_list args)
{
	for (;;) {
		struct conversion c = {.precision = -1};
		const char *run = at;

		while (*at && *at != '%')
			at++;
		if (at != run)
			strbuf_add(sb, run, (size_t)(at - run));
		if (!*at++)
			return;
		for (;; at++) {
			if (*at == '0')
				c.zero = true;
			else if (*at == '-')
				c.left = true;
			else
				break;
		}
		PARSE_COUNT(at, c.width, args);
		if (*at == '.') {
			at++;
			PARSE_COUNT(at, c.precision, args);
		}
		at = parse_size(at, &c);
		c.type = *at ? *at++ : '%';
		if (c.type == 's') {
			put_text(sb, &c, va_arg(args, const char *));
		} else if (c.type == 'c') {
			char character = (char)va_arg(args, int);

			put_padded(sb, &c, &character, 1);
		} else if (c.type == 'd') {
			int64_t value = c.size ? va_arg(args, long)
					       : va_arg(args, int);
			uint64_t magnitude = (uint64_t)value;

			put_integer(sb, &c, value < 0 ? 0 - magnitude : magnitude,
				    value < 0);
		} else if (c.type == 'u' || c.type == 'x' || c.type == 'X') {
			uint64_t value = c.size ? va_arg(args, unsigned long)
						: va_arg(args, unsigned int);

			put_integer(sb, &c, value, false);
		} else {
			strbuf_putc(sb, c.type);
		}
	}
}

void strbuf_format(struct strbuf *sb, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	strbuf_vformat(sb, format, args);
	va_end(args);
}
