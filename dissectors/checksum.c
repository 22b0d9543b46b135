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

/* The sum is the same in either byte order, but for the order of its own two
 * bytes (RFC 1071, 2): it is taken in the host's. */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t n)
{
	uint64_t part = 0, other = 0;
	uint8_t last[4] = {0};
	uint32_t word;
	uint16_t folded;
	uint8_t pair[2];

	/* Halves of words apart: nothing is carried out of either sum. */
	for (; n >= 16; bytes += 16, n -= 16) {
		uint64_t words[2];

		memcpy(words, bytes, 16);
		part += (words[0] & 0xffffffff) + (words[1] & 0xffffffff);
		other += (words[0] >> 32) + (words[1] >> 32);
	}
	part += other;
	for (; n >= 4; bytes += 4, n -= 4) {
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
