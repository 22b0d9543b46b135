/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/bpf.h>
#include <linux/if_arp.h>
#include <pcap/dlt.h>

#include "bpf/headers.h"
#include "src/base/cursor.h"
#include "src/source/merge.h"
#include "src/source/record.h"
#include "src/source/ring.h"
#include "src/source/tap_ring.h"
#include "src/source/window.h"

enum {
	RING_SHIFT = 16,
	RING_BYTES = 1 << RING_SHIFT,
	RING_MOST = sizeof(struct tap_record) + 4
};

/* A ring in plain memory, with us as the kernel. */
struct fake_ring {
	struct tap_ring ring;
	uint64_t given_back, written;
	uint64_t data[(RING_BYTES + RING_MOST + 16) / 8];
};

static void fake_ring_init(struct fake_ring *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->ring = (struct tap_ring){
		.shift = RING_SHIFT,
		.chunks = 1,
		.stride = sizeof(fake->data),
		.given_back = &fake->given_back,
		.written = &fake->written,
		.data = (const uint8_t *)fake->data,
	};
}

static void fake_ring_put(struct fake_ring *fake, uint64_t time)
{
	uint8_t *at = (uint8_t *)fake->data + fake->written % RING_BYTES;
	struct tap_record record = {.time = time, .caplen = 4, .len = 4};
	uint32_t length = sizeof(record) + 4;
	struct tap_ring_header header = {.length = length};

	memcpy(at, &header, sizeof(header));
	memcpy(at + 8, &record, sizeof(record));
	fake->written += (8 + length + 7) & ~7u;
}

static void a_ring_gives_what_was_put_in(void **state)
{
	struct fake_ring fake;
	const struct tap_record *record;
	size_t length;

	(void)state;
	fake_ring_init(&fake);
	assert_null(tap_ring_peek(&fake.ring, &length));
	/* Several times round, past the end too, where no record is split. */
	for (uint64_t i = 1; i < 5000; i++) {
		fake_ring_put(&fake, i);
		record = tap_ring_peek(&fake.ring, &length);
		assert_non_null(record);
		assert_int_equal(record->time, i);
		assert_int_equal(length, sizeof(*record) + 4);
		tap_ring_next(&fake.ring);
		assert_null(tap_ring_peek(&fake.ring, &length));
		assert_true(fake.given_back < fake.written);
		tap_ring_release(&fake.ring);
		assert_int_equal(fake.given_back, fake.written);
	}
}

static void a_ring_is_laid_out_in_chunks(void **state)
{
	const struct tap_ring_layout small = tap_ring_lay_out(65536, 100);
	const struct tap_ring_layout large = tap_ring_lay_out(64 << 20, 262192);

	(void)state;
	assert_int_equal(small.chunk, 65536);
	assert_int_equal(small.chunks, 1);
	assert_int_equal(small.shift, 16);
	assert_true(small.value >= 65536 + 100 + 8);
	assert_int_equal(large.chunk * large.chunks, 64 << 20);
	assert_int_equal(large.chunk, 1 << large.shift);
	assert_true(large.value >= large.chunk + 262192 + 8);
	/* The most that an element may have in older kernels. */
	assert_true(large.value <= 4 << 20);
}

/* The kernel's ring buffer, in plain memory. */
struct fake_buffer {
	struct ring ring;
	unsigned long consumer, producer;
	uint64_t data[512];
};

static void fake_buffer_init(struct fake_buffer *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->ring = (struct ring){
		.fd = -1,
		.size = sizeof(fake->data),
		.consumer = &fake->consumer,
		.producer = &fake->producer,
		.data = (const uint8_t *)fake->data,
	};
}

static void fake_buffer_put(struct fake_buffer *fake, uint32_t value,
			    uint32_t bits)
{
	uint8_t *at = (uint8_t *)fake->data + fake->producer;
	const uint32_t words[] = {sizeof(value) | bits, 0, value};

	memcpy(at, words, sizeof(words));
	fake->producer += 16;
}

