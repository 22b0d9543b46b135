// SPDX-License-Identifier: BSD-3-Clause
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/dlt.h>

#include "bpf/delta.h"
#include "src/base/cursor.h"
#include "src/flow/flow_merge.h"
#include "src/flow/flow_table.h"
#include "src/flow/merge_order.h"
#include "src/flow/round_trip.h"
#include "src/report/conn_log.h"
#include "tests/packet_gen.h"

#define MS 1000000ull

/* One TCP packet between two ends, and the bytes of it. */
struct packet {
	uint64_t time;
	int side;
	uint32_t sequence, acknowledgment, payload;
	uint16_t window;
	uint8_t flags;
	uint8_t bytes[200];
};

enum { PACKETS = 160, FLOWS = 6 };

struct scene {
	struct packet packets[PACKETS * FLOWS];
	size_t count;
};

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

/* TCP's, of an IPv4 packet whose field for it holds zero. */
static void put_checksum(uint8_t *ip)
{
	uint32_t total = load_be16(ip + 2);
	uint32_t sum = 6 + total - 20; /* with the addresses, pseudo header */

	for (uint32_t i = 12; i < total; i += 2)
		sum += load_be16(ip + i);
	sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 36, (uint16_t) ~(sum + (sum >> 16)));
}

/* IPv4 and TCP headers; a SYN brings options, other payload is all zero. */
static void build(struct packet *p, int flow)
{
	uint8_t *ip = p->bytes, *tcp = ip + 20;
	int words = p->flags & TCP_SYN ? 8 : 5;

	memset(p->bytes, 0, sizeof(p->bytes));
	ip[0] = 0x45;
	put16(ip + 2, 20 + (uint32_t)words * 4 + p->payload);
	ip[8] = 64;
	ip[9] = 6;
	put32(ip + 12, 0x0a000001 + (uint32_t)p->side);
	put32(ip + 16, 0x0a000001 + (uint32_t)!p->side);
	put16(tcp, p->side ? 80 : 4000 + (uint32_t)flow);
	put16(tcp + 2, p->side ? 4000 + (uint32_t)flow : 80);
	put32(tcp + 4, p->sequence);
	put32(tcp + 8, p->acknowledgment);
	tcp[12] = (uint8_t)(words << 4);
	tcp[13] = p->flags;
	put16(tcp + 14, p->window);
	if (p->flags & TCP_SYN)
		memcpy(tcp + 20, "\2\4\5\xb4\4\2\3\3\7\1\1\0", 12);
	put_checksum(ip);
}

static struct frame to_frame(const struct packet *p)
{
	uint32_t length = 40 + (p->flags & TCP_SYN ? 12 : 0);

	return (struct frame){.time = stamp_from_ns((int64_t)p->time),
			      .data = p->bytes,
			      .caplen = length + p->payload,
			      .len = length + p->payload,
			      .link_type = DLT_RAW};
}

struct end {
	uint32_t next;	/* to send */
	uint32_t start; /* first payload */
	uint8_t done;	/* FIN or RST sent */
};

/* What happens next in a conversation, by chance: mostly new payload and
 * acknowledgments, sometimes repetition, loss, a zero window, an end. Payload
 * is of one size, as in bulk; the last before a FIN may be shorter. */
static void next_packet(struct packet_gen *gen, struct packet *p,
			struct end ends[2], int odds)
{
	struct end *self = &ends[p->side];
	uint32_t kind = packet_gen_random(gen, 40);

	p->sequence = self->next;
	p->acknowledgment = ends[!p->side].next;
	p->window = 1000;
	p->flags = TCP_ACK;
	if (kind < 18) {
		p->payload = 100;
	} else if (kind < 21 && odds) {
		uint32_t back = (1 + packet_gen_random(gen, 6)) * 100;

		if (self->next - self->start < back)
			back = 0;
		p->sequence -= back;
		p->payload = 100;
	} else if (kind == 21 && odds) {
		self->next += 100 * (1 + packet_gen_random(gen, 3));
		p->sequence = self->next;
		p->payload = 100;
	} else if (kind == 22 && odds) {
		p->window = 0;
	} else if (kind == 23 && !packet_gen_random(gen, 3)) {
		p->flags |= packet_gen_random(gen, 3) ? TCP_FIN : TCP_RST;
		if (!packet_gen_random(gen, 2))
			p->payload = 60;
	}
	if (self->done && p->payload)
		p->payload = 0;
	if (p->flags & (TCP_FIN | TCP_RST))
		self->done = 1;
	if ((int32_t)(p->sequence + p->payload - self->next) > 0)
		self->next = p->sequence + p->payload;
	if (p->flags & TCP_FIN)
		self->next++;
}

