// SPDX-License-Identifier: BSD-3-Clause
/* Histories, states and durations are what Zeek's rules make of a conversation
 * (TCPSessionAdapter.cc, TCP_Reassembler.cc, conn/main.zeek). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/dlt.h>

#include "bpf/headers.h"
#include "src/base/cleanup.h"
#include "src/base/cursor.h"
#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"

enum {
	A = TCP_ACK,
	S = TCP_SYN,
	H = TCP_SYN | TCP_ACK,
	F = TCP_FIN | TCP_ACK,
	R = TCP_RST,

	DAMAGED = 1, /* on the way: the checksum does not fit */
	PARTIAL = 2, /* the checksum is left to the network card */
	ABSENT = 3,  /* the same, otherwise */
};

/* A packet of the client (port 4000) or of the server. Numbers of both begin at
 * 0 with the SYN; so payload begins at 1. */
struct event {
	uint32_t ms;
	char from; /* 'c', 's' */
	uint8_t flags;
	uint32_t sequence, acknowledgment, payload;
	uint8_t checksum;
	uint8_t stalled; /* the window is zero */
	uint32_t times;	 /* so often, a millisecond apart; 0: once */
	uint32_t step;	 /* what the sequence number grows by each time */
};

/* What everything but the tests' subject looks like. */
#define SHAKE                                                                  \
	{.from = 'c', .flags = S}, {.ms = 10, .from = 's', H, 0, 1},           \
	{                                                                      \
		.ms = 20, .from = 'c', A, 1, 1                                 \
	}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static uint32_t add_up(uint32_t sum, const uint8_t *bytes, uint32_t from,
		       uint32_t to)
{
	for (; from < to; from += 2)
		sum += load_be16(bytes + from);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The addresses, to the conversation's @protocol. */
static uint32_t build_ip(uint8_t *ip, const struct event *e, uint8_t protocol,
			 uint32_t total)
{
	int server = e->from == 's';

	memset(ip, 0, 20);
	ip[0] = 0x45;
	put16(ip + 2, total);
	ip[8] = 64;
	ip[9] = protocol;
	put32(ip + 12, 0x0a000001 + (uint32_t)server);
	put32(ip + 16, 0x0a000001 + (uint32_t)!server);
	return add_up(protocol + total - 20, ip, 12, 20);
}

static void put_checksum(uint8_t *ip, uint32_t at, uint32_t pseudo,
			 uint32_t total, uint8_t how)
{
	uint32_t sum = (uint16_t)~add_up(pseudo, ip, 20, total);

	if (how == PARTIAL)
		sum = pseudo;
	if (how == ABSENT)
		sum = 0;
	put16(ip + at, how == DAMAGED ? sum ^ 0x100 : sum);
}

static uint32_t build_tcp(uint8_t *ip, const struct event *e, uint32_t port)
{
	uint32_t total = 40 + e->payload;
	uint32_t pseudo = build_ip(ip, e, 6, total);
	uint8_t *tcp = ip + 20;

	memset(tcp, 0, 20 + e->payload);
	put16(tcp, e->from == 's' ? port : 4000);
	put16(tcp + 2, e->from == 's' ? 4000 : port);
	put32(tcp + 4, 1000000 + e->sequence);
	put32(tcp + 8, e->flags & TCP_ACK ? 1000000 + e->acknowledgment : 0);
	tcp[12] = 0x50;
	tcp[13] = e->flags;
	put16(tcp + 14, e->stalled ? 0 : 1000);
	put_checksum(ip, 36, pseudo, total, e->checksum);
	return total;
}

static uint32_t build_udp(uint8_t *ip, const struct event *e, uint32_t port)
{
	uint32_t total = 28 + e->payload;
	uint32_t pseudo = build_ip(ip, e, 17, total);
	uint8_t *udp = ip + 20;

	memset(udp, 0, 8 + e->payload);
	put16(udp, e->from == 's' ? port : 4000);
	put16(udp + 2, e->from == 's' ? 4000 : port);
	put16(udp + 4, total - 20);
	put_checksum(ip, 26, pseudo, total, e->checksum);
	return total;
}

static void keep(const struct connection *c, void *context)
{
	conn_log_put_line(context, c, NULL);
}

struct conversation {
	const char *what;
	const char *expected; /* history, state, duration in ms */
	uint32_t port;	      /* the server's */
	bool is_udp, trusts;
	struct event events[16];
};

static void play(struct flow_table *table, const struct conversation *talk)
{
	uint8_t bytes[256];

	for (size_t i = 0; i < 16 && talk->events[i].from; i++) {
		struct event e = talk->events[i];

		for (uint32_t n = e.times ? e.times : 1; n;
		     n--, e.ms++, e.sequence += e.step) {
			struct frame frame = {
				.time = {1000, (int32_t)e.ms * 1000000},
				.data = bytes,
				.link_type = DLT_RAW,
			};

			frame.len = frame.caplen =
				(talk->is_udp ? build_udp
					      : build_tcp)(bytes, &e,
							   talk->port);
			assert_int_equal(flow_table_add_frame(table, &frame),
					 0);
		}
	}
}

/* The field's value, without quotes. */
static void put_field(struct strbuf *out, const char *line, const char *field)
{
	const char *at = strstr(line, field);

	at = at ? at + strlen(field) : "-";
	strbuf_printf(out, "%.*s", (int)strcspn(at, ",\""), at);
}

static void check(const struct conversation *talk)
{
	struct strbuf log = STRBUF_INIT, got = STRBUF_INIT;
	const struct flow_table_options options = {
		.trust_checksums = talk->trusts,
		.on_end = keep,
		.context = &log,
	};
	struct flow_table *table = flow_table_new(&options);

	play(table, talk);
	flow_table_finish(table);
	put_field(&got, strbuf_text(&log), "\"history\":\"");
	strbuf_putc(&got, ' ');
	put_field(&got, strbuf_text(&log), "\"conn_state\":\"");
	strbuf_putc(&got, ' ');
	put_field(&got, strbuf_text(&log), "\"duration\":");
	if (strcmp(strbuf_text(&got), talk->expected) != 0)
		fail_msg("%s: %s instead of %s: %s", talk->what,
			 strbuf_text(&got), talk->expected, strbuf_text(&log));
	flow_table_free(table);
	strbuf_free(&log);
	strbuf_free(&got);
}

static void check_all(const struct conversation *talks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(&talks[i]);
}

static void damaged_packets_are_told_and_ignored(void **state)
{
	static const struct conversation talks[] = {
		{"a damaged segment is neither data nor a gap, nor is its copy "
		 "a repetition",
		 "ShACDa S1 0.050000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100, DAMAGED},
			    {40, 'c', A, 1, 1, 100},
			    {50, 's', A, 1, 101}}},
		{"a damaged FIN ends nothing",
		 "ShAcFf SF 0.050000",
		 80,
		 .events = {SHAKE,
			    {30, 's', F, 1, 1, 0, DAMAGED},
			    {40, 'c', F, 1, 1},
			    {50, 's', F, 1, 2}}},
		{"the letter comes at the 1st and the 10th",
		 "ShACDCa S1 0.080000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100, DAMAGED, .times = 9},
			    {45, 'c', A, 1, 1, 100},
			    {60, 'c', A, 101, 1, 50, DAMAGED, .times = 4},
			    {80, 's', A, 1, 101}}},
		{"the sum of the pseudo header is no damage",
		 "ShADad S1 0.050000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100, PARTIAL},
			    {40, 's', A, 1, 101, 0, PARTIAL},
			    {50, 's', A, 1, 101, 7, PARTIAL}}},
		{"with -K, all are right",
		 "ShADT S1 0.040000",
		 80,
		 .trusts = true,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100, DAMAGED},
			    {40, 'c', A, 1, 1, 100}}},
		{"nor is none",
		 "ShADd S1 0.060000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100, ABSENT},
			    {50, 's', A, 1, 101, 7, ABSENT},
			    {60, 's', A, 8, 101, 7}}},
		{"nor what is wrong from the beginning",
		 "ShADad S1 0.050000",
		 80,
		 .events = {{0, 'c', S, 0, 0, 0, DAMAGED},
			    {10, 's', H, 0, 1, 0, DAMAGED},
			    {20, 'c', A, 1, 1, 0, DAMAGED},
			    {30, 'c', A, 1, 1, 100, DAMAGED},
			    {40, 's', A, 1, 101, 0, DAMAGED},
			    {50, 's', A, 1, 101, 7, DAMAGED}}},
		{"a damaged datagram is not data",
		 "DC S0 -",
		 9999,
		 .is_udp = true,
		 .events = {{0, 'c', .payload = 20},
			    {10, 'c', .payload = 20, .checksum = DAMAGED}}},
		{"a datagram sent by this machine",
		 "Dd SF 0.010000",
		 9999,
		 .is_udp = true,
		 .events = {{0, 'c', .payload = 20, .checksum = PARTIAL},
			    {10, 's', .payload = 20}}},
	};

	(void)state;
	check_all(talks, ARRAY_SIZE(talks));
}

