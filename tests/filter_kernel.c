/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The compiled filters in the kernel against the reference interpreter:
 * programs by expression and at random, packets from captures and at random,
 * linear, as if nothing were linear, and really paged, at TC and on a socket.
 * Speaks TAP. Wants the right to load BPF programs; paged packets want a
 * network namespace.
 *
 * usage: filter_kernel EXPRESSIONS RUNS SEED [CAPTURE...]
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "filters/expression.h"
#include "filters/filter.h"
#include "src/base/cleanup.h"
#include "tests/filter_frags.h"
#include "tests/filter_lab.h"
#include "tests/filter_shelf.h"

#define PACKETS_A_PROGRAM 40

struct run {
	struct chance chance;
	const struct shelf *shelf;
	size_t taken;	     /* packets from there */
	struct frags *frags; /* NULL: no paged packets */
	uint64_t runs, matches, programs, mismatches, refused;
	uint64_t by_hook[LAB_HOOKS];
	uint64_t frags_runs, frags_paged; /* how many had bytes in pages */
};

static void make_packet(struct run *run, const struct classic *program,
			uint32_t shortest, struct lab_packet *packet)
{
	const struct shelf *shelf = run->shelf;
	const struct shelf_packet *taken;

	if (shelf->count && chance_below(&run->chance, 2)) {
		taken = &shelf->packets[run->taken++ % shelf->count];
		packet->length = taken->length;
		memcpy(packet->data, taken->data, taken->length);
	} else {
		lab_make_packet(packet, &run->chance, program);
	}
	if (packet->length < shortest)
		packet->length += shortest;
}

static void put_program(const struct classic *program)
{
	printf("# %zu", program->length);
	for (size_t i = 0; i < program->length; i++)
		printf(",%u %u %u %u", program->code[i].code,
		       program->code[i].jt, program->code[i].jf,
		       program->code[i].k);
	printf("\n");
}

static void put_packet(const struct lab_packet *packet)
{
	printf("# packet, %u bytes: ", packet->length);
	for (uint32_t i = 0; i < packet->length && i < 256; i++)
		printf("%02x", packet->data[i]);
	printf("\n");
}

static void compare(struct run *run, const struct classic *program, int fd,
		    enum lab_hook hook, bool optimised)
{
	static const char *const names[] = {"tc", "paged", "socket"};

	for (int i = 0; i < PACKETS_A_PROGRAM; i++) {
		struct lab_packet packet;
		uint32_t got, want;
		int status;

		make_packet(run, program, hook == LAB_SOCKET ? 1 : 15, &packet);
		want = lab_expect(program, hook, &packet);
		status = lab_run(fd, hook, &packet, &got);
		if (status) {
			printf("# test run: %s\n", strerror(-status));
			run->mismatches++;
			return;
		}
		run->runs++;
		run->by_hook[hook]++;
		run->matches += want != 0;
		if (got == want)
			continue;
		printf("# %s%s: returned %u, the reference %u\n", names[hook],
		       optimised ? "" : ", not optimised", got, want);
		put_program(program);
		put_packet(&packet);
		run->mismatches++;
		return;
	}
}

static bool is_excused(const char *why)
{
	return strstr(why, "too complex") || strstr(why, "not visible") ||
	       strstr(why, "cannot be looked up");
}

/* Really paged: the headers break off after any byte, and go on in a page. */
static void compare_frags(struct run *run, const struct classic *program,
			  bool optimised)
{
	static struct frags_packet packets[PACKETS_A_PROGRAM];
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	int status = frags_load(run->frags, program, optimised, &error);

	if (status) {
		run->refused++;
		if (is_excused(strbuf_text(&error)))
			return;
		printf("# not loaded: %s\n", strbuf_text(&error));
		run->mismatches++;
		return;
	}
	for (int i = 0; i < PACKETS_A_PROGRAM; i++) {
		struct frags_packet *packet = &packets[i];
		uint32_t most;

		make_packet(run, program, 15, &packet->packet);
		most = packet->packet.length < 100 ? packet->packet.length
						   : 100;
		packet->packet.linear =
			ETH_HLEN +
			chance_below(&run->chance, most - ETH_HLEN + 1);
	}
	status = frags_run(run->frags, packets, PACKETS_A_PROGRAM);
	if (status) {
		printf("# sending: %s\n", strerror(-status));
		run->mismatches++;
		return;
	}
	for (int i = 0; i < PACKETS_A_PROGRAM; i++) {
		const struct frags_packet *packet = &packets[i];
		uint32_t want = lab_expect(program, LAB_FRAGS, &packet->packet);

		run->runs++;
		run->frags_runs++;
		run->frags_paged +=
			packet->packet.linear < packet->packet.length;
		run->matches += want != 0;
		if (packet->verdict == want)
			continue;
		printf("# %u bytes linear%s: returned %u, the reference %u\n",
		       packet->packet.linear,
		       optimised ? "" : ", not optimised", packet->verdict,
		       want);
		put_program(program);
		put_packet(&packet->packet);
		run->mismatches++;
		return;
	}
}

