// SPDX-License-Identifier: BSD-3-Clause
/*
 * The short reading of plain packets (headers_plain_…) beside the one for every
 * packet: what it takes for plain, it must read as the other does. And the same
 * of what is left of it when it was sent to user space (bpf/flow_plain.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bpf/flow_plain.h"
#include "bpf/headers.h"
#include "bpf/headers_plain.h"
#include "tests/packet_gen.h"

enum { FRAMES = 300000 };

struct reading {
	struct flow_key key;
	struct packet_facts facts;
};

static struct packet_meta make_meta(struct packet_gen *gen)
{
	struct packet_meta meta = {
		.time = 1000 + packet_gen_random(gen, 1000000),
		.len = (uint32_t)gen->length + packet_gen_random(gen, 3) * 1000,
		.ifindex = packet_gen_random(gen, 4),
		.link = TAP_LINK_ETHERNET,
		.has_vlan = !packet_gen_random(gen, 4),
	};

	if (meta.has_vlan)
		meta.vlan_tci = (uint16_t)packet_gen_random(gen, 65536);
	if (!packet_gen_random(gen, 4)) {
		meta.gso_segs = packet_gen_random(gen, 40);
		meta.gso_size = packet_gen_random(gen, 1460);
	}
	return meta;
}

static struct reading read_any(const struct packet_gen *gen,
			       const struct packet_meta *meta)
{
	const struct view view = {gen->frame, gen->frame + gen->length};
	struct reading reading;

	headers_read(&view, meta, &reading.key, &reading.facts);
	return reading;
}

/* With a constant family and protocol, as the kernel has them. */
static struct reading read_plain(const struct packet_gen *gen, uint8_t protocol,
				 const struct packet_meta *meta)
{
	struct reading reading;

	headers_plain_key(gen->frame, FLOW_IPV4, protocol, meta, &reading.key);
	headers_plain_facts(gen->frame, FLOW_IPV4, protocol, meta,
			    &reading.facts);
	return reading;
}

static struct reading read_plain_ipv6(const struct packet_gen *gen,
				      uint8_t protocol,
				      const struct packet_meta *meta)
{
	struct reading reading;

	headers_plain_key(gen->frame, FLOW_IPV6, protocol, meta, &reading.key);
	headers_plain_facts(gen->frame, FLOW_IPV6, protocol, meta,
			    &reading.facts);
	return reading;
}

/* After a way through the ring. */
static struct reading read_sent(const struct packet_gen *gen,
				const struct packet_meta *meta)
{
	struct packet_gen sent = {.length = HEADERS_PLAIN};
	struct packet_meta sent_meta;
	struct flow_plain plain;
	uint8_t protocol;

	flow_plain_pack(&plain, gen->frame, meta);
	flow_plain_unpack(&plain, sent.frame, &sent_meta);
	protocol = headers_plain_protocol(sent.frame, &sent_meta);
	assert_int_not_equal(protocol, 0);
	return read_plain(&sent, protocol, &sent_meta);
}

static void plain_packets_are_read_as_any(void **state)
{
	struct packet_gen gen = {.state = 0x5eed};
	size_t tcp = 0, udp = 0;

	(void)state;
	for (size_t i = 0; i < FRAMES; i++) {
		struct packet_meta meta;
		struct reading any, plain, sent;
		uint8_t protocol;

		packet_gen_next(&gen);
		meta = make_meta(&gen);
		if (gen.length < HEADERS_PLAIN)
			continue;
		protocol = headers_plain_protocol(gen.frame, &meta);
		if (!protocol)
			continue;
		any = read_any(&gen, &meta);
		plain = read_plain(&gen, protocol, &meta);
		assert_memory_equal(&plain.key, &any.key, sizeof(any.key));
		assert_memory_equal(&plain.facts, &any.facts,
				    sizeof(any.facts));
		sent = read_sent(&gen, &meta);
		assert_memory_equal(&sent.key, &any.key, sizeof(any.key));
		assert_memory_equal(&sent.facts, &any.facts, sizeof(any.facts));
		tcp += protocol == HEADERS_TCP;
		udp += protocol == HEADERS_UDP;
	}
	print_message("# %zu TCP, %zu UDP of %d were plain\n", tcp, udp,
		      FRAMES);
	assert_true(tcp > FRAMES / 100);
	assert_true(udp > FRAMES / 100);
}

