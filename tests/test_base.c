/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <arpa/inet.h>

#include <cmocka.h>

#include <stdio.h>

#include "src/base/addr.h"
#include "src/base/cursor.h"
#include "src/base/json.h"
#include "src/base/strbuf.h"
#include "src/base/write.h"

static void cursor_overrun_sticks_and_reads_zero(void **state)
{
	const uint8_t bytes[] = {1, 2, 3};
	struct cursor c = cursor_make(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_be16(&c), 0x0102);
	assert_false(c.overrun);
	assert_int_equal(cursor_be32(&c), 0);
	assert_true(c.overrun);
	assert_int_equal(cursor_u8(&c), 3);
	assert_true(c.overrun);
	assert_int_equal(cursor_left(&c), 0);
}

static void strbuf_writes_numbers_as_printf_does(void **state)
{
	static const uint64_t values[] = {0, 9, 10, 255, 4294967295u,
					  UINT64_MAX};
	struct strbuf sb = STRBUF_INIT, want = STRBUF_INIT;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		unsigned long long v = values[i];

		strbuf_u64(&sb, v);
		strbuf_putc(&sb, ' ');
		strbuf_u32(&sb, (uint32_t)v);
		strbuf_putc(&sb, ' ');
		strbuf_i64(&sb, (int64_t)v);
		strbuf_putc(&sb, ' ');
		strbuf_hex(&sb, v);
		strbuf_putc(&sb, ' ');
		strbuf_u64_padded(&sb, v, 6);
		strbuf_hex_padded(&sb, v, 4);
		strbuf_printf(&want, "%llu %u %lld %llx %06llu%04llx", v,
			      (uint32_t)v, (long long)v, v, v, v);
	}
	assert_string_equal(strbuf_text(&sb), strbuf_text(&want));
	strbuf_free(&sb);
	strbuf_free(&want);
}

static void writers_write_as_printf_does_at_every_length(void **state)
{
	char ours[32], theirs[32];

	(void)state;
	for (uint64_t step = 1; step <= 10000000000; step *= 10) {
		for (uint64_t k = 1; k < 40; k++) {
			uint32_t v = (uint32_t)(step * k / 4 - k % 3);

			*write_u32(ours, v) = '\0';
			snprintf(theirs, sizeof(theirs), "%u", v);
			assert_string_equal(ours, theirs);
			*write_u32_padded(ours, v % 1000000, 6) = '\0';
			snprintf(theirs, sizeof(theirs), "%06u", v % 1000000);
			assert_string_equal(ours, theirs);
			*write_hex(ours, v) = '\0';
			snprintf(theirs, sizeof(theirs), "%x", v);
			assert_string_equal(ours, theirs);
			*write_hex_u16(ours, (uint16_t)v) = '\0';
			snprintf(theirs, sizeof(theirs), "%04x", v & 0xffff);
			assert_string_equal(ours, theirs);
		}
	}
	for (unsigned int v = 0; v < 256; v++) {
		*write_octet(ours, (uint8_t)v) = '\0';
		snprintf(theirs, sizeof(theirs), "%u.", v);
		assert_string_equal(ours, theirs);
	}
}

static void strbuf_grows_by_doubling(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	size_t capacity = 0;
	unsigned int times = 0;

	(void)state;
	for (int i = 0; i < 1 << 14; i++) {
		strbuf_putc(&sb, 'x');
		times += sb.capacity != capacity;
		capacity = sb.capacity;
	}
	assert_in_range(times, 1, 8);
	strbuf_free(&sb);
}

static void ipv6_text_is_what_inet_ntop_writes(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	char want[INET6_ADDRSTRLEN];

	(void)state;
	srand(1);
	for (int i = 0; i < 200000; i++) {
		uint8_t address[16] = {0};

		for (int k = 0; k < 16; k += 2) {
			if (rand() % 3)
				continue;
			address[k] = rand() % 2 ? (uint8_t)rand() : 0;
			address[k + 1] = (uint8_t)rand();
			if (rand() % 8 == 0)
				address[k] = address[k + 1] = 0xff;
		}
		strbuf_reset(&sb);
		addr_put_ipv6(&sb, address);
		inet_ntop(AF_INET6, address, want, sizeof(want));
		assert_string_equal(strbuf_text(&sb), want);
	}
	strbuf_free(&sb);
}

static void ipv4_text_is_what_inet_ntop_writes(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	char want[INET_ADDRSTRLEN];

	(void)state;
	for (unsigned int i = 0; i < 256; i++) {
		uint8_t address[4] = {(uint8_t)i, (uint8_t)(i / 3),
				      (uint8_t)(255 - i), 0};

		strbuf_reset(&sb);
		addr_put_ipv4(&sb, address);
		inet_ntop(AF_INET, address, want, sizeof(want));
		assert_string_equal(strbuf_text(&sb), want);
	}
	strbuf_free(&sb);
}

static void json_escapes_and_replaces_what_is_not_utf8(void **state)
{
	static const char odd[] = "a\"\\\n\x01\xc3\xa9\xff\xed\xa0\x80";
	struct strbuf sb = STRBUF_INIT;
	struct json json = json_begin(&sb);

	(void)state;
	json_open_object(&json, NULL);
	json_text(&json, "odd", odd, sizeof(odd) - 1);
	json_open_array(&json, "list");
	json_u64(&json, NULL, 1);
	json_bool(&json, NULL, false);
	json_close_array(&json);
	json_seconds(&json, "t", -1500000000, 6);
	json_close_object(&json);
	assert_string_equal(strbuf_text(&sb),
			    "{\"odd\":\"a\\\"\\\\\\n\\u0001\xc3\xa9\\ufffd"
			    "\\ufffd\\ufffd\\ufffd\",\"list\":[1,false],"
			    "\"t\":-1.500000}");
	strbuf_free(&sb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursor_overrun_sticks_and_reads_zero),
		cmocka_unit_test(strbuf_writes_numbers_as_printf_does),
		cmocka_unit_test(writers_write_as_printf_does_at_every_length),
		cmocka_unit_test(strbuf_grows_by_doubling),
		cmocka_unit_test(ipv6_text_is_what_inet_ntop_writes),
		cmocka_unit_test(ipv4_text_is_what_inet_ntop_writes),
		cmocka_unit_test(json_escapes_and_replaces_what_is_not_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
