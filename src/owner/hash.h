/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hashes of what the kernel told of.
 */
#ifndef BSNIFF_OWNER_HASH_H
#define BSNIFF_OWNER_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t hash_mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

/* @n: a multiple of eight; what is behind the last does not count. */
static inline uint64_t hash_bytes(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint64_t hash = 0, word;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = hash_mix(hash, word);
	}
	return hash ^ hash >> 32;
}

#endif
