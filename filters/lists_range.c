/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/lists_range.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cursor.h"

/* A decimal number up to @most, up to where it ends; false if there is none. */
static bool read_number(const char **at, uint32_t most, uint32_t *value)
{
	const char *from = *at;

	for (*value = 0; **at >= '0' && **at <= '9'; ++*at) {
		*value = *value * 10 + (uint32_t)(**at - '0');
		if (*value > most)
			return false;
	}
	return *at > from && (*from != '0' || *at == from + 1);
}

/* Dotted decimal of 1 to 4 parts, aligned to the left; the number of parts, 0
 * if it is something else. @at is then behind it. */
static int read_dotted(const char **at, uint32_t *value)
{
	int parts = 0;

	*value = 0;
	do {
		uint32_t part;

		if (parts == 4 || !read_number(at, 255, &part))
			return 0;
		*value |= part << (24 - 8 * parts++);
	} while (**at == '.' && ++*at);
	return parts;
}

static void set_prefix(struct list_range *range, const uint32_t *value,
		       size_t words, uint32_t bits)
{
	for (size_t w = 0; w < words; w++) {
		uint32_t mask = bits >= 32 ? UINT32_MAX
				: bits	   ? ~(UINT32_MAX >> bits)
					   : 0;

		range->low[w] = value[w] & mask;
		range->high[w] = value[w] | ~mask;
		bits -= bits >= 32 ? 32 : bits;
	}
}

static bool read_ipv6(const char *text, uint32_t words[4])
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET6, text, bytes) != 1)
		return false;
	for (int w = 0; w < 4; w++)
		words[w] = load_be32(bytes + w * 4);
	return true;
}

bool range_read_host(const char *text, enum list_kind *kind,
		     struct list_range *range)
{
	uint32_t words[4] = {0};
	const char *at = text;

	memset(range, 0, sizeof(*range));
	*kind = LIST_IPV4;
	if (read_dotted(&at, words) == 4 && !*at) {
		set_prefix(range, words, 1, 32);
		return true;
	}
	*kind = LIST_IPV6;
	if (!read_ipv6(text, words))
		return false;
	set_prefix(range, words, 4, 128);
	return true;
}

static bool read_prefix6(const char *text, struct list_range *range)
{
	const char *slash = strchr(text, '/');
	char address[64];
	uint32_t words[4], bits;

	if (!slash || (size_t)(slash - text) >= sizeof(address))
		return false;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	slash++;
	if (!read_ipv6(address, words) || !read_number(&slash, 128, &bits) ||
	    *slash || !bits)
		return false;
	set_prefix(range, words, 4, bits);
	return !memcmp(range->low, words, sizeof(words));
}

bool range_read_net(const char *text, enum list_kind *kind,
		    struct list_range *range)
{
	const char *at = text;
	uint32_t value, bits;
	int parts = read_dotted(&at, &value);

	memset(range, 0, sizeof(*range));
	*kind = LIST_IPV6;
	if (!parts)
		return read_prefix6(text, range);
	*kind = LIST_IPV4;
	bits = (uint32_t)parts * 8;
	if (parts == 1 && *at != '/')
		return false;
	if (*at == '/' && (at++, !read_number(&at, 32, &bits)))
		return false;
	if (*at || !bits)
		return false;
	set_prefix(range, &value, 1, bits);
	return range->low[0] == value;
}

bool range_read_ports(const char *text, bool is_range, struct list_range *range)
{
	uint32_t low, high;

	memset(range, 0, sizeof(*range));
	if (!read_number(&text, 65535, &low))
		return false;
	high = low;
	if (is_range &&
	    (*text != '-' || (text++, !read_number(&text, 65535, &high))))
		return false;
	if (*text)
		return false;
	/* libpcap takes the two ends in either order. */
	range->low[0] = low < high ? low : high;
	range->high[0] = low < high ? high : low;
	return true;
}

int range_compare(const uint32_t *a, const uint32_t *b, size_t words)
{
	for (size_t w = 0; w < words; w++)
		if (a[w] != b[w])
			return a[w] < b[w] ? -1 : 1;
	return 0;
}

static int compare_ranges(const void *x, const void *y)
{
	const struct list_range *a = x, *b = y;

	return range_compare(a->low, b->low, 4);
}

/* Is @next the number after @value, or not above it? */
static bool meets(const uint32_t *value, const uint32_t *next, size_t words)
{
	uint32_t after[4];
	size_t w = words;

	if (range_compare(next, value, words) <= 0)
		return true;
	memcpy(after, value, words * sizeof(*after));
	while (w-- && !++after[w])
		;
	return !range_compare(after, next, words);
}

void range_unite(struct list *list)
{
	size_t words = list->kind == LIST_IPV6 ? 4 : 1;
	size_t kept = 0;

	if (!list->count)
		return;
	qsort(list->ranges, list->count, sizeof(*list->ranges), compare_ranges);
	for (size_t i = 1; i < list->count; i++) {
		struct list_range *last = &list->ranges[kept];
		const struct list_range *range = &list->ranges[i];

		/* IPv6 stays prefix by prefix, for the tree of words. */
		if (!(words == 1 ? meets(last->high, range->low, words)
				 : range_compare(range->low, last->high,
						 words) <= 0))
			list->ranges[++kept] = *range;
		else if (range_compare(range->high, last->high, words) > 0)
			memcpy(last->high, range->high, sizeof(last->high));
	}
	list->count = kept + 1;
}
