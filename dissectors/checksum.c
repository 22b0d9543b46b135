/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/checksum.h"

#include <string.h>

#include "dissectors/ip.h"
#include "dissectors/protocols.h"

static uint16_t fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Two words of 64 bits, added at once where the CPU can. */
typedef uint64_t words __attribute__((vector_size(16)));

/* The sum of the halves of all words of @bytes, @n of which are a multiple of
 * 32. They are added apart: nothing is carried out of any of the sums. */
static uint64_t add_words(const uint8_t *bytes, size_t n)
{
	words low = {0}, high = {0}, low2 = {0}, high2 = {0}, word[2];

	for (; n; bytes += sizeof(word), n -= sizeof(word)) {
		memcpy(word, bytes, sizeof(word));
		low += word[0] & 0xffffffff;
		high += word[0] >> 32;
		low2 += word[1] & 0xffffffff;
		high2 += word[1] >> 32;
	}
	low += high + low2 + high2;
	return low[0] + low[1];
}

/* The sum is the same in either byte order, but for the order of its own two
 * bytes (RFC 1071, 2): it is taken in the host's. */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t n)
{
	size_t many = n & ~(size_t)31;
	uint64_t part = add_words(bytes, many);
	uint8_t last[4] = {0};
	uint32_t word;
	uint16_t folded;
	uint8_t pair[2];

	bytes += many;
	for (n -= many; n >= 4; bytes += 4, n -= 4) {
		memcpy(&word, bytes, 4);
		part += word;
	}
	if (n) {
		memcpy(last, bytes, n);
		memcpy(&word, last, 4);
		part += word;
	}
	folded = fold(part);
	memcpy(pair, &folded, 2);
	return sum + load_be16(pair);
}

uint16_t checksum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint16_t checksum_expected(uint16_t field, uint16_t sum)
{
	uint32_t expected = (uint32_t)field + sum;

	expected = (expected & 0xffff) + (expected >> 16);
	return (uint16_t)(expected + (expected >> 16));
}

uint16_t checksum_transport(const struct layer *ip, uint8_t protocol,
			    const uint8_t *bytes, uint32_t length,
			    uint32_t covered)
{
	uint64_t sum = protocol;

	if (ip->dissector == &ipv6_dissector) {
		sum = checksum_add(sum, ip->ipv6.source, 16);
		sum = checksum_add(sum, ipv6_final_destination(ip), 16);
		sum += length;
	} else {
		sum = checksum_add(sum, ip->ipv4.source, 4);
		sum = checksum_add(sum, ipv4_final_destination(ip), 4);
		sum += length & 0xffff;
	}
	return checksum_fold(checksum_add(sum, bytes, covered));
}
