/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A reading position in bytes that nobody trusts.
 *
 * Each read that would pass the end gives zero, moves nothing and sets
 * `overrun`, which stays set: a parser reads a whole header and asks once.
 * The bytes are borrowed; a cursor owns nothing.
 */
#ifndef BSNIFF_BASE_CURSOR_H
#define BSNIFF_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes. */
struct slice {
	const uint8_t *data;
	size_t length;
};

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool overrun; /* some read has passed the end */
};

static inline struct cursor cursor_make(const void *data, size_t length)
{
	const uint8_t *at = data;

	return (struct cursor){.at = at, .end = length ? at + length : at};
}

/* How many bytes are left. */
static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* Are @n bytes left? Never sets overrun. */
static inline bool cursor_has(const struct cursor *c, size_t n)
{
	return cursor_left(c) >= n;
}

/* The next @n bytes, which are passed; NULL (and overrun) if there are fewer. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t n)
{
	const uint8_t *p = c->at;

	if (__builtin_expect(!cursor_has(c, n), 0)) {
		c->overrun = true;
		return NULL;
	}
	c->at += n;
	return p;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	cursor_take(c, n);
}

/* All that is left, at most @most bytes, as a slice; passed. */
static inline struct slice cursor_rest(struct cursor *c, size_t most)
{
	size_t n = cursor_left(c) < most ? cursor_left(c) : most;
	struct slice s = {c->at, n};

	c->at += n;
	return s;
}

static inline uint16_t load_be16(const uint8_t *p)
{
	return (uint16_t)((uint16_t)p[0] << 8 | p[1]);
}

static inline uint32_t load_be24(const uint8_t *p)
{
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | load_be24(p + 1);
}

static inline uint64_t load_be64(const uint8_t *p)
{
	return (uint64_t)load_be32(p) << 32 | load_be32(p + 4);
}

static inline uint16_t load_le16(const uint8_t *p)
{
	return (uint16_t)((uint16_t)p[1] << 8 | p[0]);
}

static inline uint32_t load_le32(const uint8_t *p)
{
	return (uint32_t)load_le16(p + 2) << 16 | load_le16(p);
}

static inline uint64_t load_le64(const uint8_t *p)
{
	return (uint64_t)load_le32(p + 4) << 32 | load_le32(p);
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 1);

	return p ? *p : 0;
}

/* DEFINE_CURSOR_READ(be16, uint16_t, 2) makes cursor_be16(), and so on. */
#define DEFINE_CURSOR_READ(name, type, size)                                   \
	static inline type cursor_##name(struct cursor *c)                     \
	{                                                                      \
		const uint8_t *p = cursor_take(c, size);                       \
		return p ? load_##name(p) : 0;                                 \
	}

DEFINE_CURSOR_READ(be16, uint16_t, 2)
DEFINE_CURSOR_READ(be24, uint32_t, 3)
DEFINE_CURSOR_READ(be32, uint32_t, 4)
DEFINE_CURSOR_READ(be64, uint64_t, 8)
DEFINE_CURSOR_READ(le16, uint16_t, 2)
DEFINE_CURSOR_READ(le32, uint32_t, 4)
DEFINE_CURSOR_READ(le64, uint64_t, 8)

#endif