static void make_conversation(struct packet_gen *gen, struct scene *scene,
			      int flow, int odds)
{
	struct end ends[2];
	uint64_t time = 1000000000 * MS + packet_gen_random(gen, 100) * MS;
	uint32_t shaken = packet_gen_random(gen, 4) ? 0 : 3;

	for (int i = 0; i < 2; i++) {
		ends[i].start = packet_gen_random(gen, 2) ? 0xffffff00u : 5000;
		ends[i].next = ends[i].start;
		ends[i].done = 0;
	}
	for (int i = 0; i < PACKETS; i++, shaken++) {
		struct packet *p = &scene->packets[scene->count++];

		memset(p, 0, sizeof(*p));
		time += 1 + packet_gen_random(gen, 50) * MS;
		p->time = time;
		p->side = (int)packet_gen_random(gen, 2);
		if (shaken < 2) {
			p->side = (int)shaken;
			p->flags = TCP_SYN | (shaken ? TCP_ACK : 0);
			p->sequence = ends[shaken].start - 1;
			p->acknowledgment = shaken ? ends[0].start : 0;
			p->window = 500;
		} else {
			next_packet(gen, p, ends, odds);
		}
		build(p, flow);
	}
}

static int compare_times(const void *a, const void *b)
{
	const struct packet *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

static void make_scene(struct packet_gen *gen, struct scene *scene, int odds)
{
	scene->count = 0;
	for (int flow = 0; flow < FLOWS; flow++)
		make_conversation(gen, scene, flow, odds);
	qsort(scene->packets, scene->count, sizeof(*scene->packets),
	      compare_times);
	for (size_t i = 1; i < scene->count; i++)
		if (scene->packets[i].time <= scene->packets[i - 1].time)
			scene->packets[i].time = scene->packets[i - 1].time + 1;
}

/* The records, as lines to compare; only what does not depend on having seen
 * each packet alone. */
struct records {
	struct strbuf lines[PACKETS * FLOWS];
	size_t count;
};

static void on_end(const struct connection *c, void *context)
{
	struct records *records = context;
	struct connection copy = *c;
	struct connection_extra extra;

	if (c->extra) {
		extra = *c->extra;
		memset(extra.rtt, 0, sizeof(extra.rtt));
		copy.extra = &extra;
	}
	conn_log_put_line(&records->lines[records->count++], &copy, NULL);
}

static int compare_lines(const void *a, const void *b)
{
	const struct strbuf *x = a, *y = b;

	return strcmp(strbuf_text((struct strbuf *)x),
		      strbuf_text((struct strbuf *)y));
}

static struct flow_table *new_table(struct records *records)
{
	struct flow_table_options options = {.on_end = on_end,
					     .context = records};

	memset(records, 0, sizeof(*records));
	return flow_table_new(&options);
}

static void finish(struct flow_table *table, struct records *records)
{
	flow_table_finish(table);
	flow_table_free(table);
	qsort(records->lines, records->count, sizeof(*records->lines),
	      compare_lines);
}

static void free_records(struct records *records)
{
	for (size_t i = 0; i < records->count; i++)
		strbuf_free(&records->lines[i]);
}

static void read_packet(const struct packet *p, struct flow_key *key,
			struct packet_facts *facts, struct view *view)
{
	struct frame frame = to_frame(p);
	struct packet_meta meta = {
		.time = p->time, .len = frame.len, .link = TAP_LINK_NONE};

	*view = (struct view){frame.data, frame.data + frame.caplen};
	headers_read(view, &meta, key, facts);
}

/* Each packet a delta of its own, merged at once. */
static void merge_singly(const struct scene *scene, struct records *records)
{
	struct flow_table *table = new_table(records);

	for (size_t i = 0; i < scene->count; i++) {
		struct packet_facts facts;
		struct flow_delta delta;
		struct flow_key key;
		struct view view;

		read_packet(&scene->packets[i], &key, &facts, &view);
		delta_begin(&delta, &key, &facts);
		delta_add(&delta, &view, &facts);
		assert_int_equal(flow_table_merge(table, &delta), 0);
		assert_int_equal(flow_table_settle(table), 0);
	}
	finish(table, records);
}

enum { CPUS = 3, SLOTS = 4 };

static void spill(struct flow_table *table, struct flow_delta *delta)
{
	struct flow_delta sent = {.packets = 0};

	/* What is left out on the way is zero. */
	if (delta->packets) {
		memcpy(&sent, delta, delta_length(delta));
		assert_memory_equal(&sent, delta, sizeof(sent));
		assert_int_equal(flow_table_merge(table, &sent), 0);
	}
	delta->packets = 0;
}

/* A packet that goes by itself. */
static void send_alone(struct flow_table *table, const struct flow_key *key,
		       const struct packet_facts *facts,
		       const struct view *view)
{
	struct flow_delta delta;

	delta_begin(&delta, key, facts);
	delta_add(&delta, view, facts);
	spill(table, &delta);
}

/* As the kernel does it: a small cache a CPU, spilled by conflicts (or passed
 * by), by what has no room, by chance; now and then all is flushed and
 * settled. */
static void merge_cached(struct packet_gen *gen, const struct scene *scene,
			 int wander, struct records *records)
{
	static struct flow_delta caches[CPUS][SLOTS];
	struct flow_table *table = new_table(records);
	int home[FLOWS][2];

	memset(caches, 0, sizeof(caches));
	for (int i = 0; i < FLOWS * 2; i++)
		home[i / 2][i % 2] = (int)packet_gen_random(gen, CPUS);
	for (size_t i = 0; i < scene->count; i++) {
		const struct packet *p = &scene->packets[i];
		struct flow_delta *delta;
		struct packet_facts facts;
		struct flow_key key;
		struct view view;
		int flow, cpu;

		read_packet(p, &key, &facts, &view);
		flow = (load_be16((uint8_t *)(p->side ? &key.destination_port
						      : &key.source_port)) -
			4000) %
		       FLOWS;
		if (wander && !packet_gen_random(gen, 10))
			home[flow][p->side] = (int)packet_gen_random(gen, CPUS);
		cpu = home[flow][p->side];
		delta = &caches[cpu][delta_key_hash(&key, 1) & (SLOTS - 1)];
		if (delta->packets && !delta_key_equal(&delta->key, &key) &&
		    packet_gen_random(gen, 2)) {
			send_alone(table, &key, &facts, &view);
			continue;
		}
		if (delta->packets && (!delta_key_equal(&delta->key, &key) ||
				       !delta_has_room(delta, &facts) ||
				       !packet_gen_random(gen, 20)))
			spill(table, delta);
		if (!delta->packets)
			delta_begin(delta, &key, &facts);
		delta_add(delta, &view, &facts);
		if (packet_gen_random(gen, 50))
			continue;
		for (int k = 0; k < CPUS * SLOTS; k++)
			spill(table, &caches[k / SLOTS][k % SLOTS]);
		assert_int_equal(flow_table_settle(table), 0);
	}
	for (int k = 0; k < CPUS * SLOTS; k++)
		spill(table, &caches[k / SLOTS][k % SLOTS]);
	finish(table, records);
}

static void merge_frames(const struct scene *scene, struct records *records)
{
	struct flow_table *table = new_table(records);

	for (size_t i = 0; i < scene->count; i++) {
		struct frame frame = to_frame(&scene->packets[i]);

		assert_int_equal(flow_table_add_frame(table, &frame), 0);
	}
	finish(table, records);
}

static void assert_same(struct records *a, struct records *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		const char *x = strbuf_text(&a->lines[i]);
		const char *y = strbuf_text(&b->lines[i]);

		/* (cmocka cuts what it prints.) */
		if (strcmp(x, y) != 0)
			fprintf(stderr, "# singly:\n# %s# but:\n# %s", x, y);
		assert_true(strcmp(x, y) == 0);
	}
	free_records(b);
}

