/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists in maps, in the kernel at TC and on a socket: short ones, put into maps
 * all the same, against libpcap's program; long ones against a plain search
 * through their members. Speaks TAP.
 *
 * usage: filter_maps CALLER.bpf.o [SEED]
 */
#include <arpa/inet.h>
#include <bpf/libbpf.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "filters/expression.h"
#include "src/base/cleanup.h"
#include "tests/filter_lab.h"
#include "tests/filter_link.h"

DEFINE_CLEANUP(struct filter *, filter_free)

static void close_object(struct bpf_object **object)
{
	bpf_object__close(*object);
}

/* ---- Members ---- */

enum what { HOSTS4, NETS4, HOSTS6, NETS6, PORTS, RANGES };

/* Both ends; addresses as they lie in a packet, ports in the last two bytes. */
struct member {
	uint8_t low[16], high[16];
};

struct list_case {
	enum what what;
	size_t count;
	const char *qualifier; /* "", "src " or "dst " */
	bool negated;
};

static bool is_ipv6(enum what what)
{
	return what == HOSTS6 || what == NETS6;
}

static bool is_port(enum what what)
{
	return what == PORTS || what == RANGES;
}

static size_t bytes_of(enum what what)
{
	return is_ipv6(what) ? 16 : is_port(what) ? 2 : 4;
}

/* A prefix of @bits: the bytes behind it are all zeros, and all ones. */
static void spread(struct member *member, uint32_t bits, size_t bytes)
{
	memcpy(member->high, member->low, 16);
	for (size_t i = bits; i < bytes * 8; i++) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		member->low[i / 8] &= (uint8_t)~bit;
		member->high[i / 8] |= bit;
	}
}

static void put_member(struct chance *chance, enum what what,
		       struct member *member, struct strbuf *out)
{
	char text[INET6_ADDRSTRLEN];
	size_t bytes = bytes_of(what);
	uint32_t bits = (uint32_t)bytes * 8;
	uint32_t port = chance_below(chance, 65000);

	for (size_t i = 0; i < bytes; i++)
		member->low[i] = (uint8_t)chance_u32(chance);
	/* Many share their first words. */
	if (is_ipv6(what))
		memcpy(member->low, "\x20\x01\x0d\xb8\0\0",
		       4 + 2 * chance_below(chance, 2));
	switch (what) {
	case NETS4:
		bits = 14 + chance_below(chance, 11);
		break;
	case NETS6:
		bits = 40 + chance_below(chance, 89);
		break;
	case PORTS:
	case RANGES:
		member->low[0] = (uint8_t)(port >> 8);
		member->low[1] = (uint8_t)port;
		memcpy(member->high, member->low, 16);
		if (what == RANGES)
			port += chance_below(chance, 6);
		member->high[0] = (uint8_t)(port >> 8);
		member->high[1] = (uint8_t)port;
		strbuf_printf(out,
			      what == PORTS ? "port %u" : "portrange %u-%u",
			      member->low[0] << 8 | member->low[1], port);
		return;
	default:
		break;
	}
	spread(member, bits, bytes);
	inet_ntop(is_ipv6(what) ? AF_INET6 : AF_INET, member->low, text,
		  sizeof(text));
	strbuf_printf(out,
		      what == NETS4 || what == NETS6 ? "net %s/%u" : "host %s",
		      text, bits);
}

static void put_list(struct chance *chance, const struct list_case *lists,
		     struct member *members, struct strbuf *out)
{
	for (size_t i = 0; i < lists->count; i++) {
		if (i)
			strbuf_puts(out, lists->negated ? " and " : " or ");
		strbuf_printf(out, "%s%s", lists->negated ? "not " : "",
			      lists->qualifier);
		put_member(chance, lists->what, &members[i], out);
	}
}

static bool is_listed(const struct list_case *lists,
		      const struct member *members, const uint8_t *value)
{
	size_t bytes = bytes_of(lists->what);

	for (size_t i = 0; i < lists->count; i++)
		if (memcmp(value, members[i].low, bytes) >= 0 &&
		    memcmp(value, members[i].high, bytes) <= 0)
			return true;
	return false;
}

/* ---- Packets ---- */

struct parcel {
	uint8_t data[100];
	uint32_t length;
	uint8_t *source, *destination; /* what the list may look at */
};

