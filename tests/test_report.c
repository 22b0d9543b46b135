// SPDX-License-Identifier: BSD-3-Clause
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <pcap/dlt.h>

#include "src/base/cleanup.h"
#include "src/report/community_id.h"
#include "src/report/summary.h"
#include "src/report/units.h"
#include "tests/packet_gen.h"

/* The published vectors: community-id-spec, baseline of version 1. */
static const struct vector {
	const char *source, *destination;
	uint8_t protocol;
	uint16_t from, to;
	uint16_t seed;
	const char *id;
} vectors[] = {
	{"128.232.110.120", "66.35.250.204", 6, 34855, 80, 0,
	 "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
	{"66.35.250.204", "128.232.110.120", 6, 80, 34855, 0,
	 "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
	{"128.232.110.120", "66.35.250.204", 6, 34855, 80, 1,
	 "1:3V71V58M3Ksw/yuFALMcW0LAHvc="},
	{"192.168.1.52", "8.8.8.8", 17, 54585, 53, 0,
	 "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
	{"192.168.0.89", "192.168.0.1", 1, 8, 0, 0,
	 "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
	{"fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 58, 135, 136,
	 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
	{"192.168.170.8", "192.168.170.56", 132, 7, 80, 0,
	 "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="},
};

static void community_ids_are_the_published_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		const struct vector *v = &vectors[i];
		bool six = strchr(v->source, ':') != NULL;
		struct flow_key key = {.protocol = v->protocol,
				       .family = six ? FLOW_IPV6 : FLOW_IPV4,
				       .source_port = htons(v->from),
				       .destination_port = htons(v->to)};
		char text[COMMUNITY_ID_LENGTH + 1];

		inet_pton(six ? AF_INET6 : AF_INET, v->source, key.source);
		inet_pton(six ? AF_INET6 : AF_INET, v->destination,
			  key.destination);
		assert_true(community_id(&key, v->seed, text));
		assert_string_equal(text, v->id);
	}
}

static void quantities_are_short(void **state)
{
	static const struct {
		uint64_t value;
		const char *count, *duration;
	} rows[] = {
		{0, "0", "0us"},
		{999, "999", "0us"},
		{1000, "1.00k", "1us"},
		{999999, "999k", "999us"},
		{1234567, "1.23M", "1.23ms"},
		{98765432, "98.7M", "98.7ms"},
		{59000000000ull, "59.0G", "59.0s"},
		{123000000000ull, "123G", "2m03s"},
		{3720000000000ull, "3.72T", "1h02m"},
		{273600000000000ull, "273T", "3d04h"},
		{UINT64_MAX, "18.4E", NULL},
	};
	struct strbuf text = STRBUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		strbuf_reset(&text);
		units_put_count(&text, rows[i].value);
		assert_string_equal(strbuf_text(&text), rows[i].count);
		if (!rows[i].duration)
			continue;
		strbuf_reset(&text);
		units_put_duration(&text, (int64_t)rows[i].value);
		assert_string_equal(strbuf_text(&text), rows[i].duration);
	}
	strbuf_free(&text);
}

static void add_to_summary(const struct connection *c, void *context)
{
	assert_int_equal(summary_add(context, c), 0);
}

static void summarize(const struct summary_options *options, struct strbuf *out,
		      struct flow_totals *totals)
{
	struct summary *summary = summary_new(options);
	struct flow_table_options table_options = {.on_end = add_to_summary,
						   .context = summary};
	struct flow_table *table = flow_table_new(&table_options);
	struct summary_counters counters = {.matched = 5000};
	struct packet_gen gen = {.state = 7};

	for (int i = 0; i < 5000; i++) {
		struct frame frame = {.time = {i / 100, 0},
				      .link_type = DLT_EN10MB};

		packet_gen_next(&gen);
		frame.data = gen.frame;
		frame.caplen = frame.len = (uint32_t)gen.length;
		assert_int_equal(flow_table_add_frame(table, &frame), 0);
	}
	flow_table_finish(table);
	*totals = flow_table_totals(table);
	summary_put_text(summary, &counters, totals, out);
	flow_table_free(table);
	summary_free(summary);
}

static void tables_fit_the_width_and_account_for_all(void **state)
{
	(void)state;
	for (unsigned int width = 80; width <= 200; width += 20)
		for (int group = SUMMARY_BY_CONNECTION;
		     group <= SUMMARY_BY_CONTAINER; group++) {
			const struct summary_options options = {
				.group = (enum summary_group)group,
				.sort = (enum summary_sort)(width / 20 % 6),
				.width = width,
				.top = 40};
			struct strbuf text = STRBUF_INIT;
			struct flow_totals totals;
			size_t rows = 0;
			char *line, *rest;

			summarize(&options, &text, &totals);
			assert_int_equal(totals.packets, 5000);
			line = strtok_r((char *)strbuf_text(&text), "\n",
					&rest);
			while (line && !strstr(line, "connections,")) {
				assert_true(strlen(line) <= width);
				rows++;
				line = strtok_r(NULL, "\n", &rest);
			}
			assert_in_range(rows, 2, 42);
			strbuf_free(&text);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(community_ids_are_the_published_ones),
		cmocka_unit_test(quantities_are_short),
		cmocka_unit_test(tables_fit_the_width_and_account_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