static void what_repeats_has_a_letter_at_powers_of_ten(void **state)
{
	static const struct conversation talks[] = {
		{"windows of zero",
		 "ShADawww S1 0.230000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {40, 's', A, 1, 101, .stalled = 1, .times = 12},
			    {60, 's', A, 1, 101, .stalled = 1, .times = 100},
			    {230, 's', A, 1, 101}}},
		{"repeated payload",
		 "ShADTaT S1 0.060000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {31, 'c', A, 1, 1, 100, .times = 9},
			    {50, 's', A, 1, 101},
			    {60, 'c', A, 1, 1, 100}}},
		{"zero windows are boring to a peer that has closed",
		 "ShAFadf SF 0.060000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', F, 1, 1},
			    {40, 's', A, 1, 2, .stalled = 1},
			    {50, 's', A, 1, 2, 10},
			    {60, 's', F, 11, 2},
			    {70, 'c', A, 2, 12}}},
	};

	(void)state;
	check_all(talks, ARRAY_SIZE(talks));
}

static void gaps_are_noted_once_both_were_established(void **state)
{
	static const struct conversation talks[] = {
		{"a hole that was acknowledged",
		 "ShADaG S1 0.050000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {40, 'c', A, 201, 1, 100},
			    {50, 's', A, 1, 301}}},
		{"a hole that was not",
		 "ShADa S1 0.050000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {40, 'c', A, 201, 1, 100},
			    {50, 's', A, 1, 101}}},
		{"a hole in a connection whose beginning was not seen",
		 "DaA OTH 0.060000",
		 80,
		 .events = {{30, 'c', A, 1, 1, 100},
			    {40, 'c', A, 201, 1, 100},
			    {50, 's', A, 1, 301},
			    {90, 'c', A, 301, 1}}},
		{"a hole that was seen behind the first ACK",
		 "ShADaGd S1 0.080000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {35, 's', A, 1, 101},
			    {40, 'c', A, 201, 1, 100},
			    {50, 's', A, 1, 301},
			    {80, 's', A, 1, 301, .payload = 10}}},
		{"holes at the 1st and the 10th",
		 "ShADaGGd S1 0.090000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {35, 's', A, 1, 101},
			    {40, 'c', A, 201, 1, 100, .times = 6, .step = 200},
			    {50, 's', A, 1, 1301},
			    {60, 'c', A, 1401, 1, 100, .times = 6, .step = 200},
			    {70, 's', A, 1, 2501},
			    {90, 's', A, 1, 2501, 10}}},
		{"what was acknowledged and never seen",
		 "ShADaG S1 0.040000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {40, 's', A, 1, 201}}},
		{"the same, before the other side has closed",
		 "ShADaGf S3 0.050000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', A, 1, 1, 100},
			    {40, 's', A, 1, 201},
			    {50, 's', F, 1, 201}}},
	};

	(void)state;
	check_all(talks, ARRAY_SIZE(talks));
}

