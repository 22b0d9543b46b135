/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `make bench-filter': everyday filters and lists, as this compiler makes them
 * at TC, beside (a) the same classic program with the kernel's converted loads
 * (LD_ABS, LD_IND) and (b) our translation without the optimiser. Times are
 * ns a packet over an empty program, medians of interleaved test runs.
 */
#include <bpf/bpf.h>
#include <math.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "filters/emit.h"
#include "filters/expression.h"
#include "filters/filter.h"
#include "filters/insn.h"
#include "filters/optimise.h"
#include "filters/ssa.h"
#include "src/base/cleanup.h"

#define ROUNDS 151
#define REPEAT 4000

DEFINE_CLEANUP(struct graph *, graph_free)

static const char *const everyday[] = {
	"tcp port 443",
	"udp port 53",
	"port 80",
	"host 10.0.0.1",
	"host 10.0.0.1 and tcp port 443",
	"net 10.0.0.0/8",
	"src host 10.0.0.1 and dst port 443",
	"icmp or icmp6",
	"arp or icmp",
	"tcp and not port 22",
	"not (tcp port 22 or udp port 53 or arp)",
	"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
	"tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn",
	"tcp portrange 8000-8010",
	"ip proto 47 or ip proto 50",
	"ip6 and tcp port 443",
	"host 2001:db8::1",
	"port 80 or port 443 or port 8080 or port 8443",
	"tcp and (src net 10.0.0.0/8 or dst net 10.0.0.0/8) and not port 22",
	"ip[6:2] & 0x1fff != 0",
	"tcp port 80 and tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420",
	"udp and (port 67 or port 68)",
	"ether host 02:00:00:00:00:01 and ip",
	"greater 1000 and tcp",
	"(tcp or udp) and (src port 53 or dst port 53) and net 10.0.0.0/8",
};

/* A TCP segment from 10.0.0.1:443 to 10.0.0.2:40000, 106 bytes. */
static const uint8_t packet[106] = {
	2, 0, 0, 0, 0, 1, 2,  0,  0, 0, 0, 2, 8,    0,	  0x45, 0,    0,    92,
	0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10,   0,	  0,	2,    0x01, 0xbb,
	0x9c, 0x40, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 1,    0,    0,	  0};

/* ---- (a): as bpf_convert_filter() writes it, for sched_cls ---- */

enum { CLASSIC_A = BPF_REG_0, CLASSIC_X = BPF_REG_7 };

struct converter {
	struct program out;
	size_t *at; /* by classic instruction */
};

static void put(struct converter *c, struct bpf_insn insn)
{
	c->out.code[c->out.length++] = insn;
}

/* A jump: off is a classic instruction until all are known. */
static void put_jump(struct converter *c, struct bpf_insn insn, size_t to)
{
	insn.off = (int16_t)to;
	put(c, insn);
}

static int slot(uint32_t word)
{
	return -8 - 4 * (int)word;
}

static void convert_load(struct converter *c, const struct sock_filter *insn)
{
	bool to_x = BPF_CLASS(insn->code) == BPF_LDX;
	int to = to_x ? CLASSIC_X : CLASSIC_A;

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		put(c, MOV32_K(to, insn->k));
		break;
	case BPF_MEM:
		put(c, LOAD_MEM(BPF_W, to, BPF_REG_10, slot(insn->k)));
		break;
	case BPF_LEN:
		put(c, LOAD_MEM(BPF_W, to, BPF_REG_6, 0));
		break;
	case BPF_MSH: /* A is kept */
		put(c, MOV64_R(BPF_REG_8, CLASSIC_A));
		put(c, INSN(BPF_LD | BPF_ABS | BPF_B, 0, 0, 0, insn->k));
		put(c, ALU32_K(BPF_AND, CLASSIC_A, 15));
		put(c, ALU32_K(BPF_LSH, CLASSIC_A, 2));
		put(c, MOV64_R(CLASSIC_X, CLASSIC_A));
		put(c, MOV64_R(CLASSIC_A, BPF_REG_8));
		break;
	case BPF_IND:
		put(c, INSN(insn->code, 0, CLASSIC_X, 0, insn->k));
		break;
	default:
		put(c, INSN(insn->code, 0, 0, 0, insn->k));
		break;
	}
}

static void convert_branch(struct converter *c, const struct sock_filter *insn,
			   size_t at)
{
	uint8_t op = (uint8_t)BPF_OP(insn->code);

	if (op == BPF_JA) {
		put_jump(c, JUMP, at + 1 + insn->k);
		return;
	}
	put_jump(c,
		 BPF_SRC(insn->code) == BPF_X
			 ? JUMP32_R(op, CLASSIC_A, CLASSIC_X)
			 : JUMP32_K(op, CLASSIC_A, insn->k),
		 at + 1 + insn->jt);
	if (insn->jf)
		put_jump(c, JUMP, at + 1 + insn->jf);
}

static void convert_insn(struct converter *c, const struct sock_filter *insn,
			 size_t at)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		convert_load(c, insn);
		break;
	case BPF_ST:
	case BPF_STX:
		put(c, STORE_MEM(BPF_W, BPF_REG_10, slot(insn->k),
				 BPF_CLASS(insn->code) == BPF_ST ? CLASSIC_A
								 : CLASSIC_X));
		break;
	case BPF_ALU:
		put(c, INSN(insn->code, CLASSIC_A,
			    BPF_SRC(insn->code) == BPF_X ? CLASSIC_X : 0, 0,
			    BPF_SRC(insn->code) == BPF_X ? 0 : insn->k));
		break;
	case BPF_JMP:
		convert_branch(c, insn, at);
		break;
	case BPF_RET:
		if (BPF_RVAL(insn->code) == BPF_K)
			put(c, MOV32_K(CLASSIC_A, insn->k));
		put(c, EXIT);
		break;
	default:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			put(c, MOV64_R(CLASSIC_X, CLASSIC_A));
		else
			put(c, MOV64_R(CLASSIC_A, CLASSIC_X));
		break;
	}
}

static bool is_jump(const struct bpf_insn *insn)
{
	return (BPF_CLASS(insn->code) == BPF_JMP ||
		BPF_CLASS(insn->code) == BPF_JMP32) &&
	       BPF_OP(insn->code) != BPF_EXIT && BPF_OP(insn->code) != BPF_CALL;
}

static struct program convert(const struct classic *classic)
{
	struct converter c = {0};

	c.out.code = calloc(classic->length * 6 + 8, sizeof(*c.out.code));
	c.at = calloc(classic->length + 1, sizeof(*c.at));
	put(&c, MOV64_R(BPF_REG_6, BPF_REG_1));
	put(&c, MOV32_K(CLASSIC_A, 0));
	put(&c, MOV32_K(CLASSIC_X, 0));
	for (size_t i = 0; i < classic->length; i++) {
		c.at[i] = c.out.length;
		convert_insn(&c, &classic->code[i], i);
	}
	for (size_t i = 0; i < c.out.length; i++)
		if (is_jump(&c.out.code[i]))
			c.out.code[i].off = (int16_t)(
				c.at[c.out.code[i].off] - i - 1);
	free(c.at);
	return c.out;
}

/* ---- Loading and measuring ---- */

struct candidate {
	int fd;
	size_t insns;	      /* as given to the kernel */
	uint32_t translated;  /* as the kernel runs it */
	uint32_t verified;    /* instructions the verifier walked */
	double times[ROUNDS];
};

static void load(struct candidate *candidate, const struct program *program)
{
	static char log[1 << 20];
	LIBBPF_OPTS(bpf_prog_load_opts, options, .log_buf = log,
		    .log_size = sizeof(log), .log_level = 4);
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);
	const char *line;

	candidate->insns = program->length;
	log[0] = '\0';
	candidate->fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "bench",
				      "Dual BSD/GPL", program->code,
				      program->length, &options);
	if (candidate->fd < 0) {
		options.log_level = 1;
		bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "bench",
			      "Dual BSD/GPL", program->code, program->length,
			      &options);
		fprintf(stderr, "%s\n",
			log + (strlen(log) > 800 ? strlen(log) - 800 : 0));
		return;
	}
	line = strstr(log, "processed ");
	candidate->verified =
		line ? (uint32_t)strtoul(line + 10, NULL, 10) : 0;
	if (!bpf_obj_get_info_by_fd(candidate->fd, &info, &size))
		candidate->translated =
			info.xlated_prog_len / (uint32_t)sizeof(struct bpf_insn);
}

static double run(int fd)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet,
		    .data_size_in = sizeof(packet), .repeat = REPEAT);
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	bpf_prog_test_run_opts(fd, &options);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 +
		(double)(to.tv_nsec - from.tv_nsec)) /
	       REPEAT;
}

static int compare(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

static double median(double *times)
{
	qsort(times, ROUNDS, sizeof(*times), compare);
	return times[ROUNDS / 2];
}

static double milliseconds(const struct timespec *from)
{
	struct timespec to;

	clock_gettime(CLOCK_MONOTONIC, &to);
	return (double)(to.tv_sec - from->tv_sec) * 1e3 +
	       (double)(to.tv_nsec - from->tv_nsec) / 1e6;
}

static struct program empty_program(void)
{
	struct program program = {.code = calloc(2, sizeof(*program.code)),
				  .length = 2};

	program.code[0] = MOV32_K(BPF_REG_0, 0);
	program.code[1] = EXIT;
	return program;
}

static struct program translate(const struct ssa_request *request,
				struct strbuf *error)
{
	struct graph *graph _cleanup_(graph_freep) = ssa_build(request);
	struct program program = {0};

	if (request->sharing)
		optimise(graph);
	emit_program(graph, FILTER_BACKEND_TC, &program, error);
	return program;
}

enum { EMPTY, OURS, KERNEL, PLAIN, CANDIDATES };

struct totals {
	double log_time, log_size;
	int count, slower;
};

/* Each round is held against the empty program before and after it. */
static void measure(struct candidate *all)
{
	for (int round = 0; round < ROUNDS; round++) {
		double base = run(all[EMPTY].fd);

		for (int i = OURS; i < CANDIDATES; i++)
			if (all[i].fd >= 0)
				all[i].times[round] = run(all[i].fd);
		base = (base + run(all[EMPTY].fd)) / 2;
		for (int i = OURS; i < CANDIDATES; i++)
			all[i].times[round] -= base;
	}
}

static void put_row(const char *text, size_t classic, double compile_ms,
		    struct candidate *all, struct totals *totals)
{
	double ns[CANDIDATES];

	for (int i = OURS; i < CANDIDATES; i++)
		ns[i] = all[i].fd < 0 ? NAN : median(all[i].times);
	printf("%-40.40s %5zu %5zu %5u %6.2f %7.1f | %5u %7.1f | %5zu %7.1f\n",
	       text, classic, all[OURS].insns, all[OURS].verified, compile_ms,
	       ns[OURS], all[KERNEL].translated, ns[KERNEL],
	       all[PLAIN].insns, ns[PLAIN]);
	if (!totals || all[KERNEL].fd < 0)
		return;
	totals->log_time += log((ns[OURS] < 0.1 ? 0.1 : ns[OURS]) /
				ns[KERNEL]);
	totals->log_size += log((double)all[OURS].insns /
				all[KERNEL].translated);
	totals->count++;
	totals->slower += ns[OURS] > ns[KERNEL] || ns[OURS] > ns[PLAIN];
}

static void bench(const char *text, struct totals *totals)
{
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144};
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic classic = {0}, optimised = {0};
	struct candidate all[CANDIDATES] = {0};
	struct filter_object object;
	struct filter *filter;
	struct timespec from;
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	expression_compile(compiler, text, false, &classic, &error);
	expression_compile(compiler, text, true, &optimised, &error);
	clock_gettime(CLOCK_MONOTONIC, &from);
	filter_compile(&request, &filter, &error);
	filter_object_make(filter, FILTER_BACKEND_TC, &object, &error);
	double compile_ms = milliseconds(&from);

	struct program programs[CANDIDATES] = {
		empty_program(),
		translate(&(struct ssa_request){.program = &classic,
						.sharing = true},
			  &error),
		convert(&optimised),
		translate(&(struct ssa_request){.program = &classic}, &error),
	};
	for (int i = 0; i < CANDIDATES; i++)
		load(&all[i], &programs[i]);
	measure(all);
	put_row(text, optimised.length, compile_ms, all, totals);
	for (int i = 0; i < CANDIDATES; i++) {
		close(all[i].fd);
		program_free(&programs[i]);
	}
	filter_object_free(&object);
	filter_free(filter);
	classic_free(&classic);
	classic_free(&optimised);
	expression_close(compiler);
}

int main(void)
{
	struct totals totals = {0};

	printf("%-40s %5s %5s %5s %6s %7s | %5s %7s | %5s %7s\n", "filter",
	       "cBPF", "eBPF", "walk", "ms", "ns", "(a)", "ns", "(b)", "ns");
	for (size_t i = 0; i < ARRAY_SIZE(everyday); i++)
		bench(everyday[i], &totals);
	printf("geometric means over (a), %d filters: time %.3f, size %.3f; "
	       "slower than (a) or (b): %d\n",
	       totals.count, exp(totals.log_time / totals.count),
	       exp(totals.log_size / totals.count), totals.slower);
	return 0;
}
