/* SPDX-License-Identifier: BSD-3-Clause */
/* The summary: what stands in the table's rows and below them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/report/summary.h"
#include "src/report/summary_rows.h"
#include "src/report/summary_table.h"
#include "src/report/units.h"

static const char LONG_NAME[] =
	"ec2-203-0-113-25.eu-central-1.compute.example.com";

/* 192.0.2.1 has a name, nothing else has one. */
static const char *name_address(const uint8_t *address, uint8_t family,
				const char **how, void *context)
{
	static const uint8_t named[] = {192, 0, 2, 1};

	*how = "dns";
	return family == FLOW_IPV4 && !memcmp(address, named, 4) ? context
								 : NULL;
}

static struct connection connection_between(const char from[4],
					    const char to[4])
{
	struct connection c = {
		.key = {.family = FLOW_IPV4,
			.protocol = 17,
			.source_port = 0x3412,
			.destination_port = 0x3500},
		.first = 1,
		.last = 1,
		.side = {{.packets = 1, .wire_bytes = 100}},
	};

	memcpy(c.key.source, from, 4);
	memcpy(c.key.destination, to, 4);
	return c;
}

static void put_number(struct strbuf *out, uint64_t n, const char *noun)
{
	strbuf_reset(out);
	units_put_number(out, n, noun);
}

static void one_is_no_plural(void **state)
{
	const struct summary_options options = {.top = 1};
	const struct connection c =
		connection_between("\12\0\0\1", "\12\0\0\2");
	const struct flow_totals totals = {.connections = 1, .packets = 1};
	const struct summary_counters counters = {.matched = 1};
	struct summary *summary = summary_new(&options);
	struct strbuf text = STRBUF_INIT;

	(void)state;
	put_number(&text, 0, "row");
	assert_string_equal(strbuf_text(&text), "0 rows");
	put_number(&text, 1, "row");
	assert_string_equal(strbuf_text(&text), "1 row");
	put_number(&text, 2, "row");
	assert_string_equal(strbuf_text(&text), "2 rows");
	strbuf_reset(&text);
	for (int i = 0; i < 2; i++)
		assert_int_equal(summary_add(summary, &c), 0);
	summary_put_text(summary, &counters, &totals, &text);
	assert_non_null(
		strstr(strbuf_text(&text), "\nand 1 more: 1 packet, 100B\n"));
	assert_non_null(
		strstr(strbuf_text(&text), "\n1 connection, 1 packet, "));
	strbuf_free(&text);
	summary_free(summary);
}

static void the_accounting_is_a_sentence(void **state)
{
	const struct summary_options options = {0};
	const struct flow_totals totals = {.packets = 6};
	const struct summary_counters counters = {.seen = 10,
						  .matched = 6,
						  .copied = 6,
						  .undecided = 3,
						  .is_live = true};
	struct summary *summary = summary_new(&options);
	struct strbuf text = STRBUF_INIT;

	(void)state;
	summary_put_text(summary, &counters, &totals, &text);
	assert_non_null(strstr(
		strbuf_text(&text),
		"\n10 seen = 6 matched + 4 not matched (3 of these: owner not "
		"known); 6 matched = 6 in connections + 0 unaccounted\n"));
	strbuf_free(&text);
	summary_free(summary);
}

static void hosts_have_names(void **state)
{
	const struct conn_log_context context = {
		.address_name = name_address, .names_context = "www.example"};
	const struct summary_options options = {.group = SUMMARY_BY_HOST,
						.context = &context};
	const struct connection out =
		connection_between("\12\0\0\1", "\300\0\2\1");
	const struct connection in =
		connection_between("\300\0\2\1", "\12\0\0\1");
	const struct flow_totals totals = {.packets = 2};
	const struct summary_counters counters = {.matched = 2};
	struct summary *summary = summary_new(&options);
	struct strbuf text = STRBUF_INIT;

	(void)state;
	assert_int_equal(summary_add(summary, &out), 0);
	assert_int_equal(summary_add(summary, &in), 0);
	summary_put_text(summary, &counters, &totals, &text);
	assert_non_null(strstr(strbuf_text(&text), "\nwww.example*  "));
	assert_non_null(strstr(strbuf_text(&text), "\n10.0.0.1      "));
	assert_null(strstr(strbuf_text(&text), "192.0.2.1"));
	strbuf_free(&text);
	summary_free(summary);
}