/* Take away the digits of a field that may differ. */
static void blank(struct records *records, const char *field)
{
	for (size_t i = 0; i < records->count; i++) {
		char *p = (char *)strbuf_text(&records->lines[i]);

		while ((p = strstr(p, field))) {
			p += strlen(field);
			memmove(p, p + strspn(p, "0123456789"),
				strlen(p + strspn(p, "0123456789")) + 1);
		}
	}
}

static void deltas_in_any_grouping_make_the_same_connections(void **state)
{
	struct packet_gen gen = {.state = 1};
	static struct records single, other;
	static struct scene scene;

	(void)state;
	for (int round = 0; round < 300; round++) {
		make_scene(&gen, &scene, round % 4);
		merge_singly(&scene, &single);
		merge_cached(&gen, &scene, 0, &other);
		assert_same(&single, &other);
		merge_cached(&gen, &scene, 0, &other);
		assert_same(&single, &other);
		merge_frames(&scene, &other);
		assert_same(&single, &other);
		free_records(&single);
	}
}

/* What the history tells of losses depends on the order of packets that came at
 * different CPUs; without it. */
static void strip_losses(struct records *records)
{
	for (size_t i = 0; i < records->count; i++) {
		char *p = strstr((char *)strbuf_text(&records->lines[i]),
				 "\"history\":\"");
		char *to;

		if (!p)
			continue;
		p += strlen("\"history\":\"");
		for (to = p; *p != '"'; p++)
			if (!strchr("TtGg", *p))
				*to++ = *p;
		while (to < p)
			*to++ = ' ';
	}
}