static void plain_ipv6_is_read_as_any(void **state)
{
	struct packet_gen gen = {.state = 0x6eed};
	size_t tcp = 0, udp = 0;

	(void)state;
	for (size_t i = 0; i < FRAMES; i++) {
		struct packet_meta meta;
		struct reading any, plain;
		uint8_t protocol;

		packet_gen_next(&gen);
		meta = make_meta(&gen);
		if (gen.length < HEADERS_PLAIN_IPV6)
			continue;
		protocol = headers_plain_protocol_ipv6(gen.frame, &meta);
		if (!protocol)
			continue;
		any = read_any(&gen, &meta);
		plain = read_plain_ipv6(&gen, protocol, &meta);
		assert_memory_equal(&plain.key, &any.key, sizeof(any.key));
		assert_memory_equal(&plain.facts, &any.facts,
				    sizeof(any.facts));
		tcp += protocol == HEADERS_TCP;
		udp += protocol == HEADERS_UDP;
	}
	print_message("# %zu TCP, %zu UDP of %d were plain IPv6\n", tcp, udp,
		      FRAMES);
	assert_true(tcp > FRAMES / 200);
	assert_true(udp > FRAMES / 200);
}

/* All that it must not take. */
static void other_packets_are_not_plain(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
	} changes[] = {
		{"EtherType", 13, 0x06}, {"version", 14, 0x65},
		{"options", 14, 0x46},	 {"more fragments", 20, 0x20},
		{"an offset", 21, 1},	 {"ICMP", 23, 1},
		{"data offset", 46, 64}, {"SYN", 47, 0x12},
		{"FIN", 47, 0x11},	 {"RST", 47, 0x14},
		{"no ACK", 47, 0x08},
	};
	uint8_t frame[HEADERS_PLAIN] = {[12] = 8, [14] = 0x45, [20] = 0x40,
					[23] = 6, [46] = 0x50, [47] = 0x10};

	const struct packet_meta meta = {.len = 1000};
	const struct packet_meta many = {.len = 10000, .gso_segs = 7};
	const struct packet_meta size = {.len = 10000, .gso_size = 1448};

	(void)state;
	assert_int_equal(headers_plain_protocol(frame, &meta), HEADERS_TCP);
	assert_int_equal(headers_plain_protocol(frame, &many), 0);
	assert_int_equal(headers_plain_protocol(frame, &size), 0);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		uint8_t changed[HEADERS_PLAIN];

		memcpy(changed, frame, sizeof(changed));
		changed[changes[i].at] = changes[i].value;
		if (headers_plain_protocol(changed, &meta))
			fail_msg("%s was taken for plain", changes[i].what);
	}
}

static void other_ipv6_is_not_plain(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
	} changes[] = {
		{"EtherType", 13, 0x00}, {"version", 14, 0x45},
		{"hop by hop", 20, 0},	 {"a fragment", 20, 44},
		{"ICMPv6", 20, 58},	 {"data offset", 66, 64},
		{"SYN", 67, 0x12},	 {"FIN", 67, 0x11},
		{"RST", 67, 0x14},	 {"no ACK", 67, 0x08},
	};
	uint8_t frame[HEADERS_PLAIN_IPV6] = {
		[12] = 0x86, [13] = 0xdd, [14] = 0x60,
		[20] = 6,    [66] = 0x50, [67] = 0x10};
	const struct packet_meta meta = {.len = 1000};
	const struct packet_meta one = {.len = 1000, .gso_segs = 1};
	const struct packet_meta many = {.len = 10000, .gso_segs = 7};

	(void)state;
	assert_int_equal(headers_plain_protocol_ipv6(frame, &meta),
			 HEADERS_TCP);
	assert_int_equal(headers_plain_protocol_ipv6(frame, &one), HEADERS_TCP);
	assert_int_equal(headers_plain_protocol_ipv6(frame, &many), 0);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		uint8_t changed[HEADERS_PLAIN_IPV6];

		memcpy(changed, frame, sizeof(changed));
		changed[changes[i].at] = changes[i].value;
		if (headers_plain_protocol_ipv6(changed, &meta))
			fail_msg("%s was taken for plain", changes[i].what);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_packets_are_read_as_any),
		cmocka_unit_test(plain_ipv6_is_read_as_any),
		cmocka_unit_test(other_ipv6_is_not_plain),
		cmocka_unit_test(other_packets_are_not_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
