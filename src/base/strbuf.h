/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text under construction: one growing buffer that is reused line after line,
 * so that printing a packet allocates nothing once the buffer has grown.
 *
 * Running out of memory sets `failed` (sticky) and drops what is appended;
 * whoever writes the buffer out asks once.
 */
#ifndef BSNIFF_BASE_STRBUF_H
#define BSNIFF_BASE_STRBUF_H

#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct strbuf {
	char *data; /* not terminated; see strbuf_text() */
	size_t length;
	size_t capacity;
	bool failed;
};

#define STRBUF_INIT {0}

/* Release what @sb owns; it is empty and usable afterwards. */
void strbuf_free(struct strbuf *sb);

/* Make room for @more bytes. False when memory ran out (failed is set). */
bool strbuf_grow(struct strbuf *sb, size_t more);

/* The text, terminated; owned by @sb, valid until the next append. */
const char *strbuf_text(struct strbuf *sb);

/* printf(); for what is rare. The hot path has the functions below. */
void strbuf_printf(struct strbuf *sb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_vprintf(struct strbuf *sb, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static inline void strbuf_reset(struct strbuf *sb)
{
	sb->length = 0;
}

/* Room for @n bytes: where to write them, or NULL. See strbuf_added(). */
static inline char *strbuf_room(struct strbuf *sb, size_t n)
{
	if (__builtin_expect(sb->capacity - sb->length < n, 0) &&
	    !strbuf_grow(sb, n))
		return NULL;
	return sb->data + sb->length;
}

/* Count what was written to strbuf_room(), up to @end. */
static inline void strbuf_added(struct strbuf *sb, const char *end)
{
	sb->length = (size_t)(end - sb->data);
}

static inline void strbuf_add(struct strbuf *sb, const void *bytes, size_t n)
{
	char *to = strbuf_room(sb, n);

	if (to && n) {
		memcpy(to, bytes, n);
		sb->length += n;
	}
}

static inline void strbuf_puts(struct strbuf *sb, const char *text)
{
	strbuf_add(sb, text, strlen(text));
}

static inline void strbuf_putc(struct strbuf *sb, char c)
{
	char *to = strbuf_room(sb, 1);

	if (to) {
		*to = c;
		sb->length++;
	}
}

/* Decimal, as %u and %llu. */
void strbuf_u32(struct strbuf *sb, uint32_t value);
void strbuf_u64(struct strbuf *sb, uint64_t value);
void strbuf_i64(struct strbuf *sb, int64_t value);

/* Decimal with leading zeros, as %0*u; at most 20 digits. */
void strbuf_u32_padded(struct strbuf *sb, uint32_t value, unsigned int width);
void strbuf_u64_padded(struct strbuf *sb, uint64_t value, unsigned int width);

/* Lower-case hexadecimal without 0x, as %x and as %0*x (at most 16 digits). */
void strbuf_hex(struct strbuf *sb, uint64_t value);
void strbuf_hex_padded(struct strbuf *sb, uint64_t value, unsigned int width);

/* @n spaces. */
void strbuf_spaces(struct strbuf *sb, size_t n);

#endif