/* A direction that wanders between CPUs leaves overlapping deltas behind, which
 * must not look like repetition. Duplicate acknowledgments are counted a CPU at
 * a time. */
static void deltas_of_several_cpus_interleave(void **state)
{
	struct packet_gen gen = {.state = 2};
	static struct records single, other;
	static struct scene scene;

	(void)state;
	for (int round = 0; round < 200; round++) {
		make_scene(&gen, &scene, 0);
		merge_singly(&scene, &single);
		merge_cached(&gen, &scene, 1, &other);
		blank(&single, "_duplicate_acks\":");
		blank(&other, "_duplicate_acks\":");
		assert_same(&single, &other);
		free_records(&single);
	}
}

/* Lines that are not the same. */
static size_t count_differing(struct records *a, struct records *b)
{
	size_t count = 0;

	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		count += strcmp(strbuf_text(&a->lines[i]),
				strbuf_text(&b->lines[i])) != 0;
	return count;
}

/* With losses and repetition, too: all but which packet it is that repeats,
 * for a run of one CPU's may hold what came again behind what came first; and
 * that is rare. */
static void losses_on_several_cpus_add_up(void **state)
{
	static const char *const differ[] = {
		"retransmits\":", "_out_of_order\":"};
	size_t differing = 0;
	struct packet_gen gen = {.state = 3};
	static struct records single, other;
	static struct scene scene;

	(void)state;
	for (int round = 0; round < 200; round++) {
		make_scene(&gen, &scene, 1);
		merge_singly(&scene, &single);
		merge_cached(&gen, &scene, 1, &other);
		blank(&single, "_duplicate_acks\":");
		blank(&other, "_duplicate_acks\":");
		differing += count_differing(&single, &other);
		for (size_t i = 0; i < sizeof(differ) / sizeof(*differ); i++) {
			blank(&single, differ[i]);
			blank(&other, differ[i]);
		}
		strip_losses(&single);
		strip_losses(&other);
		assert_same(&single, &other);
		free_records(&single);
	}
	/* 1,200 connections */
	assert_in_range(differing, 0, 12);
}

/* A segment of @payload bytes (0: an ACK of all below @number) at @time. */
static struct packet_facts segment(uint64_t time, uint32_t number,
				   uint32_t payload)
{
	return (struct packet_facts){.time = time,
				     .kind = PACKET_TCP,
				     .flags = TCP_ACK,
				     .sequence = payload ? number : 0,
				     .acknowledgment = payload ? 0 : number,
				     .payload = payload};
}

