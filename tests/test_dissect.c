/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pcap/dlt.h>
#include <string.h>

#include "dissectors/checksum.h"
#include "dissectors/dissect.h"
#include "dissectors/packet_json.h"
#include "dissectors/protocols.h"
#include "dissectors/sequences.h"
#include "dissectors/tcp.h"
#include "dissectors/text.h"
#include "src/base/format.h"
#include "src/base/strbuf.h"

/* Ethernet, IPv4, TCP with an option, four bytes of data. */
static const uint8_t segment[] = {
	2,    0, 0,    0,    0,	   2, 2,    0, 0,   0,	  0, 1,	   8,	 0,
	0x45, 0, 0,    48,   0,	   1, 0x40, 0, 64,  6,	  0, 0,	   192,	 0,
	2,    1, 198,  51,   100,  2, 0x9c, 0x40, 0, 9,	  0, 0,	   3,	 0xe8,
	0,    0, 0,    7,    0x60, 0x18, 2, 0, 0,   0,	  0, 0,	   2,	 4,
	5,    0xb4, 'd', 'a', 't', 'a',
};

static struct frame frame_of(const uint8_t *data, size_t length)
{
	return (struct frame){
		.data = data,
		.caplen = (uint32_t)length,
		.len = (uint32_t)length,
		.link_type = DLT_EN10MB,
		.number = 1,
	};
}

static void layers_hold_the_fields_in_host_order(void **state)
{
	struct frame frame = frame_of(segment, sizeof(segment));
	const struct layer *tcp, *ip;
	struct packet packet;

	(void)state;
	dissect(&frame, &packet, NULL);
	assert_int_equal(packet.count, 3);
	ip = packet_find(&packet, &ipv4_dissector);
	tcp = packet_find(&packet, &tcp_dissector);
	assert_non_null(ip);
	assert_non_null(tcp);
	assert_ptr_equal(layer_ip(&packet, tcp), ip);
	assert_ptr_equal(layer_payload(&packet, ip), tcp);
	assert_int_equal(ip->ipv4.total_length, 48);
	assert_int_equal(ip->ipv4.source[0], 192);
	assert_int_equal(tcp->tcp.source, 40000);
	assert_int_equal(tcp->tcp.destination, 9);
	assert_int_equal(tcp->tcp.sequence, 1000);
	assert_int_equal(tcp->tcp.header_length, 24);
	assert_int_equal(tcp->length, 28);
	assert_int_equal(tcp->flags, LAYER_UNKNOWN_PAYLOAD);
}

static void options_come_one_by_one(void **state)
{
	struct frame frame = frame_of(segment, sizeof(segment));
	struct tcp_option option;
	struct packet packet;
	struct cursor c;

	(void)state;
	dissect(&frame, &packet, NULL);
	c = tcp_options(packet_find(&packet, &tcp_dissector));
	assert_true(tcp_option_next(&c, &option));
	assert_int_equal(option.kind, 2);
	assert_int_equal(load_be16(option.value.data), 1460);
	assert_false(tcp_option_next(&c, &option));
}

static void a_cut_frame_says_where_it_is_cut(void **state)
{
	(void)state;
	for (size_t n = 1; n < sizeof(segment); n++) {
		struct frame frame = frame_of(segment, n);
		struct packet packet;
		const struct layer *last;

		frame.len = sizeof(segment);
		dissect(&frame, &packet, NULL);
		last = &packet.layers[packet.count - 1];
		assert_int_equal(!!(last->flags & LAYER_TRUNCATED), n < 58);
		assert_true(last->data + last->captured <= segment + n);
	}
}

static void the_seventeenth_layer_is_not_looked_at(void **state)
{
	uint8_t data[14 + 4 * 20 + 4] = {[12] = 0x81};
	struct frame frame = frame_of(data, sizeof(data));
	struct packet packet;

	(void)state;
	for (size_t i = 0; i < 20; i++)
		data[14 + 4 * i + 2] = 0x81;
	dissect(&frame, &packet, NULL);
	assert_int_equal(packet.count, PACKET_LAYERS);
	assert_true(packet.layers[PACKET_LAYERS - 1].flags & LAYER_TOO_DEEP);
}

static void an_unknown_link_type_has_no_layers(void **state)
{
	struct frame frame = frame_of(segment, sizeof(segment));
	struct packet packet;

	(void)state;
	frame.link_type = 250;
	dissect(&frame, &packet, NULL);
	assert_int_equal(packet.count, 0);
	assert_false(dissect_supports(250));
	assert_true(dissect_supports(DLT_LINUX_SLL2));
}