static void a_buffer_skips_what_was_discarded(void **state)
{
	struct fake_buffer fake;
	const uint32_t *record;
	size_t length;

	(void)state;
	fake_buffer_init(&fake);
	fake_buffer_put(&fake, 1, BPF_RINGBUF_DISCARD_BIT);
	fake_buffer_put(&fake, 2, 0);
	record = ring_peek(&fake.ring, &length);
	assert_non_null(record);
	assert_int_equal(*record, 2);
	assert_int_equal(length, sizeof(*record));
	ring_next(&fake.ring);
	assert_null(ring_peek(&fake.ring, &length));
	assert_int_equal(fake.consumer, 0);
	ring_release(&fake.ring);
	assert_int_equal(fake.consumer, fake.producer);
}

static void a_buffer_stops_at_what_is_being_written(void **state)
{
	struct fake_buffer fake;
	size_t length;

	(void)state;
	fake_buffer_init(&fake);
	fake_buffer_put(&fake, 1, BPF_RINGBUF_BUSY_BIT);
	fake_buffer_put(&fake, 2, 0);
	assert_null(ring_peek(&fake.ring, &length));
}

static void merged_records_come_in_order_of_time(void **state)
{
	struct fake_ring fakes[3];
	struct tap_ring rings[3];
	struct merge merge;
	uint64_t last = 0, count = 0;
	const struct tap_record *record;

	(void)state;
	srand(7);
	for (int i = 0; i < 3; i++) {
		uint64_t time = 1;

		fake_ring_init(&fakes[i]);
		for (int k = 0; k < 200; k++)
			fake_ring_put(&fakes[i],
				      time += (uint64_t)(rand() % 9));
		rings[i] = fakes[i].ring;
		count += 200;
	}
	assert_int_equal(merge_init(&merge, rings, 3), 0);
	merge_refresh(&merge);
	while ((record = merge_next(&merge, UINT64_MAX))) {
		assert_true(record->time >= last);
		last = record->time;
		count--;
	}
	assert_int_equal(count, 0);
	merge_release(&merge);
	for (int i = 0; i < 3; i++)
		assert_int_equal(fakes[i].given_back, fakes[i].written);
	merge_free(&merge);
}

static void records_younger_than_the_horizon_are_held_back(void **state)
{
	struct fake_ring fakes[2];
	struct tap_ring rings[2];
	struct merge merge;

	(void)state;
	fake_ring_init(&fakes[0]);
	fake_ring_init(&fakes[1]);
	fake_ring_put(&fakes[0], 10);
	fake_ring_put(&fakes[0], 30);
	rings[0] = fakes[0].ring;
	rings[1] = fakes[1].ring;
	assert_int_equal(merge_init(&merge, rings, 2), 0);
	merge_refresh(&merge);
	assert_int_equal(merge_next(&merge, 20)->time, 10);
	assert_null(merge_next(&merge, 20));
	assert_true(merge_is_holding(&merge));
	/* What the other CPU saw earlier comes first. */
	fake_ring_put(&fakes[1], 25);
	merge_refresh(&merge);
	assert_int_equal(merge_next(&merge, 40)->time, 25);
	assert_int_equal(merge_next(&merge, 40)->time, 30);
	assert_null(merge_next(&merge, 40));
	assert_false(merge_is_holding(&merge));
	merge_free(&merge);
}

/* A record with @caplen bytes 0, 1, 2 ... behind it. */
static struct tap_record *make_record(uint32_t caplen)
{
	struct tap_record *record = calloc(1, sizeof(*record) + caplen);

	assert_non_null(record);
	record->time = 5000000000;
	record->len = record->caplen = caplen;
	for (uint32_t i = 0; i < caplen; i++)
		((uint8_t *)(record + 1))[i] = (uint8_t)i;
	return record;
}

static void a_tag_is_put_back_behind_the_addresses(void **state)
{
	struct tap_record *record = make_record(60);
	struct record_decoder decoder;
	struct frame frame;

	(void)state;
	record->flags = TAP_RECORD_VLAN;
	record->vlan_protocol = 0x8100;
	record->vlan_tci = 0x2064;
	assert_int_equal(record_decoder_init(&decoder, TAP_LINK_ETHERNET,
					     DLT_EN10MB, 262144),
			 0);
	record_decode(&decoder, record, 1000000000, 0, &frame);
	assert_int_equal(frame.len, 64);
	assert_int_equal(frame.caplen, 64);
	assert_int_equal(frame.time.seconds, 6);
	assert_int_equal(frame.data[11], 11);
	assert_int_equal(load_be32(frame.data + 12), 0x81002064);
	assert_int_equal(frame.data[16], 12);
	assert_int_equal(frame.data[63], 59);
	record_decoder_free(&decoder);

	/* The snapshot length holds for the whole frame. */
	assert_int_equal(record_decoder_init(&decoder, TAP_LINK_ETHERNET,
					     DLT_EN10MB, 60),
			 0);
	record_decode(&decoder, record, 0, 0, &frame);
	assert_int_equal(frame.len, 64);
	assert_int_equal(frame.caplen, 60);
	record_decoder_free(&decoder);
	free(record);
}

