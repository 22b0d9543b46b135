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
#include "src/report/event_queue.h"
#include "src/report/histogram.h"
#include "src/report/seen_names.h"
#include "src/report/summary.h"
#include "src/report/summary_recent.h"
#include "src/report/summary_table.h"
#include "src/report/units.h"
#include "tests/packet_gen.h"

/* Version 1, with seeds 0 and 1: all of baseline_deflt.json and
 * baseline_seed1.json of github.com/corelight/community-id-spec. */
static const struct vector {
	const char *source, *destination;
	uint8_t protocol;
	uint16_t from, to;
	const char *ids[2];
} vectors[] = {
	{"fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 58, 135, 136,
	 {"1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY="}},
	{"fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 58, 136, 135,
	 {"1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY="}},
	{"fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 58, 135, 136,
	 {"1:zavyT/cezQr1fmImYCwYnMXbgck=", "1:2hSqmsDZ2kdcY9kbiUzOEBic0iM="}},
	{"fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 58, 136, 135,
	 {"1:zavyT/cezQr1fmImYCwYnMXbgck=", "1:2hSqmsDZ2kdcY9kbiUzOEBic0iM="}},
	{"3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 58, 3, 0,
	 {"1:2ObVBgIn28oZvibYZhZMBgh7WdQ=", "1:lVEtCZpYu84Xqaa++3lXFyuu2n4="}},
	{"3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 58, 1, 4,
	 {"1:hLZd0XGWojozrvxqE0dWB1iM6R0=", "1:W8MHwXpWzpoSTD+cGcaJr4u0ys8="}},
	{"3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 58, 128, 129,
	 {"1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", "1:GfZxjAkDk2MkegpBYHV6tadtFXQ="}},
	{"3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 58, 129, 128,
	 {"1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", "1:GfZxjAkDk2MkegpBYHV6tadtFXQ="}},
	{"fe80::200:86ff:fe05:80da", "ff02::2", 58, 133, 134,
	 {"1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=", "1:L7Ka0ZMYu+J3bL4ulW2PrqyXNo8="}},
	{"fe80::260:97ff:fe07:69ea", "ff02::1", 58, 134, 133,
	 {"1:pkvHqCL88/tg1k4cPigmZXUtL00=", "1:K/ee5UCqAMAQXDorP5nSa2CGLjc="}},
	{"192.168.0.89", "192.168.0.1", 1, 8, 0,
	 {"1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA="}},
	{"192.168.0.1", "192.168.0.89", 1, 0, 8,
	 {"1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA="}},
	{"10.0.0.1", "10.0.0.2", 1, 11, 0,
	 {"1:YHxtAirCG//0OzkcVAukqKQN9xM=", "1:XjUibYHaafLQ3pxQeiMI8g25q20="}},
	{"2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 6, 63943, 25,
	 {"1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "1:eJYTW6AOzFLlSUoESovMjnu7rMw="}},
	{"2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", 6, 25, 63943,
	 {"1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "1:eJYTW6AOzFLlSUoESovMjnu7rMw="}},
	{"192.168.170.8", "192.168.170.56", 132, 7, 7,
	 {"1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", "1:5w3ZRjeKBzqT3zsaEECDGjUbYeg="}},
	{"192.168.170.56", "192.168.170.8", 132, 7, 7,
	 {"1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", "1:5w3ZRjeKBzqT3zsaEECDGjUbYeg="}},
	{"128.232.110.120", "66.35.250.204", 6, 34855, 80,
	 {"1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "1:3V71V58M3Ksw/yuFALMcW0LAHvc="}},
	{"66.35.250.204", "128.232.110.120", 6, 80, 34855,
	 {"1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "1:3V71V58M3Ksw/yuFALMcW0LAHvc="}},
	{"192.168.1.52", "8.8.8.8", 17, 54585, 53,
	 {"1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI="}},
	{"8.8.8.8", "192.168.1.52", 17, 53, 54585,
	 {"1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI="}},
	{"10.1.12.1", "10.1.12.2", 46, 0, 0,
	 {"1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "1:rYir8gphR31noO9iDRQmF/BteEI="}},
	{"10.1.12.2", "10.1.12.1", 46, 0, 0,
	 {"1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "1:rYir8gphR31noO9iDRQmF/BteEI="}},
};

static void community_ids_are_the_published_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors) * 2; i++) {
		const struct vector *v = &vectors[i / 2];
		uint16_t seed = i % 2;
		bool six = strchr(v->source, ':') != NULL;
		struct flow_key key = {.protocol = v->protocol,
				       .family = six ? FLOW_IPV6 : FLOW_IPV4,
				       .source_port = htons(v->from),
				       .destination_port = htons(v->to)};
		char text[COMMUNITY_ID_LENGTH + 1];

		inet_pton(six ? AF_INET6 : AF_INET, v->source, key.source);
		inet_pton(six ? AF_INET6 : AF_INET, v->destination,
			  key.destination);
		assert_true(community_id(&key, seed, text));
		assert_string_equal(text, v->ids[seed]);
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

/* At 80 columns, where not all have room. */
static void the_column_sorted_by_is_shown(void **state)
{
	static const struct {
		enum summary_sort sort;
		const char *title;
	} columns[] = {
		{SUMMARY_SORT_PACKETS, "PKTS>"},
		{SUMMARY_SORT_START, "START"},
		{SUMMARY_SORT_DURATION, "TIME"},
		{SUMMARY_SORT_RTT, "RTT"},
		{SUMMARY_SORT_RETRANSMITS, "RETR"},
	};
	struct row row = {.key = {.family = FLOW_IPV4, .protocol = 6},
			  .protocol = "tcp",
			  .label = "a process/1234 with a long name/1234",
			  .service = "http",
			  .state = "SF",
			  .last = 1000000,
			  .rtt = 5000,
			  .rtt_count = 1,
			  .retransmits = 3};
	struct rows rows = {.rows = &row, .count = 1};

	(void)state;
	memset(row.key.source, 222, 4);
	memset(row.key.destination, 222, 4);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct summary_options options = {.sort = columns[i].sort,
							.width = 80};
		struct strbuf text = STRBUF_INIT;

		summary_put_rows(&rows, 1, &options, &text);
		assert_non_null(strstr(strbuf_text(&text), columns[i].title));
		assert_in_range(strchr(strbuf_text(&text), '\n') -
					strbuf_text(&text),
				1, 80);
		strbuf_free(&text);
	}
}

/* Names are cut between characters, not within. */
static void names_that_are_cut_stay_text(void **state)
{
	const struct summary_options options = {.width = 25};
	struct row row = {.label = "\u00e4\u00f6\u00fc\u20ac\u00e4\u00f6\u00fc"
				   "\u20ac\u00e4\u00f6\u00fc\u20ac\u00e4",
			  .connections = 1};
	struct rows rows = {.rows = &row, .count = 1, .is_grouped = true};
	struct strbuf text = STRBUF_INIT;

	(void)state;
	summary_put_rows(&rows, 1, &options, &text);
	assert_non_null(strstr(strbuf_text(&text),
			       "\n\u00e4\u00f6\u00fc\u20ac~\u00f6"
			       "\u00fc\u20ac\u00e4 "));
	strbuf_free(&text);
}

/* As many connections in an interval as a flood has. */
static void intervals_are_bounded_and_exact(void **state)
{
	const struct summary_options options = {0};
	struct recent recent = {0};
	struct connection c = {.key = {.family = FLOW_IPV4, .protocol = 17}};
	struct flow_delta delta = {.packets = 2, .wire_bytes = 100};

	(void)state;
	for (uint32_t i = 0; i < RECENT_MOST + 1000; i++) {
		memcpy(c.key.source, &i, sizeof(i));
		assert_int_equal(recent_add(&recent, &c, 0, &delta, &options),
				 0);
	}
	assert_int_equal(recent.count, RECENT_MOST);
	assert_true(recent.is_full);
	assert_int_equal(recent.packets, 2 * (RECENT_MOST + 1000));
	assert_int_equal(recent.bytes, 100 * (RECENT_MOST + 1000));
	/* The same again: those with a row have it still. */
	memset(c.key.source, 0, sizeof(c.key.source));
	assert_int_equal(recent_add(&recent, &c, 0, &delta, &options), 0);
	assert_int_equal(recent.rows[0].packets[0], 4);
	recent_reset(&recent);
	assert_int_equal(recent.packets + recent.count + recent.is_full, 0);
	recent_free(&recent);
}

/* www.example.net has the alias 1.example.net, which is 192.0.2.7 and
 * 2001:db8::7. */
static const uint8_t dns_answer[] =
	"\0\1\x81\x80\0\1\0\3\0\0\0\0"
	"\3www\7example\3net\0\0\1\0\1"
	"\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\0011\xc0\x10"
	"\xc0\x2d\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7"
	"\xc0\x2d\0\x1c\0\1\0\0\0\x3c\0\x10"
	"\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7";

/* A ClientHello with an extension before server_name. */
static const uint8_t hello[] = "\x16\3\1\0\x4d\1\0\0\x49\3\3"
			       "01234567890123456789012345678901"
			       "\0\0\2\x13\1\1\0\0\x1e"
			       "\0\x17\0\0"
			       "\0\0\0\x16\0\x14\0\0\x11mail.example.test";

static const char *name_of(struct seen_names *names, const char *address,
			   const char **how)
{
	bool six = strchr(address, ':') != NULL;
	uint8_t bytes[16];

	inet_pton(six ? AF_INET6 : AF_INET, address, bytes);
	return seen_names_find(names, bytes, six ? FLOW_IPV6 : FLOW_IPV4, how);
}

static void names_come_from_answers_and_hellos(void **state)
{
	struct seen_names *names =
		seen_names_new(SEEN_NAMES_DNS | SEEN_NAMES_SNI);
	struct flow_key dns = {
		.family = FLOW_IPV4, .protocol = 17, .source_port = htons(53)};
	struct flow_key tls = {.family = FLOW_IPV4, .protocol = 6};
	const char *how = NULL;

	(void)state;
	inet_pton(AF_INET, "192.0.2.9", tls.destination);
	for (size_t n = 0; n < sizeof(dns_answer) - 17; n++)
		seen_names_read(names, &dns, (struct slice){dns_answer, n});
	seen_names_read(names, &dns,
			(struct slice){dns_answer, sizeof(dns_answer) - 1});
	assert_string_equal(name_of(names, "192.0.2.7", &how),
			    "www.example.net");
	assert_string_equal(how, "dns");
	assert_string_equal(name_of(names, "2001:db8::7", &how),
			    "www.example.net");
	for (size_t n = 0; n < sizeof(hello) - 1; n++)
		seen_names_read(names, &tls, (struct slice){hello, n});
	assert_null(name_of(names, "192.0.2.9", &how));
	seen_names_read(names, &tls, (struct slice){hello, sizeof(hello) - 1});
	assert_string_equal(name_of(names, "192.0.2.9", &how),
			    "mail.example.test");
	assert_string_equal(how, "sni");
	/* What DNS says of it is worth more. */
	inet_pton(AF_INET, "192.0.2.7", tls.destination);
	seen_names_read(names, &tls, (struct slice){hello, sizeof(hello) - 1});
	assert_string_equal(name_of(names, "192.0.2.7", &how),
			    "www.example.net");
	seen_names_free(names);
}

/* printer.local is 192.0.2.40 and 2001:db8::40, which it says unasked; the
 * first is an additional record, the second class has the bit that says to
 * forget older ones. */
static const uint8_t mdns_announcement[] =
	"\0\0\x84\0\0\0\0\1\0\0\0\1"
	"\7printer\5local\0\0\1\x80\1\0\0\0\x78\0\4\xc0\0\2\x28"
	"\xc0\x0c\0\x1c\x80\1\0\0\0\x78\0\x10"
	"\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x40";

static void names_come_from_multicast_answers(void **state)
{
	struct seen_names *names = seen_names_new(SEEN_NAMES_DNS);
	struct flow_key key = {.family = FLOW_IPV4,
			       .protocol = 17,
			       .source_port = htons(5353)};
	const char *how = NULL;

	(void)state;
	seen_names_read(names, &key,
			(struct slice){mdns_announcement,
				       sizeof(mdns_announcement) - 1});
	assert_string_equal(name_of(names, "192.0.2.40", &how),
			    "printer.local");
	assert_string_equal(name_of(names, "2001:db8::40", &how),
			    "printer.local");
	seen_names_free(names);
}

static void names_come_from_answers_over_tcp(void **state)
{
	struct seen_names *names = seen_names_new(SEEN_NAMES_DNS);
	struct flow_key key = {
		.family = FLOW_IPV6, .protocol = 6, .source_port = htons(53)};
	uint8_t segment[sizeof(dns_answer) + 1];
	const char *how = NULL;

	(void)state;
	segment[0] = 0;
	segment[1] = sizeof(dns_answer) - 1;
	memcpy(segment + 2, dns_answer, sizeof(dns_answer) - 1);
	/* The second half of one is not taken for a message. */
	for (size_t n = 0; n < sizeof(segment); n++)
		seen_names_read(names, &key,
				(struct slice){segment + n,
					       n ? sizeof(segment) - n : 2});
	assert_null(name_of(names, "192.0.2.7", &how));
	seen_names_read(names, &key, (struct slice){segment, sizeof(segment)});
	assert_string_equal(name_of(names, "192.0.2.7", &how),
			    "www.example.net");
	assert_string_equal(how, "dns");
	seen_names_free(names);
}

static void a_name_of_another_class_is_none(void **state)
{
	struct seen_names *names = seen_names_new(SEEN_NAMES_DNS);
	struct flow_key key = {
		.family = FLOW_IPV4, .protocol = 17, .source_port = htons(53)};
	uint8_t chaos[sizeof(dns_answer)];
	const char *how = NULL;

	(void)state;
	memcpy(chaos, dns_answer, sizeof(chaos));
	/* The A record's class, behind its name and type. */
	chaos[12 + 21 + 16 + 5] = 3;
	seen_names_read(names, &key, (struct slice){chaos, sizeof(chaos) - 1});
	assert_null(name_of(names, "192.0.2.7", &how));
	assert_string_equal(name_of(names, "2001:db8::7", &how),
			    "www.example.net");
	seen_names_free(names);
}

static void histograms_are_of_powers_of_two(void **state)
{
	struct histogram histogram = {.kind = HISTOGRAM_SIZE};
	struct strbuf text = STRBUF_INIT;

	(void)state;
	for (int i = 0; i < 4; i++)
		histogram_add(&histogram, 64 + (uint64_t)i);
	histogram_add(&histogram, 256);
	histogram_put(&histogram, &text);
	assert_string_equal(
		strbuf_text(&text),
		"size\n"
		"     bytes               : count     distribution\n"
		"         0 -> 1          : 0        "
		"|                                        |\n"
		"         2 -> 3          : 0        "
		"|                                        |\n"
		"         4 -> 7          : 0        "
		"|                                        |\n"
		"         8 -> 15         : 0        "
		"|                                        |\n"
		"        16 -> 31         : 0        "
		"|                                        |\n"
		"        32 -> 63         : 0        "
		"|                                        |\n"
		"        64 -> 127        : 4        "
		"|****************************************|\n"
		"       128 -> 255        : 0        "
		"|                                        |\n"
		"       256 -> 511        : 1        "
		"|**********                              |\n");
	strbuf_free(&text);
}

/* As bcc does, where numbers have more than ten digits. */
static void wide_histograms_stay_aligned(void **state)
{
	struct histogram histogram = {.kind = HISTOGRAM_SIZE};
	struct strbuf text = STRBUF_INIT;
	const char *line, *end;
	size_t bar = 0;

	(void)state;
	histogram_add(&histogram, 1);
	histogram_add(&histogram, 3);
	histogram_add(&histogram, UINT64_MAX);
	histogram_put(&histogram, &text);
	line = strchr(strbuf_text(&text), '\n') + 1;
	for (; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!bar)
			bar = (size_t)(strchr(line, ':') - line);
		assert_int_equal(line[bar], ':');
	}
	assert_non_null(strstr(strbuf_text(&text),
			       " 9223372036854775808 -> 18446744073709551615"
			       " : 1        |********************|\n"));
	strbuf_free(&text);
}

/* ---- The queue of --events ---- */

/* A SYN at @first, from that port to port 80, and no answer. */
static struct connection call_from(uint16_t port, int64_t first)
{
	struct connection c = {
		.key = {.source = {10, 0, 0, 1},
			.destination = {10, 0, 0, 2},
			.source_port = htons(port),
			.destination_port = htons(80),
			.protocol = 6,
			.family = FLOW_IPV4},
		.first = first,
		.last = first,
		.side = {{.packets = 1}},
	};

	connection_first_event(&c, 0, FLOW_EVENT_SYN, (uint64_t)first);
	return c;
}

static void note_change(struct event_queue *queue, uint16_t port, int64_t first,
			const struct flow_change *change)
{
	const struct connection c = call_from(port, first);

	assert_int_equal(event_queue_add(queue, &c, change), 0);
}

/* Of who is known: an owner for each port below that. */
static const char *owner_below(const struct connection_identity *c,
			       void *context)
{
	const uint16_t *port = context;

	return ntohs(c->key.source_port) < *port ? "a/1" : NULL;
}

static bool may_come(const struct connection_identity *c, void *context)
{
	(void)context;
	return ntohs(c->key.source_port) != 9;
}

/* Which lines there are: of each, the event's first letter, the owner's and the
 * port. */
static const char *put_lines(struct event_queue *queue, int64_t now)
{
	static char lines[256];
	_cleanup_(strbuf_free) struct strbuf out = STRBUF_INIT;
	char *at = lines, *line, *rest, event[16], owner[16], from[32];

	*at = '\0';
	event_queue_put(queue, &out, now);
	rest = (char *)(uintptr_t)strbuf_text(&out);
	while ((line = strsep(&rest, "\n")) && *line) {
		assert_int_equal(sscanf(line, "%*s %15s %15s tcp %31s", event,
					owner, from),
				 3);
		at += sprintf(at, "%c%c%s ", event[0], owner[0],
			      strchr(from, ':') + 1);
	}
	return lines;
}

static void events_come_in_order_and_wait_for_their_owner(void **state)
{
	const int64_t ms = 1000000;
	uint16_t known = 5;
	const struct event_queue_options options = {
		.owner = owner_below,
		.owner_may_come = may_come,
		.context = &known,
	};
	struct event_queue *queue = event_queue_new(&options);
	struct flow_change open = {.kind = FLOW_CHANGE_OPEN},
			   close = {.kind = FLOW_CHANGE_CLOSE};

	(void)state;
	assert_string_equal(put_lines(queue, 0), "");
	/* In order of time, and of those at one time, as they came. */
	open.time = 30 * ms;
	note_change(queue, 3, 30 * ms, &open);
	close.time = 20 * ms;
	note_change(queue, 1, 10 * ms, &close);
	open.time = 20 * ms;
	note_change(queue, 2, 20 * ms, &open);
	open.time = 10 * ms;
	note_change(queue, 1, 10 * ms, &open);
	assert_string_equal(put_lines(queue, 50 * ms), "oa1 ca1 oa2 oa3 ");
	assert_string_equal(put_lines(queue, 50 * ms), "");
	/* Of one that is not known yet: until it is, */
	open.time = 60 * ms;
	note_change(queue, 6, 60 * ms, &open);
	note_change(queue, 7, 60 * ms, &open);
	note_change(queue, 8, 60 * ms, &open);
	note_change(queue, 9, 60 * ms, &open);
	assert_string_equal(put_lines(queue, 100 * ms), "o-9 ");
	known = 7;
	assert_string_equal(put_lines(queue, 150 * ms), "oa6 ");
	/* until something else happens to it, */
	close.time = 160 * ms;
	note_change(queue, 7, 60 * ms, &close);
	assert_string_equal(put_lines(queue, 200 * ms), "o-7 c-7 ");
	/* or until the second SYN should have come. */
	assert_string_equal(put_lines(queue, 1259 * ms), "");
	assert_string_equal(put_lines(queue, 1260 * ms), "o-8 ");
	note_change(queue, 8, 2000 * ms, &open);
	assert_string_equal(put_lines(queue, INT64_MAX), "o-8 ");
	event_queue_free(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(community_ids_are_the_published_ones),
		cmocka_unit_test(quantities_are_short),
		cmocka_unit_test(tables_fit_the_width_and_account_for_all),
		cmocka_unit_test(the_column_sorted_by_is_shown),
		cmocka_unit_test(names_that_are_cut_stay_text),
		cmocka_unit_test(intervals_are_bounded_and_exact),
		cmocka_unit_test(names_come_from_answers_and_hellos),
		cmocka_unit_test(names_come_from_multicast_answers),
		cmocka_unit_test(names_come_from_answers_over_tcp),
		cmocka_unit_test(a_name_of_another_class_is_none),
		cmocka_unit_test(histograms_are_of_powers_of_two),
		cmocka_unit_test(wide_histograms_stay_aligned),
		cmocka_unit_test(events_come_in_order_and_wait_for_their_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