/* An end of a member, one beside it, or anything. */
static void put_value(struct chance *chance, const struct list_case *lists,
		      const struct member *members, uint8_t *at)
{
	const struct member *member =
		&members[chance_below(chance, (uint32_t)lists->count)];
	size_t bytes = bytes_of(lists->what);
	uint32_t n = chance_below(chance, 8);

	if (n < 5)
		memcpy(at, n < 3 ? member->low : member->high, bytes);
	if (n == 1 || n == 4)
		at[bytes - 1] = (uint8_t)(at[bytes - 1] + 1);
	if (n == 2)
		at[chance_below(chance, (uint32_t)bytes)] ^=
			(uint8_t)(1 << chance_below(chance, 8));
	for (size_t i = 0; n >= 5 && i < bytes; i++)
		at[i] = (uint8_t)chance_u32(chance);
}

static void make_parcel(struct chance *chance, const struct list_case *lists,
			const struct member *members, struct parcel *parcel)
{
	static const uint8_t protocols[] = {6, 17, 132};
	uint8_t *data = parcel->data;
	bool v6 = is_ipv6(lists->what) ||
		  (is_port(lists->what) && chance_below(chance, 2));
	uint32_t address = v6 ? 22 : 26, width = v6 ? 16 : 4;
	uint32_t ports = v6 ? 54 : 34;

	for (size_t i = 0; i < sizeof(parcel->data); i++)
		data[i] = (uint8_t)chance_u32(chance);
	memcpy(data + 12, v6 ? "\x86\xdd\x60" : "\x08\x00\x45", 3);
	data[v6 ? 20 : 23] = protocols[chance_below(chance, 3)];
	memset(data + 20, 0, v6 ? 0 : 2); /* no fragment */
	parcel->source = data + (is_port(lists->what) ? ports : address);
	parcel->destination =
		parcel->source + (is_port(lists->what) ? 2 : width);
	if (chance_below(chance, 2))
		put_value(chance, lists, members, parcel->source);
	if (chance_below(chance, 2))
		put_value(chance, lists, members, parcel->destination);
	parcel->length = 60 + chance_below(chance, 41);
}

/* ARP and RARP, fragments, other protocols, and packets that are cut off behind
 * the addresses. */
static void damage(struct chance *chance, struct parcel *parcel)
{
	uint32_t shortest = 54; /* the kernel makes no shorter ones */

	switch (chance_below(chance, 8)) {
	case 0:
		memcpy(parcel->data + 12, "\x08\x06", 2);
		break;
	case 1:
		memcpy(parcel->data + 12, "\x80\x35", 2);
		break;
	case 2:
		parcel->data[21] = 1;
		break;
	case 3:
		parcel->data[23] = parcel->data[20] = 1;
		break;
	case 4:
		parcel->length =
			shortest + chance_below(chance, 100 - shortest);
		break;
	}
}

/* ---- Both sides ---- */

/* What libpcap says, or a plain search through the members. */
static bool expected(const struct list_case *lists,
		     const struct member *members,
		     const struct classic *program, const struct parcel *parcel)
{
	const struct reference_packet packet = {.data = parcel->data,
						.caplen = parcel->length,
						.length = parcel->length};
	bool source, destination;

	if (program)
		return reference_run(program, &packet, 0, NULL);
	source = *lists->qualifier != 'd' &&
		 is_listed(lists, members, parcel->source);
	destination = *lists->qualifier != 's' &&
		      is_listed(lists, members, parcel->destination);
	return (source || destination) != lists->negated;
}

static bool compile_libpcap(const char *text, struct classic *program)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144,
					 .meaning = FILTER_FILE};
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	if (!status)
		status = expression_compile(compiler, text, false, program,
					    &error);
	expression_close(compiler);
	return !status;
}