static void try_program(struct run *run, const struct classic *program)
{
	for (int optimised = 0; run->frags && optimised < 2; optimised++)
		compare_frags(run, program, optimised);
	run->programs++;
	for (int hook = 0; hook < LAB_HOOKS; hook++) {
		for (int optimised = 0; optimised < 2; optimised++) {
			struct strbuf error _cleanup_(strbuf_free) =
				STRBUF_INIT;
			int fd _cleanup_close_ =
				lab_load(program, (enum lab_hook)hook,
					 optimised, &error);

			if (fd < 0) {
				run->refused++;
				if (is_excused(strbuf_text(&error)))
					continue;
				printf("# hook %d optimised %d: %s\n", hook,
				       optimised, strbuf_text(&error));
				put_program(program);
				run->mismatches++;
				continue;
			}
			compare(run, program, fd, (enum lab_hook)hook,
				optimised);
		}
	}
}

static void try_expression(struct run *run, int link_type, const char *text)
{
	struct filter_request request = {.link_type = link_type,
					 .snapshot = 262144,
					 .meaning = FILTER_LIVE,
					 .netmask = 0x00ffffff};
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic program = {0};
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	if (!compiler ||
	    expression_compile(compiler, text, false, &program, &error)) {
		printf("# %s: %s\n", text, strbuf_text(&error));
		run->mismatches++;
	} else if (!classic_check(&program, &error)) {
		try_program(run, &program);
	}
	classic_free(&program);
	expression_close(compiler);
}

static bool try_expressions(struct run *run, const char *path)
{
	FILE *in _cleanup_fclose_ = fopen(path, "r");
	char line[4096];

	if (!in)
		return false;
	while (fgets(line, sizeof(line), in)) {
		char *text = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !text)
			continue;
		*text++ = '\0';
		try_expression(run, atoi(line), text);
	}
	return true;
}

static void try_random(struct run *run, uint64_t until)
{
	while (run->runs < until && run->mismatches < 20) {
		struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
		struct classic program = {0};

		if (!lab_make_program(&program, &run->chance, 40) &&
		    !classic_check(&program, &error))
			try_program(run, &program);
		classic_free(&program);
	}
}

static void report(int number, const struct run *run, const char *what)
{
	printf("%s %d - %s\n", run->mismatches ? "not ok" : "ok", number, what);
	printf("# %llu programs, %llu runs (tc %llu, paged %llu, socket %llu), "
	       "paged by the kernel %llu, of these %llu with bytes in pages), "
	       "%llu matched, %llu refused, %llu mismatches\n",
	       (unsigned long long)run->programs, (unsigned long long)run->runs,
	       (unsigned long long)run->by_hook[LAB_TC],
	       (unsigned long long)run->by_hook[LAB_PAGED],
	       (unsigned long long)run->by_hook[LAB_SOCKET],
	       (unsigned long long)run->frags_runs,
	       (unsigned long long)run->frags_paged,
	       (unsigned long long)run->matches,
	       (unsigned long long)run->refused,
	       (unsigned long long)run->mismatches);
}

/* ---- The reference itself, against the kernel's own classic BPF ---- */

/* Extensions and offsets from headers need a device behind the packet; a
 * packet through a pair of local sockets has none. */
static bool is_plain(const struct classic *program)
{
	for (size_t i = 0; i < program->length; i++) {
		const struct sock_filter *insn = &program->code[i];

		if (BPF_CLASS(insn->code) == BPF_LD &&
		    BPF_MODE(insn->code) == BPF_IND)
			return false;
		if (BPF_CLASS(insn->code) <= BPF_LDX && insn->k > INT32_MAX &&
		    BPF_MODE(insn->code) != BPF_IMM)
			return false;
	}
	return true;
}

