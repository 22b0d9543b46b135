// SPDX-License-Identifier: BSD-3-Clause
#include "tests/packet_gen.h"

#include <string.h>

uint32_t packet_gen_random(struct packet_gen *gen, uint32_t below)
{
	gen->state ^= gen->state << 13;
	gen->state ^= gen->state >> 7;
	gen->state ^= gen->state << 17;
	return (uint32_t)(gen->state >> 32) % below;
}

static void put(struct packet_gen *gen, const void *bytes, size_t n)
{
	memcpy(gen->frame + gen->length, bytes, n);
	gen->length += n;
}

static void put8(struct packet_gen *gen, uint32_t v)
{
	gen->frame[gen->length++] = (uint8_t)v;
}

static void put16(struct packet_gen *gen, uint32_t v)
{
	put8(gen, v >> 8);
	put8(gen, v);
}

static void put32(struct packet_gen *gen, uint32_t v)
{
	put16(gen, v >> 16);
	put16(gen, v);
}

static void put_zeros(struct packet_gen *gen, size_t n)
{
	memset(gen->frame + gen->length, 0, n);
	gen->length += n;
}

static uint32_t one_of(struct packet_gen *gen, const uint32_t *values,
		       uint32_t n)
{
	return values[packet_gen_random(gen, n)];
}