static void round_trips_end_with_their_acknowledgment(void **state)
{
	struct round_trip here = {0}, there = {0};
	struct packet_facts facts;

	(void)state;
	/* The numbers wrap round on the way. */
	for (uint32_t i = 0; i < 20; i++) {
		facts = segment(100 + i, i * 100 - 950, 100);
		round_trip_note(&here, &there, &facts);
	}
	/* In the middle of a segment: of none. Then the first and the last. */
	facts = segment(200, (uint32_t)-900, 0);
	round_trip_note(&there, &here, &facts);
	assert_int_equal(here.rtt.count, 0);
	facts = segment(300, (uint32_t)-850, 0);
	round_trip_note(&there, &here, &facts);
	assert_int_equal(here.rtt.count, 1);
	assert_int_equal(here.rtt.max, 200);
	facts = segment(400, 1050, 0);
	round_trip_note(&there, &here, &facts);
	assert_int_equal(here.rtt.count, 2);
	assert_int_equal(here.rtt.max, 400 - 119);
	/* Again: nothing waits. */
	round_trip_note(&there, &here, &facts);
	assert_int_equal(here.rtt.count, 2);
	/* What was repeated, and what was sent behind it, is not timed. */
	for (uint32_t i = 0; i < 3; i++) {
		facts = segment(500 + i, 1050 + i * 100, 100);
		round_trip_note(&here, &there, &facts);
	}
	facts = segment(600, 1150, 100);
	round_trip_note(&here, &there, &facts);
	facts = segment(700, 1150, 0);
	round_trip_note(&there, &here, &facts);
	assert_int_equal(here.rtt.count, 3);
	facts = segment(700, 1350, 0);
	round_trip_note(&there, &here, &facts);
	assert_int_equal(here.rtt.count, 3);
	assert_int_equal(there.rtt.count, 0);
}

static void keep_last(const struct connection *c, void *context)
{
	struct strbuf *out = context;

	if (c->key.protocol == 17)
		conn_log_put_line(out, c, NULL);
}

/* Port unreachable, from the host that a datagram went to. */
static void icmp_errors_are_tied_to_their_connection(void **state)
{
	static const uint8_t datagram[] =
		"\x45\0\0\x20\0\1\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2"
		"\x9c\x40\x27\x0f\0\x0c\0\0abcd";
	uint8_t error[60] = "\x45\0\0\x3c\0\1\0\0\x40\1\0\0\x0a\0\0\2\x0a\0\0\1"
			    "\3\3\0\0\0\0\0\0";
	struct strbuf text = STRBUF_INIT;
	struct flow_table_options options = {.on_end = keep_last,
					     .context = &text};
	struct flow_table *table = flow_table_new(&options);
	struct frame frame = {.time = {1000, 0},
			      .data = datagram,
			      .caplen = 32,
			      .len = 32,
			      .link_type = DLT_RAW};

	(void)state;
	memcpy(error + 28, datagram, 32);
	assert_int_equal(flow_table_add_frame(table, &frame), 0);
	assert_int_equal(flow_table_settle(table), 0);
	frame.data = error;
	frame.caplen = frame.len = 60;
	assert_int_equal(flow_table_add_frame(table, &frame), 0);
	flow_table_finish(table);
	assert_non_null(strstr(strbuf_text(&text),
			       "\"icmp_errors\":1,\"icmp_error_type\":3,"
			       "\"icmp_error_code\":3"));
	flow_table_free(table);
	strbuf_free(&text);
}

struct flood {
	uint64_t ended, evicted, packets, answered_evicted;
};

static void on_flood_end(const struct connection *c, void *context)
{
	struct flood *flood = context;

	flood->ended++;
	flood->packets += c->side[0].packets + c->side[1].packets;
	if (c->end != CONNECTION_EVICTED)
		return;
	flood->evicted++;
	flood->answered_evicted += c->side[0].packets && c->side[1].packets;
}

static void add_one(struct flow_table *table, uint32_t from, uint32_t to,
		    uint64_t time, uint8_t flags)
{
	struct flow_key key = {.protocol = 6, .family = FLOW_IPV4};
	struct packet_facts facts = {.time = time,
				     .captured = 60,
				     .segments = 1,
				     .kind = PACKET_TCP,
				     .window = 65535,
				     .flags = flags};
	struct view view = {NULL, NULL};
	struct flow_delta delta;

	memcpy(key.source, &from, 4);
	memcpy(key.destination, &to, 4);
	delta_begin(&delta, &key, &facts);
	delta_add(&delta, &view, &facts);
	assert_int_equal(flow_table_merge(table, &delta), 0);
}