static void a_cooked_header_says_what_the_kernel_knew(void **state)
{
	struct tap_record *record = make_record(20);
	struct record_decoder decoder;
	struct frame frame;

	(void)state;
	record->protocol = 0x0800;
	record->ifindex = 7;
	record->packet_type = 4;
	record->address_length = 6;
	memcpy(record->address, "\1\2\3\4\5\6", 6);
	assert_int_equal(record_decoder_init(&decoder, TAP_LINK_COOKED,
					     DLT_LINUX_SLL2, 262144),
			 0);
	record_decode(&decoder, record, 0, ARPHRD_ETHER, &frame);
	assert_int_equal(frame.caplen, 40);
	assert_memory_equal(frame.data,
			    "\x08\0\0\0\0\0\0\7\0\1\4\6\1\2\3\4\5\6\0\0", 20);
	/* A device without link addresses has none to give. */
	record_decode(&decoder, record, 0, ARPHRD_NONE, &frame);
	assert_memory_equal(frame.data + 8, "\xff\xfe\4\0\0\0\0\0\0\0\0\0", 12);
	record_decoder_free(&decoder);
	free(record);
}

/* ---- Packets that the kernel did not count ---- */

struct counted {
	struct flow_delta deltas[4];
	size_t count;
};

static void take_counted(void *user, const struct flow_delta *delta)
{
	struct counted *counted = user;

	assert_true(counted->count < 4);
	counted->deltas[counted->count++] = *delta;
}

static void put_ipv4(uint8_t *at, uint8_t protocol, uint16_t length)
{
	at[0] = 0x45;
	at[2] = (uint8_t)(length >> 8);
	at[3] = (uint8_t)length;
	at[8] = 64;
	at[9] = protocol;
	at[12] = 10;
	at[16] = 10;
}

static void a_window_is_counted_as_its_packet(void **state)
{
	struct window_counter *counter = window_counter_new(TAP_LINK_ETHERNET);
	struct flow_window window = {.time = 77, .len = 54, .caplen = 54};
	struct counted counted = {.count = 0};

	(void)state;
	assert_non_null(counter);
	window.bytes[12] = 8;
	put_ipv4(window.bytes + 14, 6, 40);
	window.bytes[46] = 0x50;
	window.bytes[47] = 0x02; /* SYN */
	window.bytes[48] = 0x10; /* a window */
	assert_true(window_count(counter, &window, take_counted, &counted));
	assert_int_equal(counted.count, 1);
	assert_int_equal(counted.deltas[0].packets, 1);
	assert_int_equal(counted.deltas[0].first, 77);
	assert_int_equal(counted.deltas[0].captured_bytes, 54);
	assert_int_equal(counted.deltas[0].events, 1 << FLOW_EVENT_SYN);
	window_counter_free(counter);
}

static void a_plain_packet_is_counted(void **state)
{
	struct flow_plain plain = {.time = 78, .len = 60, .ifindex = 3};
	struct counted counted = {.count = 0};

	(void)state;
	plain.length = HEADERS_SWAP16(46);
	plain.bytes[0] = 64; /* TTL */
	plain.bytes[1] = 6;
	plain.bytes[4] = 10;
	plain.bytes[8] = 11;
	plain.bytes[24] = 0x50;
	plain.bytes[25] = TCP_ACK;
	assert_true(window_count_plain(&plain, take_counted, &counted));
	assert_int_equal(counted.count, 1);
	assert_int_equal(counted.deltas[0].key.source[0], 10);
	assert_int_equal(counted.deltas[0].key.destination[0], 11);
	assert_int_equal(counted.deltas[0].key.ifindex, 3);
	assert_int_equal(counted.deltas[0].first, 78);
	assert_int_equal(counted.deltas[0].packets, 1);
	assert_int_equal(counted.deltas[0].captured_bytes, 60);
	assert_int_equal(counted.deltas[0].payload_bytes, 6);
	plain.bytes[25] = TCP_SYN;
	assert_false(window_count_plain(&plain, take_counted, &counted));
}