/* More groups than there is room for: who talks much has a row, whenever it
 * came, and all packets are in a row or among those that were let go. */
static void late_talkers_have_a_row(void **state)
{
	struct row row = {.connections = 1, .packets = {1}, .bytes = {60}};
	uint64_t packets = 0;
	struct rows rows;

	(void)state;
	assert_int_equal(rows_init(&rows, SUMMARY_SORT_BYTES, true, 10), 0);
	for (int i = 0; i < GROUPS_MOST + 50000; i++) {
		snprintf(row.label, sizeof(row.label), "scanner %d", i);
		assert_int_equal(rows_group(&rows, &row), 0);
	}
	strcpy(row.label, "late");
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rows_group(&rows, &row), 0);
	assert_true(rows.is_partial);
	rows_sort(&rows);
	assert_string_equal(rows.rows[0].label, "late");
	assert_int_equal(rows.rows[0].packets[0], 1000);
	for (size_t i = 0; i < rows.count; i++)
		packets += rows.rows[i].packets[0];
	assert_int_equal(packets + rows.dropped_packets,
			 GROUPS_MOST + 50000 + 1000);
	assert_int_equal(rows.dropped_bytes, 60 * rows.dropped_packets);
	rows_free(&rows);
}

/* At 80 columns names are cut, but the process is shown; an address and its
 * port stay whole. */
static void names_leave_room_for_the_process(void **state)
{
	const struct conn_log_context context = {.address_name = name_address,
						 .names_context =
							 (void *)LONG_NAME};
	const struct summary_options options = {.context = &context,
						.width = 80};
	struct row row = {.key = {.family = FLOW_IPV4,
				  .protocol = 6,
				  .source = {255, 222, 211, 200},
				  .destination = {255, 222, 211, 201},
				  .source_port = 0xffff,
				  .destination_port = 0xffff},
			  .protocol = "tcp",
			  .label = "curl/29639 openssl/29622",
			  .service = "ssl",
			  .state = "SF",
			  .packets = {12, 345},
			  .bytes = {123456, 987654321},
			  .last = 1000000};
	struct rows rows = {.rows = &row, .count = 1};

	(void)state;
	for (int named = 0; named < 4; named++) {
		struct strbuf text = STRBUF_INIT;
		const char *line;

		if (named & 1)
			memcpy(row.key.source, "\300\0\2\1", 4);
		if (named & 2)
			memcpy(row.key.destination, "\300\0\2\1", 4);
		summary_put_rows(&rows, 1, &options, &text);
		line = strbuf_text(&text);
		assert_in_range(strchr(line, '\n') - line, 1, 80);
		assert_non_null(strstr(line, "PROCESS\n"));
		assert_non_null(strstr(line, "  curl/"));
		if (!(named & 1))
			assert_non_null(
				strstr(line, " 255.222.211.200:65535 "));
		if (!(named & 2))
			assert_non_null(
				strstr(line, " 255.222.211.201:65535 "));
		if (named)
			assert_non_null(strstr(line, "  ec2-"));
		strbuf_free(&text);
		memcpy(row.key.source, "\377\336\323\310", 4);
		memcpy(row.key.destination, "\377\336\323\311", 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_no_plural),
		cmocka_unit_test(the_accounting_is_a_sentence),
		cmocka_unit_test(hosts_have_names),
		cmocka_unit_test(late_talkers_have_a_row),
		cmocka_unit_test(names_leave_room_for_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