static void sequences_count_from_the_first_segment(void **state)
{
	struct text_options options = {.numeric = true, .time_format = 1};
	struct text_printer *printer = text_printer_new(&options);
	struct frame frame = frame_of(segment, sizeof(segment));
	struct strbuf out = STRBUF_INIT;
	struct packet packet;

	(void)state;
	assert_non_null(printer);
	dissect(&frame, &packet, NULL);
	text_printer_put(printer, &packet, &out);
	text_printer_put(printer, &packet, &out);
	assert_string_equal(
		strbuf_text(&out),
		"IP 192.0.2.1.40000 > 198.51.100.2.9: Flags [P.], seq "
		"1000:1004, ack 7, win 512, options [mss 1460], length 4\n"
		"IP 192.0.2.1.40000 > 198.51.100.2.9: Flags [P.], seq "
		"0:4, ack 1, win 512, options [mss 1460], length 4\n");
	strbuf_free(&out);
	text_printer_free(printer);
}

/* The linker puts these in front of what the libraries call. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

static unsigned long allocations;

void *__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	allocations++;
	return __real_realloc(p, size);
}

static void printing_again_allocates_nothing(void **state)
{
	struct text_options options = {.numeric = true,
				       .verbose = 3,
				       .hex_ascii = 2,
				       .link_header = true};
	struct text_printer *printer = text_printer_new(&options);
	struct frame frame = frame_of(segment, sizeof(segment));
	struct strbuf out = STRBUF_INIT;
	unsigned long before = 0;

	(void)state;
	assert_non_null(printer);
	for (int i = 0; i < 1000; i++) {
		struct packet packet;

		if (i == 1)
			before = allocations;
		strbuf_reset(&out);
		dissect(&frame, &packet, NULL);
		text_printer_put(printer, &packet, &out);
		packet_put_json(&packet, &out);
	}
	assert_true(before > 0);
	assert_int_equal(allocations, before);
	strbuf_free(&out);
	text_printer_free(printer);
}

static void the_sequence_table_keeps_all_of_many(void **state)
{
	struct sequences *sequences = sequences_new();
	uint8_t a[4] = {10, 0, 0, 1}, b[4] = {10, 0, 0, 2};
	struct conversation c = {{a, b}, 4, 0};
	bool found;

	(void)state;
	assert_non_null(sequences);
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 100000; i++) {
			struct sequence_origin *origin;

			c.ports = i;
			origin = sequences_get(
				sequences, sequences_fingerprint(sequences, &c),
				&found);
			assert_non_null(origin);
			assert_int_equal(found, round);
			if (round)
				assert_int_equal(origin->sequence, i * 3);
			origin->sequence = i * 3;
		}
	}
	sequences_free(sequences);
}

static void a_checksum_is_right_at_every_length_and_place(void **state)
{
	uint8_t data[208];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		/* With all that can be carried. */
		data[i] = i % 97 < 64 ? 0xff : (uint8_t)(i * 37 + 11);
	for (size_t at = 0; at < 8; at++) {
		for (size_t n = 0; n < 200; n++) {
			uint64_t sum = 0;

			for (size_t i = 0; i < n; i++)
				sum += (uint32_t)data[at + i]
				       << (i % 2 ? 0 : 8);
			assert_int_equal(checksum(data + at, n),
					 checksum_fold(sum));
		}
	}
}

static void formats_print_as_printf_does(void **state)
{
	struct strbuf ours = STRBUF_INIT, theirs = STRBUF_INIT;

	(void)state;
#define BOTH(...)                                                              \
	do {                                                                   \
		strbuf_format(&ours, __VA_ARGS__);                             \
		strbuf_printf(&theirs, __VA_ARGS__);                           \
	} while (0)
	BOTH("%u %d %x %X|", 4294967295u, -2147483647, 0xbeefu, 0xbeefu);
	BOTH("%5u|%-5u|%05u|%02x|%04x|%3s|%-5s|", 7u, 7u, 7u, 5u, 0xabcdeu, "a",
	     "b");
	BOTH("%.*s|%.2s|%c|%%|%0*x|", 3, "abcdef", "xyz", 'q', 6, 0x12u);
	BOTH("%lu %lx %zu %ld|", 18446744073709551615ul, 255ul, (size_t)9, -5l);
	assert_string_equal(strbuf_text(&ours), strbuf_text(&theirs));
	strbuf_free(&ours);
	strbuf_free(&theirs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_hold_the_fields_in_host_order),
		cmocka_unit_test(options_come_one_by_one),
		cmocka_unit_test(a_cut_frame_says_where_it_is_cut),
		cmocka_unit_test(the_seventeenth_layer_is_not_looked_at),
		cmocka_unit_test(an_unknown_link_type_has_no_layers),
		cmocka_unit_test(sequences_count_from_the_first_segment),
		cmocka_unit_test(printing_again_allocates_nothing),
		cmocka_unit_test(the_sequence_table_keeps_all_of_many),
		cmocka_unit_test(a_checksum_is_right_at_every_length_and_place),
		cmocka_unit_test(formats_print_as_printf_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