/* Returns whether IPv6 comes next. */
static int put_link(struct packet_gen *gen)
{
	static const uint32_t tags[] = {0x8100, 0x88a8, 0x9100};
	uint32_t kind = packet_gen_random(gen, 16);
	int is_ipv6 = (int)packet_gen_random(gen, 2);

	put(gen, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	for (uint32_t n = kind < 4 ? kind : 0; n; n--) {
		put16(gen, one_of(gen, tags, 3));
		put16(gen, packet_gen_random(gen, 3));
	}
	if (kind == 5 || kind == 6) {
		put16(gen, 0x8846 + kind - 4);
		for (uint32_t n = packet_gen_random(gen, 5); n; n--)
			put32(gen, 0x12340040);
		put32(gen, 0x12340140);
	} else if (kind == 7) {
		put16(gen, 0x8864);
		put(gen, "\x11\0\0\1\0\0", 6);
		put16(gen, is_ipv6 ? 0x57 : 0x21);
	} else if (kind == 8) {
		put16(gen, 0x0806);
	} else {
		put16(gen, is_ipv6 ? 0x86dd : 0x0800);
	}
	return is_ipv6;
}

static void put_ipv4(struct packet_gen *gen, uint32_t protocol, size_t *length)
{
	uint32_t options =
		packet_gen_random(gen, 8) ? 0 : packet_gen_random(gen, 11);

	put8(gen, 0x45 + options);
	put8(gen, packet_gen_random(gen, 4));
	*length = gen->length;
	put16(gen, 0);
	put16(gen, packet_gen_random(gen, 65536));
	put16(gen, packet_gen_random(gen, 8)
			   ? 0x4000
			   : packet_gen_random(gen, 3) * 0x1001);
	put8(gen, 60 + packet_gen_random(gen, 5));
	put8(gen, protocol);
	put16(gen, 0);
	put32(gen, 0x0a000001 + packet_gen_random(gen, 3));
	put32(gen, 0x0a000001 + packet_gen_random(gen, 3));
	put_zeros(gen, options * 4);
}

static void put_ipv6(struct packet_gen *gen, uint32_t protocol, size_t *length)
{
	static const uint32_t extensions[] = {0, 43, 60, 44, 51, 135};
	uint32_t count =
		packet_gen_random(gen, 4) ? 0 : packet_gen_random(gen, 8);
	size_t next;

	put32(gen, 0x60000000 | packet_gen_random(gen, 4) << 20);
	*length = gen->length;
	put16(gen, 0);
	next = gen->length;
	put8(gen, protocol);
	put8(gen, 60 + packet_gen_random(gen, 5));
	for (int i = 0; i < 2; i++) {
		put(gen, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0", 15);
		put8(gen, packet_gen_random(gen, 3));
	}
	while (count--) {
		uint32_t type = one_of(gen, extensions, 6);
		uint32_t more = type == 44 ? 0 : packet_gen_random(gen, 3);
		size_t bytes = type == 51 ? (more + 2) * 4 : (more + 1) * 8;

		gen->frame[next] = (uint8_t)type;
		next = gen->length;
		put8(gen, protocol);
		put8(gen, more);
		put16(gen, type == 44 && packet_gen_random(gen, 2) ? 8 : 1);
		put_zeros(gen, bytes - 4);
	}
}

static void put_tcp(struct packet_gen *gen, size_t *payload)
{
	static const uint32_t flags[] = {0x10, 0x18, 0x10, 0x18, 0x10, 0x18,
					 0x02, 0x12, 0x11, 0x04, 0x14, 0x03,
					 0x06, 0x15, 0x00, 0xd0};
	uint32_t flow = packet_gen_random(gen, 16);
	uint32_t words =
		packet_gen_random(gen, 4) ? 0 : packet_gen_random(gen, 11);
	uint32_t bits = one_of(gen, flags, 16);

	*payload = packet_gen_random(gen, 2) ? packet_gen_random(gen, 300) : 0;
	if (!packet_gen_random(gen, 4))
		gen->sequence[flow] += packet_gen_random(gen, 2000) - 1000;
	put16(gen, 1000 + flow % 4);
	put16(gen, 2000 + flow / 4);
	put32(gen, gen->sequence[flow]);
	put32(gen, 5000 + packet_gen_random(gen, 4) * 100);
	put8(gen, (5 + words) << 4);
	put8(gen, bits);
	put16(gen, packet_gen_random(gen, 4) * 100);
	put32(gen, 0);
	for (uint32_t i = 0; i < words; i++)
		put32(gen, 0x01010402);
	gen->sequence[flow] += (uint32_t)*payload;
}

static void put_icmp(struct packet_gen *gen, int is_ipv6, size_t *payload)
{
	static const uint32_t types[] = {0, 3, 8, 11, 13, 128, 129, 1, 135, 42};
	size_t length;

	put8(gen, one_of(gen, types, 10));
	put8(gen, packet_gen_random(gen, 3));
	put_zeros(gen, 6);
	*payload = 0;
	if (packet_gen_random(gen, 2)) {
		*payload = gen->length;
		if (is_ipv6)
			put_ipv6(gen, 17, &length);
		else
			put_ipv4(gen, 17, &length);
		put32(gen, 0x03e807d0);
		put32(gen, 0);
		*payload = gen->length - *payload;
	}
}

static void put_transport(struct packet_gen *gen, uint32_t protocol,
			  int is_ipv6)
{
	size_t payload = packet_gen_random(gen, 200), before = 0;

	switch (protocol) {
	case 6:
		put_tcp(gen, &payload);
		break;
	case 1:
	case 58:
		put_icmp(gen, is_ipv6, &before);
		payload = 0;
		break;
	default:
		put16(gen, 1000 + packet_gen_random(gen, 3));
		put16(gen, 53);
		put32(gen, 0);
		/* Zeros look like Teredo's. */
		if (payload && packet_gen_random(gen, 4)) {
			put8(gen, 0x12);
			payload--;
		}
		break;
	}
	put_zeros(gen, payload);
}

void packet_gen_next(struct packet_gen *gen)
{
	static const uint32_t protocols[] = {6,	 6, 6,	6,   17,
					     17, 1, 58, 132, 50};
	uint32_t protocol = one_of(gen, protocols, 10);
	size_t network, length = 0, total;
	int is_ipv6;

	gen->length = 0;
	is_ipv6 = put_link(gen);
	network = gen->length;
	if (is_ipv6)
		put_ipv6(gen, protocol, &length);
	else
		put_ipv4(gen, protocol, &length);
	put_transport(gen, protocol, is_ipv6);
	total = gen->length - network - (is_ipv6 ? 40 : 0);
	gen->frame[length] = (uint8_t)(total >> 8);
	gen->frame[length + 1] = (uint8_t)total;
	if (gen->length < 60)
		put_zeros(gen, 60 - gen->length);
	if (!packet_gen_random(gen, 8))
		gen->length =
			15 + packet_gen_random(gen, (uint32_t)gen->length - 14);
	for (uint32_t n = packet_gen_random(gen, 8) ? 0 : 3; n; n--)
		gen->frame[12 +
			   packet_gen_random(gen, (uint32_t)gen->length - 12)] =
			(uint8_t)packet_gen_random(gen, 256);
}
