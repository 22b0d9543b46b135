/* SPDX-License-Identifier: BSD-3-Clause */
/* What is sent again, where a packet holds several segments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/dlt.h>

#include "bpf/headers.h"
#include "src/base/cleanup.h"
#include "src/flow/flow_table.h"

/* What a packet from either end of one connection looks like. */
struct sent {
	bool by_responder;
	uint8_t flags;
	uint32_t sequence, acknowledgment, payload;
	uint16_t mss; /* of a SYN; 0: no options */
};

static void put_be16(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

static void put_be32(uint8_t *to, uint32_t value)
{
	put_be16(to, value >> 16);
	put_be16(to + 2, value);
}

static void add_sent(struct flow_table *table, const struct sent *sent,
		     int64_t ms)
{
	static uint8_t data[65535];
	uint8_t *tcp = data + 20;
	uint32_t header = sent->mss ? 24 : 20;
	uint32_t length = 20 + header + sent->payload;
	struct frame frame = {
		.time = {1000 + ms / 1000, (int32_t)(ms % 1000 * 1000000)},
		.data = data,
		.caplen = length,
		.len = length,
		.link_type = DLT_RAW};

	memset(data, 0, 64);
	data[0] = 0x45;
	put_be16(data + 2, length);
	data[8] = 64;
	data[9] = 6;
	put_be32(data + 12, 0x0a000001 + sent->by_responder);
	put_be32(data + 16, 0x0a000002 - sent->by_responder);
	put_be16(tcp, sent->by_responder ? 443 : 40000);
	put_be16(tcp + 2, sent->by_responder ? 40000 : 443);
	put_be32(tcp + 4, sent->sequence);
	put_be32(tcp + 8, sent->acknowledgment);
	tcp[12] = (uint8_t)(header << 2);
	tcp[13] = sent->flags;
	put_be16(tcp + 14, 1000);
	if (sent->mss) {
		tcp[20] = 2;
		tcp[21] = 4;
		put_be16(tcp + 22, sent->mss);
	}
	assert_int_equal(flow_table_add_frame(table, &frame), 0);
}

static void keep_retransmitted(const struct connection *c, void *context)
{
	*(uint32_t *)context = c->side[0].retransmitted;
}

/* How many segments of the originator were sent again: two packets, [0, @one)
 * and then [@from, @from + @two), behind a handshake with @mss (0: none). */
static uint32_t count_again(uint16_t mss, uint32_t one, uint32_t from,
			    uint32_t two)
{
	uint32_t retransmitted = 0;
	struct flow_table_options options = {.trust_checksums = true,
					     .on_end = keep_retransmitted,
					     .context = &retransmitted};
	struct flow_table *table = flow_table_new(&options);
	const struct sent packets[] = {
		{false, TCP_SYN, 100, 0, 0, mss},
		{true, TCP_SYN | TCP_ACK, 500, 101, 0, mss},
		{false, TCP_ACK, 101, 501, one, 0},
		{false, TCP_ACK, 101 + from, 501, two, 0},
	};

	for (size_t i = mss ? 0 : 2; i < ARRAY_SIZE(packets); i++)
		add_sent(table, &packets[i], (int64_t)i * 100);
	flow_table_finish(table);
	flow_table_free(table);
	return retransmitted;
}

/* Where the card cuts packets into segments, or the kernel has joined them. */
static void segments_of_large_packets_are_counted_again(void **state)
{
	(void)state;
	assert_int_equal(count_again(1460, 4 * 1460, 0, 4 * 1460), 4);
	assert_int_equal(count_again(1460, 4 * 1460, 0, 3 * 1460 + 1), 4);
	assert_int_equal(count_again(1460, 4 * 1460, 4 * 1460, 4 * 1460), 0);
	assert_int_equal(count_again(1460, 4 * 1460, 2 * 1460, 4 * 1460), 2);
	assert_int_equal(count_again(1460, 1460, 0, 1460), 1);
	assert_int_equal(count_again(1460, 100, 0, 100), 1);
	/* Nobody has said how large a segment is, or has said nonsense. */
	assert_int_equal(count_again(0, 4 * 1460, 0, 4 * 1460), 1);
	assert_int_equal(count_again(1, 4 * 1460, 0, 4 * 1460), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_of_large_packets_are_counted_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
