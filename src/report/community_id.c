// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/community_id.h"

#include <arpa/inet.h>
#include <string.h>

#include "src/base/cursor.h"

static uint32_t rotate(uint32_t v, int n)
{
	return v << n | v >> (32 - n);
}

static uint32_t sha1_mix(int round, const uint32_t h[5])
{
	if (round < 20)
		return ((h[1] & h[2]) | (~h[1] & h[3])) + 0x5a827999;
	if (round < 40)
		return (h[1] ^ h[2] ^ h[3]) + 0x6ed9eba1;
	if (round < 60)
		return ((h[1] & h[2]) | (h[1] & h[3]) | (h[2] & h[3])) +
		       0x8f1bbcdc;
	return (h[1] ^ h[2] ^ h[3]) + 0xca62c1d6;
}

/* SHA-1 (FIPS 180-4) of at most 55 bytes: one block. */
static void sha1_short(const uint8_t *data, size_t length, uint8_t digest[20])
{
	static const uint32_t start[5] = {0x67452301, 0xefcdab89, 0x98badcfe,
					  0x10325476, 0xc3d2e1f0};
	uint8_t block[64] = {0};
	uint32_t w[80], h[5];

	memcpy(block, data, length);
	block[length] = 0x80;
	block[62] = (uint8_t)(length * 8 >> 8);
	block[63] = (uint8_t)(length * 8);
	for (int i = 0; i < 16; i++)
		w[i] = load_be32(block + i * 4);
	for (int i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(h, start, sizeof(h));
	for (int i = 0; i < 80; i++) {
		uint32_t t = rotate(h[0], 5) + sha1_mix(i, h) + h[4] + w[i];

		h[4] = h[3];
		h[3] = h[2];
		h[2] = rotate(h[1], 30);
		h[1] = h[0];
		h[0] = t;
	}
	for (int i = 0; i < 5; i++) {
		uint32_t sum = htonl(h[i] + start[i]);

		memcpy(digest + i * 4, &sum, 4);
	}
}

static void base64(const uint8_t *bytes, size_t length, char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		uint32_t v = (uint32_t)bytes[i] << 16;

		if (i + 1 < length)
			v |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < length)
			v |= bytes[i + 2];
		*text++ = digits[v >> 18];
		*text++ = digits[v >> 12 & 63];
		*text++ = i + 1 < length ? digits[v >> 6 & 63] : '=';
		*text++ = i + 2 < length ? digits[v & 63] : '=';
	}
	*text = 0;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == 1 || protocol == 6 || protocol == 17 ||
	       protocol == 58 || protocol == 132;
}

/* ICMP messages that nothing answers keep their direction. The key holds the
 * answering type where there is one; both ends then are types. */
static bool is_one_way(const struct flow_key *key)
{
	static const uint8_t v4[] = {0, 8, 9, 10, 13, 14, 15, 16, 17, 18};
	static const uint8_t v6[] = {128, 129, 130, 131, 133, 134,
				     135, 136, 139, 140, 144, 145};
	uint16_t type = ntohs(key->source_port);

	if (type > 255)
		return true;
	if (key->protocol == 1)
		return !memchr(v4, type, sizeof(v4));
	return !memchr(v6, type, sizeof(v6));
}

bool community_id(const struct flow_key *key, uint16_t seed,
		  char text[COMMUNITY_ID_LENGTH + 1])
{
	size_t size = key->family == FLOW_IPV4 ? 4 : 16, n = 0;
	bool one_way =
		(key->protocol == 1 || key->protocol == 58) && is_one_way(key);
	int order = memcmp(key->source, key->destination, size);
	uint8_t data[40], digest[20];
	bool swap;

	if (key->family == FLOW_NONE)
		return false;
	if (!order && has_ports(key->protocol))
		order = memcmp(&key->source_port, &key->destination_port, 2);
	swap = order > 0 && !one_way;
	seed = htons(seed);
	memcpy(data, &seed, 2);
	n = 2;
	memcpy(data + n, swap ? key->destination : key->source, size);
	n += size;
	memcpy(data + n, swap ? key->source : key->destination, size);
	n += size;
	data[n++] = key->protocol;
	data[n++] = 0;
	if (has_ports(key->protocol)) {
		memcpy(data + n,
		       swap ? &key->destination_port : &key->source_port, 2);
		memcpy(data + n + 2,
		       swap ? &key->source_port : &key->destination_port, 2);
		n += 4;
	}
	sha1_short(data, n, digest);
	text[0] = '1';
	text[1] = ':';
	base64(digest, sizeof(digest), text + 2);
	return true;
}