static void durations_end_when_both_have_closed(void **state)
{
	static const struct conversation talks[] = {
		{"the last ACK does not count",
		 "ShAFfa SF 0.040000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', F, 1, 1},
			    {40, 's', F, 1, 2},
			    {500, 'c', A, 2, 2},
			    {600, 's', A, 2, 2}}},
		{"after the RST of one it does",
		 "ShARa RSTO 0.600000",
		 80,
		 .events = {SHAKE,
			    {30, 'c', R, 1},
			    {600, 's', A, 1, 1}}},
	};

	(void)state;
	check_all(talks, ARRAY_SIZE(talks));
}

static void a_syn_ack_ahead_of_its_syn_turns_the_roles(void **state)
{
	static const struct conversation talks[] = {
		{"from a server's port",
		 "^hSADad OTH 0.050000",
		 80,
		 .events = {{0, 's', H, 0, 1},
			    {10, 'c', S},
			    {20, 'c', A, 1, 1},
			    {30, 'c', A, 1, 1, 10},
			    {40, 's', A, 1, 11},
			    {50, 's', A, 1, 11, 10}}},
		{"from any",
		 "Hs^ADad S1 0.050000",
		 7777,
		 .events = {{0, 's', H, 0, 1},
			    {10, 'c', S},
			    {20, 'c', A, 1, 1},
			    {30, 'c', A, 1, 1, 10},
			    {40, 's', A, 1, 11},
			    {50, 's', A, 1, 11, 10}}},
	};

	(void)state;
	check_all(talks, ARRAY_SIZE(talks));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_packets_are_told_and_ignored),
		cmocka_unit_test(what_repeats_has_a_letter_at_powers_of_ten),
		cmocka_unit_test(gaps_are_noted_once_both_were_established),
		cmocka_unit_test(durations_end_when_both_have_closed),
		cmocka_unit_test(a_syn_ack_ahead_of_its_syn_turns_the_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
