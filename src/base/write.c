/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/write.h"

#include <stdbool.h>

#include "src/base/cursor.h"

#define TEN(p)                                                                 \
	p "0.", p "1.", p "2.", p "3.", p "4.", p "5.", p "6.", p "7.",        \
		p "8.", p "9."
#define HUNDRED(p)                                                             \
	TEN(p "0"), TEN(p "1"), TEN(p "2"), TEN(p "3"), TEN(p "4"),            \
		TEN(p "5"), TEN(p "6"), TEN(p "7"), TEN(p "8"), TEN(p "9")

const char write_octets[256][4] = {
	TEN(""),   TEN("1"),  TEN("2"),	 TEN("3"),  TEN("4"),  TEN("5"),
	TEN("6"),  TEN("7"),  TEN("8"),	 TEN("9"),  HUNDRED("1"),
	TEN("20"), TEN("21"), TEN("22"), TEN("23"), TEN("24"), "250.",
	"251.",	   "252.",    "253.",	 "254.",    "255.",
};

#define SIXTEEN(p)                                                             \
	p "0", p "1", p "2", p "3", p "4", p "5", p "6", p "7", p "8", p "9",  \
		p "a", p "b", p "c", p "d", p "e", p "f"

const char write_hex_pairs[256][2] = {
	SIXTEEN("0"), SIXTEEN("1"), SIXTEEN("2"), SIXTEEN("3"),
	SIXTEEN("4"), SIXTEEN("5"), SIXTEEN("6"), SIXTEEN("7"),
	SIXTEEN("8"), SIXTEEN("9"), SIXTEEN("a"), SIXTEEN("b"),
	SIXTEEN("c"), SIXTEEN("d"), SIXTEEN("e"), SIXTEEN("f"),
};

char *write_hex(char *to, uint64_t value)
{
	int digits = value ? (67 - __builtin_clzll(value)) / 4 : 1;

	for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
		*to++ = "0123456789abcdef"[value >> shift & 15];
	return to;
}

/* Words [first, first + count) are the longest run of two or more zeros. */
struct zero_run {
	int first;
	int count;
};

static struct zero_run find_zero_run(const uint16_t words[8])
{
	struct zero_run best = {-1, 1}, now = {-1, 0};

	for (int i = 0; i < 8; i++) {
		if (words[i]) {
			now.count = 0;
			continue;
		}
		if (!now.count)
			now.first = i;
		if (++now.count > best.count)
			best = now;
	}
	return best;
}

char *write_ipv6(char *to, const uint8_t address[16])
{
	uint16_t words[8];
	struct zero_run run;
	bool dotted;

	for (int i = 0; i < 8; i++)
		words[i] = load_be16(address + 2 * i);
	run = find_zero_run(words);
	dotted = run.first == 0 &&
		 (run.count == 6 || (run.count == 5 && words[5] == 0xffff));
	for (int i = 0; i < 8; i++) {
		if (run.first >= 0 && i == run.first) {
			*to++ = ':';
			if (run.first + run.count == 8)
				*to++ = ':';
			i += run.count - 1;
			continue;
		}
		if (i)
			*to++ = ':';
		if (i == 6 && dotted)
			return write_ipv4(to, address + 12);
		to = write_hex(to, words[i]);
	}
	return to;
}