static void a_record_is_told_by_its_size(void **state)
{
	struct window_counter *counter = window_counter_new(TAP_LINK_ETHERNET);
	struct flow_delta delta = {.packets = 3, .flags = 7};
	struct flow_window window = {.len = 60, .caplen = 60};
	struct flow_plain plain = {.len = 60};
	uint8_t garbage[600] = {0};
	const struct {
		const void *record;
		size_t length;
		uint64_t bytes;
	} records[] = {
		{&plain, FLOW_RECORD_PLAIN, 60},
		{&delta, FLOW_RECORD_DELTA_COUNTS, 0},
		{&delta, FLOW_RECORD_DELTA_RUN, 0},
		{&window, FLOW_RECORD_WINDOW_SHORT, 60},
		{&delta, FLOW_RECORD_DELTA, 0},
		{&window, FLOW_RECORD_WINDOW, 60},
	};
	size_t next = 0;

	(void)state;
	assert_non_null(counter);
	plain.bytes[1] = 17;
	plain.bytes[20] = 1; /* payload, not as Teredo begins */
	for (size_t length = 0; length <= sizeof(garbage); length++) {
		bool is_one = next < 6 && length == records[next].length;
		struct counted counted = {.count = 0};

		assert_int_equal(
			window_take(counter,
				    is_one ? records[next].record : garbage,
				    length, take_counted, &counted),
			is_one);
		assert_int_equal(counted.count, is_one);
		if (!is_one)
			continue;
		assert_int_equal(counted.deltas[0].captured_bytes,
				 records[next].bytes);
		if (records[next].record == &delta)
			assert_memory_equal(&counted.deltas[0], &delta,
					    sizeof(delta));
		next++;
	}
	assert_int_equal(next, 6);
	window_counter_free(counter);
}

/* GRE is only an envelope: what is inside is counted, once. */
static void a_window_is_unwrapped(void **state)
{
	struct window_counter *counter = window_counter_new(TAP_LINK_NONE);
	struct flow_window window = {.len = 52, .caplen = 52};
	struct counted counted = {.count = 0};

	(void)state;
	assert_non_null(counter);
	put_ipv4(window.bytes, 47, 52);
	window.bytes[22] = 8; /* IPv4 */
	put_ipv4(window.bytes + 24, 17, 28);
	assert_true(window_count(counter, &window, take_counted, &counted));
	assert_int_equal(counted.count, 1);
	assert_int_equal(counted.deltas[0].key.protocol, 17);
	assert_int_equal(counted.deltas[0].key.tunnel, FLOW_TUNNEL_GRE << 24);
	window_counter_free(counter);
}

/* Whatever its lengths say, it is one packet or it is said to be none. */
static void a_window_that_lies_is_accounted_for(void **state)
{
	struct window_counter *counter = window_counter_new(TAP_LINK_ETHERNET);

	(void)state;
	assert_non_null(counter);
	for (uint32_t caplen = 0; caplen < 2 * FLOW_WINDOW; caplen += 13) {
		struct flow_window window = {.len = 9000, .caplen = caplen};
		struct counted counted = {.count = 0};
		bool there;

		memset(window.bytes, 0x45, sizeof(window.bytes));
		there = window_count(counter, &window, take_counted, &counted);
		assert_int_equal(there, counted.count > 0);
	}
	window_counter_free(counter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_gives_what_was_put_in),
		cmocka_unit_test(a_buffer_skips_what_was_discarded),
		cmocka_unit_test(a_buffer_stops_at_what_is_being_written),
		cmocka_unit_test(a_ring_is_laid_out_in_chunks),
		cmocka_unit_test(merged_records_come_in_order_of_time),
		cmocka_unit_test(
			records_younger_than_the_horizon_are_held_back),
		cmocka_unit_test(a_tag_is_put_back_behind_the_addresses),
		cmocka_unit_test(a_cooked_header_says_what_the_kernel_knew),
		cmocka_unit_test(a_window_is_counted_as_its_packet),
		cmocka_unit_test(a_plain_packet_is_counted),
		cmocka_unit_test(a_record_is_told_by_its_size),
		cmocka_unit_test(a_window_is_unwrapped),
		cmocka_unit_test(a_window_that_lies_is_accounted_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