/* A flood of SYNs within a minute, beside some that go on talking. */
static void a_flood_evicts_the_idle_and_sums_stay_exact(void **state)
{
	struct flood flood = {0};
	struct flow_table_options options = {.max_connections = 20000,
					     .on_end = on_flood_end,
					     .context = &flood};
	struct flow_table *table = flow_table_new(&options);
	uint64_t time = 1000 * 1000000000ull, sent = 0;

	(void)state;
	for (uint32_t i = 0; i < 1000000; i++, sent++) {
		time += 50000;
		add_one(table, 0x10000000 + i, 1, time, TCP_SYN);
		if (i % 100)
			continue;
		/* 50 connections that live, each side every half second */
		add_one(table, 2 + i / 100 % 50, 1, time, TCP_ACK);
		add_one(table, 1, 2 + i / 100 % 50, time + 1, TCP_ACK);
		sent += 2;
	}
	assert_int_equal(flow_table_settle(table), 0);
	assert_in_range(flow_table_count(table), 1, 20000);
	assert_in_range(flow_table_memory(table), 1, 20000 * 420 + (32 << 20));
	flow_table_finish(table);
	assert_int_equal(flood.packets, sent);
	assert_int_equal(flow_table_totals(table).packets, sent);
	assert_int_equal(flow_table_totals(table).evicted, flood.evicted);
	assert_true(flood.evicted > 900000);
	assert_int_equal(flood.answered_evicted, 0);
	flow_table_free(table);
}

static void a_million_connections_fit_in_340_megabytes(void **state)
{
	struct flow_table_options options = {0};
	struct flow_table *table = flow_table_new(&options);

	(void)state;
	for (uint32_t i = 0; i < 1000000; i++) {
		add_one(table, 0x10000000 + i, 1, i, TCP_SYN);
		add_one(table, 1, 0x10000000 + i, i + 1, TCP_SYN | TCP_ACK);
	}
	assert_int_equal(flow_table_settle(table), 0);
	assert_int_equal(flow_table_count(table), 1000000);
	print_message("# %zu bytes\n", flow_table_memory(table));
	assert_true(flow_table_memory(table) <= 340 * 1000 * 1000);
	flow_table_free(table);
}

/* What is at the same time stays as it is. */
static bool comes_after(const struct merge_item *a, const struct merge_item *b)
{
	if (a->time != b->time)
		return a->time > b->time;
	if (a->delta != b->delta)
		return a->delta > b->delta;
	return a->what != b->what ? a->what > b->what : a->step > b->step;
}

/* Few and many of them, close together and far apart. */
static void deltas_are_put_in_order_of_time(void **state)
{
	enum { MOST = 3000 };
	static struct flow_delta deltas[MOST];
	static struct merge_item items[2 * MERGE_ITEMS * MOST];
	struct packet_gen gen = {.state = 0x0de4};

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t count = packet_gen_random(&gen, round % 2 ? MOST : 20);
		unsigned int shift = packet_gen_random(&gen, 48);
		size_t wanted = 0, n;

		for (size_t i = 0; i < count; i++) {
			struct flow_delta *delta = &deltas[i];

			*delta = (struct flow_delta){
				.first = (uint64_t)packet_gen_random(&gen,
								     65536)
					 << shift,
				.run_count = (uint8_t)packet_gen_random(
					&gen, FLOW_RUNS + 1),
				.events = (uint16_t)packet_gen_random(&gen,
								      1024)};
			delta->key.family = FLOW_IPV4;
			delta->key.protocol = 6;
			for (int k = 0; k < FLOW_RUNS; k++)
				delta->runs[k].when =
					(uint32_t)k *
					packet_gen_random(&gen, 4);
			delta->when[FLOW_EVENT_FIN] =
				packet_gen_random(&gen, 20);
			wanted += 1 + merge_steps(delta) +
				  merge_has_error(delta);
		}
		n = merge_order(deltas, count, items);
		assert_int_equal(n, wanted);
		for (size_t i = 1; i < n; i++)
			assert_true(comes_after(&items[i], &items[i - 1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			deltas_in_any_grouping_make_the_same_connections),
		cmocka_unit_test(deltas_are_put_in_order_of_time),
		cmocka_unit_test(deltas_of_several_cpus_interleave),
		cmocka_unit_test(losses_on_several_cpus_add_up),
		cmocka_unit_test(round_trips_end_with_their_acknowledgment),
		cmocka_unit_test(icmp_errors_are_tied_to_their_connection),
		cmocka_unit_test(a_flood_evicts_the_idle_and_sums_stay_exact),
		cmocka_unit_test(a_million_connections_fit_in_340_megabytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
