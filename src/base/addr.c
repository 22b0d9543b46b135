/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/addr.h"

#include <stdbool.h>

#include "src/base/cursor.h"

static const char HEX[] = "0123456789abcdef";

static char *put_octet(char *to, unsigned int value)
{
	if (value >= 100) {
		*to++ = (char)('0' + value / 100);
		value %= 100;
		*to++ = (char)('0' + value / 10);
	} else if (value >= 10) {
		*to++ = (char)('0' + value / 10);
	}
	*to++ = (char)('0' + value % 10);
	return to;
}

static char *put_dotted(char *to, const uint8_t address[4])
{
	for (int i = 0; i < 4; i++) {
		if (i)
			*to++ = '.';
		to = put_octet(to, address[i]);
	}
	return to;
}

void addr_put_ipv4(struct strbuf *sb, const uint8_t address[4])
{
	char *to = strbuf_room(sb, ADDR_IPV4_LENGTH);

	if (to)
		strbuf_added(sb, put_dotted(to, address));
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

static char *put_word(char *to, uint16_t word)
{
	for (int shift = 12, begun = 0; shift >= 0; shift -= 4) {
		int digit = word >> shift & 15;

		if (digit || begun || !shift) {
			*to++ = HEX[digit];
			begun = 1;
		}
	}
	return to;
}

void addr_put_ipv6(struct strbuf *sb, const uint8_t address[16])
{
	char *to = strbuf_room(sb, ADDR_IPV6_LENGTH);
	uint16_t words[8];
	struct zero_run run;
	bool dotted;

	if (!to)
		return;
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
		if (i == 6 && dotted) {
			to = put_dotted(to, address + 12);
			break;
		}
		to = put_word(to, words[i]);
	}
	strbuf_added(sb, to);
}

void addr_put_bytes(struct strbuf *sb, const uint8_t *bytes, size_t n)
{
	char *to = strbuf_room(sb, n * 3);

	if (!to)
		return;
	for (size_t i = 0; i < n; i++) {
		if (i)
			*to++ = ':';
		*to++ = HEX[bytes[i] >> 4];
		*to++ = HEX[bytes[i] & 15];
	}
	strbuf_added(sb, to);
}

void addr_put_mac(struct strbuf *sb, const uint8_t address[6])
{
	addr_put_bytes(sb, address, 6);
}
