/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text into room that is known to be there: each writer puts its text at @to
 * and returns the end. For the hot path, which makes room once for many of
 * them (strbuf_room()) and counts once (strbuf_added()).
 *
 * A writer may touch up to WRITE_SLOP bytes behind the end that it returns;
 * the room must have them too. All input is in host order but for addresses,
 * which are bytes in network order.
 */
#ifndef BSNIFF_BASE_WRITE_H
#define BSNIFF_BASE_WRITE_H

#include <stdint.h>
#include <string.h>

enum {
	WRITE_SLOP = 8,
	/* The longest texts. */
	WRITE_U32 = 10,
	WRITE_IPV4 = 15,
	WRITE_IPV6 = 45,
	WRITE_MAC = 17,
};

extern const char write_octets[256][4]; /* "7.", "42.", "255." */
extern const char write_hex_pairs[256][2];

/* A literal. */
#define write_literal(to, text)                                                \
	((char *)memcpy((to), (text), sizeof(text) - 1) + sizeof(text) - 1)

static inline char *write_text(char *to, const char *text)
{
	size_t n = strlen(text);

	memcpy(to, text, n);
	return to + n;
}

static inline char *write_char(char *to, char c)
{
	*to = c;
	return to + 1;
}

/*
 * The eight decimal digits of @value, below 100,000,000, one a byte, the first
 * in the lowest byte: 10^4, 10^2 and 10 are divided out of two, four and
 * eight lanes of a word at once, by multiplication.
 */
static inline uint64_t write_digits(uint32_t value)
{
	uint64_t high = value / 10000;
	uint64_t fours = high | (uint64_t)(value - (uint32_t)high * 10000)
					<< 32;
	uint64_t hundreds = (fours * 10486 >> 20) & 0x0000007f0000007f;
	uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
	uint64_t tens = (twos * 103 >> 10) & 0x000f000f000f000f;

	return tens | (twos - 10 * tens) << 8;
}

/* The bytes of @text, the lowest first. */
static inline void write_bytes(char *to, uint64_t text)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	text = __builtin_bswap64(text);
#endif
	memcpy(to, &text, 8);
}

static inline char *write_u32(char *to, uint32_t value)
{
	uint64_t digits;
	int zeros;

	if (value < 10)
		return write_char(to, (char)('0' + value));
	if (value >= 100000000) {
		uint32_t top = value / 100000000;

		if (top >= 10)
			*to++ = (char)('0' + top / 10);
		*to++ = (char)('0' + top % 10);
		digits = write_digits(value % 100000000);
		zeros = 0;
	} else {
		digits = write_digits(value);
		zeros = __builtin_ctzll(digits) & ~7;
	}
	write_bytes(to, (digits | 0x3030303030303030) >> zeros);
	return to + 8 - zeros / 8;
}

/* @digits digits (at most 8) of @value, which has no more. */
static inline char *write_u32_padded(char *to, uint32_t value,
				     unsigned int digits)
{
	write_bytes(to, (write_digits(value) | 0x3030303030303030) >>
				(64 - 8 * digits));
	return to + digits;
}

static inline char *write_hex_u8(char *to, uint8_t value)
{
	memcpy(to, write_hex_pairs[value], 2);
	return to + 2;
}

static inline char *write_hex_u16(char *to, uint16_t value)
{
	return write_hex_u8(write_hex_u8(to, (uint8_t)(value >> 8)),
			    (uint8_t)value);
}

/* Hexadecimal without leading zeros, as %x. */
char *write_hex(char *to, uint64_t value);

static inline char *write_octet(char *to, uint8_t value)
{
	memcpy(to, write_octets[value], 4);
	return to + 2 + (value > 9) + (value > 99);
}

/* 192.0.2.1 */
static inline char *write_ipv4(char *to, const uint8_t address[4])
{
	for (int i = 0; i < 4; i++)
		to = write_octet(to, address[i]);
	return to - 1;
}

/* 2001:db8::1; see addr_put_ipv6(). */
char *write_ipv6(char *to, const uint8_t address[16]);

/* 02:00:00:00:00:01 */
static inline char *write_mac(char *to, const uint8_t address[6])
{
	for (int i = 0; i < 6; i++) {
		to = write_hex_u8(to, address[i]);
		*to++ = ':';
	}
	return to - 1;
}

#endif