struct tally {
	unsigned long runs, matches, differ;
	double milliseconds; /* to compile and load */
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* In the kernel, on both hooks. @small: against libpcap. */
static void try_list(struct chance *chance, const char *caller,
		     const struct list_case *lists, bool small,
		     struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	struct member *members _cleanup_free_ =
		calloc(lists->count, sizeof(*members));
	struct classic program _cleanup_(classic_free) = {0};
	struct filter *filter _cleanup_(filter_freep) = NULL;
	struct filter_request request = {.link_type = DLT_EN10MB,
					 .snapshot = 262144,
					 .meaning = FILTER_FILE,
					 .lists_in_code = small ? 1 : 0};
	double from;

	if (!members)
		return;
	put_list(chance, lists, members, &text);
	request.expression = strbuf_text(&text);
	if (small && !compile_libpcap(request.expression, &program))
		tally->differ++;
	from = now();
	if (filter_compile(&request, &filter, &error)) {
		printf("# %s\n", strbuf_text(&error));
		tally->differ++;
		return;
	}
	for (int backend = 0; backend < 2; backend++) {
		int fd;
		struct bpf_object *loaded _cleanup_(close_object) =
			filter_link(caller, filter,
				    (enum filter_backend)backend, &fd, &error);

		if (!loaded) {
			printf("# not loaded: %s\n", strbuf_text(&error));
			tally->differ++;
			return;
		}
		if (!bpf_object__next_map(loaded, NULL)) {
			printf("# no map: %.60s\n", request.expression);
			tally->differ++;
		}
		tally->milliseconds += backend ? 0 : now() - from;
		for (int i = 0; i < (small ? 300 : 2000); i++) {
			struct parcel parcel;
			bool want, got, got_file;

			make_parcel(chance, lists, members, &parcel);
			if (small)
				damage(chance, &parcel);
			want = expected(lists, members, small ? &program : NULL,
					&parcel);
			got = filter_link_run(fd, (enum filter_backend)backend,
					      parcel.data, parcel.length);
			got_file = filter_run(
				filter, &(struct frame){.data = parcel.data,
							.caplen = parcel.length,
							.len = parcel.length});
			tally->runs++;
			tally->matches += want;
			tally->differ += want != got || want != got_file;
			if (want != got && tally->differ < 4)
				printf("# %d instead of %d, %u bytes: %.200s\n",
				       got, want, parcel.length,
				       request.expression);
		}
	}
}

static void report(int number, const struct tally *tally, const char *what)
{
	printf("%s %d - %s\n",
	       tally->differ || !tally->matches || tally->matches == tally->runs
		       ? "not ok"
		       : "ok",
	       number, what);
	printf("# %lu runs, %lu matched, %lu differ; %.0f ms to compile, load "
	       "and fill\n",
	       tally->runs, tally->matches, tally->differ, tally->milliseconds);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *what;
		struct list_case lists;
	} large[] = {
		{"3,000 IPv4 hosts", {HOSTS4, 3000, "", false}},
		{"3,000 IPv4 nets", {NETS4, 3000, "src ", false}},
		{"3,000 IPv6 hosts", {HOSTS6, 3000, "", false}},
		{"20,000 IPv6 hosts", {HOSTS6, 20000, "dst ", false}},
		{"3,000 IPv6 nets", {NETS6, 3000, "", false}},
		{"3,000 IPv6 nets, none of them", {NETS6, 3000, "", true}},
		{"5,000 ports", {PORTS, 5000, "", false}},
		{"4,000 port ranges", {RANGES, 4000, "dst ", false}},
	};
	static const char *const small[] = {
		[HOSTS4] = "IPv4 hosts", [NETS4] = "IPv4 nets",
		[HOSTS6] = "IPv6 hosts", [NETS6] = "IPv6 nets",
		[PORTS] = "ports",	 [RANGES] = "port ranges"};
	static const char *const qualifiers[] = {"", "src ", "dst "};
	struct chance chance = {.state = argc > 2 ? strtoull(argv[2], NULL, 0)
						  : 1};
	char what[100];

	libbpf_set_print((libbpf_print_fn_t)filter_link_print);
	if (argc < 2)
		return 2;
	if (geteuid()) {
		printf("1..0 # SKIP loading BPF programs wants root\n");
		return 0;
	}
	printf("1..%zu\n", ARRAY_SIZE(small) + ARRAY_SIZE(large));
	for (int i = 0; i < (int)ARRAY_SIZE(small); i++) {
		struct tally tally = {0};

		for (uint32_t round = 0; round < 6; round++) {
			const struct list_case lists = {(enum what)i, 9 + round,
							qualifiers[round % 3],
							round % 2};

			try_list(&chance, argv[1], &lists, true, &tally);
		}
		snprintf(what, sizeof(what),
			 "short lists of %s in maps mean "
			 "what libpcap means",
			 small[i]);
		report(i + 1, &tally, what);
	}
	for (size_t i = 0; i < ARRAY_SIZE(large); i++) {
		struct tally tally = {0};

		try_list(&chance, argv[1], &large[i].lists, false, &tally);
		snprintf(what, sizeof(what), "%s match what is listed",
			 large[i].what);
		report((int)(ARRAY_SIZE(small) + i) + 1, &tally, what);
	}
	return 0;
}