/* The bytes that come through, -1 if none do. */
static ssize_t send_through(const int pair[2], const struct lab_packet *packet)
{
	uint8_t in[LAB_PACKET_BYTES];

	if (send(pair[0], packet->data, packet->length, 0) < 0)
		return -1;
	return recv(pair[1], in, sizeof(in), MSG_DONTWAIT);
}

static void compare_with_socket(struct run *run, const struct classic *program)
{
	struct sock_fprog attach = {(unsigned short)program->length,
				    program->code};
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		return;
	int a _cleanup_close_ = pair[0], b _cleanup_close_ = pair[1];

	if (setsockopt(b, SOL_SOCKET, SO_ATTACH_FILTER, &attach,
		       sizeof(attach))) {
		printf("# the kernel does not take it: %s\n", strerror(errno));
		put_program(program);
		run->mismatches++;
		return;
	}
	run->programs++;
	for (int i = 0; i < PACKETS_A_PROGRAM; i++) {
		struct lab_packet packet;
		struct reference_packet reference;
		ssize_t got, want;

		lab_make_packet(&packet, &run->chance, program);
		reference = (struct reference_packet){
			.data = packet.data,
			.caplen = packet.length,
			.length = packet.length,
		};
		want = reference_run(program, &reference, 0, NULL);
		want = !want			       ? -1
		       : want < (ssize_t)packet.length ? want
						       : (ssize_t)packet.length;
		got = send_through((int[2]){a, b}, &packet);
		run->runs++;
		run->matches += want >= 0;
		if (got == want)
			continue;
		printf("# the kernel lets %zd bytes through, the reference "
		       "%zd\n",
		       got, want);
		put_program(program);
		put_packet(&packet);
		run->mismatches++;
		return;
	}
}

static void try_reference(struct run *run, uint64_t programs)
{
	while (run->programs < programs && run->mismatches < 20) {
		struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
		struct classic program = {0};

		if (!lab_make_program(&program, &run->chance, 40) &&
		    is_plain(&program) && !classic_check(&program, &error))
			compare_with_socket(run, &program);
		classic_free(&program);
	}
}

static bool can_load(void)
{
	struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, 1);
	struct classic program = {&all, 1};
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	int fd _cleanup_close_ = lab_load(&program, LAB_TC, true, &error);

	return fd >= 0;
}

static void carry_on(struct run *run, const struct run *from)
{
	*run = (struct run){.chance = from->chance,
			    .shelf = from->shelf,
			    .taken = from->taken,
			    .frags = from->frags};
}

int main(int argc, char **argv)
{
	uint64_t runs = argc > 2 ? strtoull(argv[2], NULL, 0) : 1000000;
	struct shelf shelf = {0};
	struct run run = {.shelf = &shelf,
			  .chance.state =
				  argc > 3 ? strtoull(argv[3], NULL, 0) : 1};
	struct run random, reference;
	int status;

	if (argc < 2)
		return 2;
	if (!can_load()) {
		printf("1..0 # SKIP no right to load BPF programs here\n");
		return 0;
	}
	for (int i = 4; i < argc; i++)
		shelf_read(&shelf, argv[i], LAB_PACKET_BYTES);
	printf("1..4\n");
	status = frags_open(&run.frags);
	if (!try_expressions(&run, argv[1]))
		run.mismatches++;
	report(1, &run,
	       "every listed expression returns what the reference says");
	carry_on(&random, &run);
	try_random(&random, runs > run.runs ? runs - run.runs : 1);
	report(2, &random, "random programs return what the reference says");
	carry_on(&reference, &random);
	try_reference(&reference, 2000);
	report(3, &reference,
	       "the reference says what the kernel's classic BPF says");
	if (status)
		printf("ok 4 - packets in pages # SKIP %s\n",
		       strerror(-status));
	else
		printf("%s 4 - packets in pages: %llu\n",
		       run.frags_paged + random.frags_paged ? "ok" : "not ok",
		       (unsigned long long)(run.frags_paged +
					    random.frags_paged));
	printf("# %zu packets of captures, each taken %.1f times\n",
	       shelf.count,
	       shelf.count ? (double)random.taken / (double)shelf.count : 0.0);
	frags_close(run.frags);
	shelf_free(&shelf);
	return 0;
}
