/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `make bench-filter': everyday filters, as this compiler makes them at TC,
 * beside (a) the same classic program with LD_ABS and LD_IND loads, which the
 * kernel expands, and (b) our translation without the optimiser; then long
 * lists.
 *
 * Sizes are instructions as the kernel runs them (xlated), on all sides;
 * `conv' is what the kernel's own converter makes of the classic program for a
 * socket (filter_convert.h), `sock' what this compiler makes for one. Times are
 * ns a packet over an empty program, from rounds of test runs in which all run,
 * in an order that rotates.
 *
 * Where code comes to lie matters more than some instructions: the same program
 * loaded twice differs by up to a ns. So each is loaded many times, and ours
 * also with other code in the part that is not run (TWIN). `Slower' means that
 * at nearly all places both are slower than the other program.
 *
 * usage: filter_bench [CALLER.bpf.o]    for lists; without: no lists
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <math.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "filters/emit.h"
#include "filters/expression.h"
#include "filters/filter.h"
#include "filters/insn.h"
#include "filters/optimise.h"
#include "filters/ssa.h"
#include "src/base/cleanup.h"
#include "tests/filter_convert.h"

/* Places, rounds (20 at each), and packets a test run. */
#define INSTANCES 16
#define ROUNDS	  (INSTANCES * 20)
#define REPEAT	  2000

/* So many differences of INSTANCES above 0 by chance: 1 in 4000. */
#define NEARLY_ALL 15

DEFINE_CLEANUP(struct graph *, graph_free)
DEFINE_CLEANUP(struct filter *, filter_free)

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
	2,  0,	  0, 0, 0,  1, 2, 0,	0,    0,    0,	  2,	8,
	0,  0x45, 0, 0, 92, 0, 1, 0,	0,    64,   6,	  0,	0,
	10, 0,	  0, 1, 10, 0, 0, 2,	0x01, 0xbb, 0x9c, 0x40, 0,
	0,  0,	  1, 0, 0,  0, 2, 0x50, 0x18, 1,    0,	  0,	0};

/* ---- Running ---- */

struct candidate {
	int fds[INSTANCES];   /* -1: not loaded */
	uint32_t translated;  /* instructions as the kernel runs them */
	uint32_t verified;    /* instructions the verifier walked */
	double times[ROUNDS]; /* over the empty program, in that round */
};

/* An acknowledgement without options: the shortest frame with TCP. */
#define SHORT_PACKET 54

static double run(int fd, uint32_t length)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet,
		    .data_size_in = length, .repeat = REPEAT);
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	bpf_prog_test_run_opts(fd, &options);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 +
		(double)(to.tv_nsec - from.tv_nsec)) /
	       REPEAT;
}

/* The first is the empty program, before and after which a round is held. */
static void measure(struct candidate *all, int count, uint32_t length)
{
	for (int round = 0; round < ROUNDS; round++) {
		int instance = round % INSTANCES;
		double base = run(all[0].fds[instance], length);

		for (int i = 0; i < count - 1; i++) {
			struct candidate *one =
				&all[1 + (i + round) % (count - 1)];

			if (one->fds[instance] >= 0)
				one->times[round] =
					run(one->fds[instance], length);
		}
		base = (base + run(all[0].fds[instance], length)) / 2;
		for (int i = 1; i < count; i++)
			all[i].times[round] -= base;
	}
}

static int compare(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

static double median(const double *times, int count)
{
	double sorted[ROUNDS];

	memcpy(sorted, times, (size_t)count * sizeof(*times));
	qsort(sorted, (size_t)count, sizeof(*sorted), compare);
	return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* By how many ns it is slower than the other at nearly all places; 0 if it is
 * not. */
static double slower_by(const struct candidate *one,
			const struct candidate *other)
{
	double at[INSTANCES];

	for (int i = 0; i < INSTANCES; i++) {
		double differences[ROUNDS / INSTANCES];

		for (int r = 0; r < ROUNDS / INSTANCES; r++)
			differences[r] = one->times[r * INSTANCES + i] -
					 other->times[r * INSTANCES + i];
		at[i] = median(differences, ROUNDS / INSTANCES);
	}
	qsort(at, INSTANCES, sizeof(*at), compare);
	return fmax(at[INSTANCES - NEARLY_ALL], 0);
}

static double milliseconds(const struct timespec *from)
{
	struct timespec to;

	clock_gettime(CLOCK_MONOTONIC, &to);
	return (double)(to.tv_sec - from->tv_sec) * 1e3 +
	       (double)(to.tv_nsec - from->tv_nsec) / 1e6;
}

/* ---- Programs ---- */

static uint32_t verified(const char *log)
{
	const char *line = strstr(log, "processed ");

	return line ? (uint32_t)strtoul(line + strlen("processed "), NULL, 10)
		    : 0;
}

static uint32_t translated(int fd)
{
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size)
		       ? 0
		       : info.xlated_prog_len /
				 (uint32_t)sizeof(struct bpf_insn);
}

static void load(struct candidate *candidate, const struct program *program)
{
	static char log[1 << 16];
	LIBBPF_OPTS(bpf_prog_load_opts, options, .log_buf = log,
		    .log_size = sizeof(log), .log_level = 4);

	for (int i = 0; i < INSTANCES; i++) {
		log[0] = '\0';
		candidate->fds[i] = bpf_prog_load(
			BPF_PROG_TYPE_SCHED_CLS, "bench", "Dual BSD/GPL",
			program->code, program->length, &options);
		if (candidate->fds[i] < 0)
			fprintf(stderr, "not loaded: %s\n", log);
	}
	candidate->verified = verified(log);
	candidate->translated = translated(candidate->fds[0]);
}

static void unload(struct candidate *candidate)
{
	for (int i = 0; i < INSTANCES; i++)
		if (candidate->fds[i] >= 0)
			close(candidate->fds[i]);
}

static struct program empty_program(void)
{
	struct program program = {.code = calloc(2, sizeof(*program.code)),
				  .length = 2};

	program.code[0] = MOV32_K(BPF_REG_0, 0);
	program.code[1] = EXIT;
	return program;
}

static struct program translate(const struct classic *classic, bool optimised,
				bool portable, enum filter_backend backend)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct ssa_request request = {.program = classic, .sharing = optimised};
	struct graph *graph _cleanup_(graph_freep) = ssa_build(&request);
	struct program program = {0};

	if (optimised)
		optimise(graph);
	graph->portable = portable;
	emit_program(graph, backend, &program, &error);
	return program;
}

/* Instructions that run on a socket; 0 if the kernel does not take it. */
static uint32_t socket_size(const struct classic *classic)
{
	struct program program _cleanup_(program_free) =
		translate(classic, true, false, FILTER_BACKEND_SOCKET);
	int fd _cleanup_close_ = bpf_prog_load(
		BPF_PROG_TYPE_SOCKET_FILTER, "bench", "Dual BSD/GPL",
		program.code, program.length, NULL);

	return fd < 0 ? 0 : translated(fd);
}

/* ---- Everyday filters ---- */

/* TWIN runs the instructions of OURS and has others that are not reached: what
 * differs between the two is where code lies, not what it does. */
enum { EMPTY, OURS, TWIN, KERNEL, PLAIN, CANDIDATES };

/* What has been measured with packets of one length. */
struct timing {
	double ns[CANDIDATES];
	double beyond; /* ns that OURS is slower than another; 0: it is not */
};

struct totals {
	double log_time, log_short_time, log_size, log_converter, log_socket;
	double apart; /* ns between OURS and TWIN at most */
	int count, converted, slower;
};

static struct timing time_all(struct candidate *all, uint32_t length)
{
	struct timing timing = {0};

	measure(all, CANDIDATES, length);
	for (int i = OURS; i < CANDIDATES; i++)
		timing.ns[i] = median(all[i].times, ROUNDS);
	timing.beyond = fmax(fmin(slower_by(&all[OURS], &all[KERNEL]),
				  slower_by(&all[TWIN], &all[KERNEL])),
			     fmin(slower_by(&all[OURS], &all[PLAIN]),
				  slower_by(&all[TWIN], &all[PLAIN])));
	return timing;
}

/* Less than a tenth of a ns is not to be told from nothing. */
static double log_ratio(const struct timing *timing)
{
	return log(fmax(timing->ns[OURS], 0.1) / fmax(timing->ns[KERNEL], 0.1));
}

static double compile_time(const char *text)
{
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144};
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	double best = INFINITY;

	for (int i = 0; i < 5; i++) {
		struct filter *filter = NULL;
		struct filter_object object = {0};
		struct timespec from;

		clock_gettime(CLOCK_MONOTONIC, &from);
		if (!filter_compile(&request, &filter, &error))
			filter_object_make(filter, FILTER_BACKEND_TC, &object,
					   &error);
		best = fmin(best, milliseconds(&from));
		filter_object_free(&object);
		filter_free(filter);
	}
	return best;
}

static void put_row(const char *text, const struct classic *classic,
		    uint32_t on_socket, struct candidate *all,
		    struct totals *totals)
{
	uint32_t converter = convert_count_kernel(classic);
	double compile_ms = compile_time(text);
	struct timing whole = time_all(all, sizeof(packet));
	struct timing cut = time_all(all, SHORT_PACKET);
	double beyond = fmax(whole.beyond, cut.beyond);

	printf("%-40.40s %4zu %4u %4u | %4u %5u %5.2f %5.1f %5.1f | %4u %5.1f "
	       "%5.1f | %4u %5.1f %5.1f",
	       text, classic->length, converter, on_socket,
	       all[OURS].translated, all[OURS].verified, compile_ms,
	       whole.ns[OURS], cut.ns[OURS], all[KERNEL].translated,
	       whole.ns[KERNEL], cut.ns[KERNEL], all[PLAIN].translated,
	       whole.ns[PLAIN], cut.ns[PLAIN]);
	if (beyond > 0)
		printf("  slower by %.2f or more", beyond);
	printf("\n");
	totals->log_time += log_ratio(&whole);
	totals->log_short_time += log_ratio(&cut);
	totals->apart =
		fmax(totals->apart, fabs(whole.ns[OURS] - whole.ns[TWIN]));
	totals->log_size +=
		log((double)all[OURS].translated / all[KERNEL].translated);
	totals->count++;
	if (converter) {
		totals->log_converter +=
			log((double)all[OURS].translated / converter);
		totals->log_socket += log((double)on_socket / converter);
		totals->converted++;
	}
	totals->slower += beyond > 0;
}

static void bench(const char *text, struct totals *totals)
{
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144};
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic classic = {0}, optimised = {0};
	static struct candidate all[CANDIDATES];
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	expression_compile(compiler, text, false, &classic, &error);
	expression_compile(compiler, text, true, &optimised, &error);

	struct program programs[CANDIDATES] = {
		empty_program(),
		translate(&classic, true, false, FILTER_BACKEND_TC),
		translate(&classic, true, true, FILTER_BACKEND_TC),
		convert_classic(&optimised),
		translate(&classic, false, false, FILTER_BACKEND_TC),
	};

	memset(all, 0, sizeof(all));
	for (int i = 0; i < CANDIDATES; i++)
		load(&all[i], &programs[i]);
	put_row(text, &optimised, socket_size(&classic), all, totals);
	for (int i = 0; i < CANDIDATES; i++) {
		unload(&all[i]);
		program_free(&programs[i]);
	}
	classic_free(&classic);
	classic_free(&optimised);
	expression_close(compiler);
}

static void bench_everyday(void)
{
	struct totals totals = {0};

	printf("%-40s %4s %4s %4s | %4s %5s %5s %5s %5s | %4s %5s %5s | %4s "
	       "%5s %5s\n",
	       "filter", "cBPF", "conv", "sock", "ours", "walk", "ms", "ns",
	       "short", "(a)", "ns", "short", "(b)", "ns", "short");
	for (size_t i = 0; i < ARRAY_SIZE(everyday); i++) {
		bench(everyday[i], &totals);
		fflush(stdout);
	}
	printf("%d filters, geometric means: time %.3f of (a), %.3f for the "
	       "short packet; size %.3f of (a), %.3f of the kernel's converter "
	       "(%.3f on a socket)\n"
	       "slower than (a) or (b): %d (the same instructions, placed "
	       "elsewhere: up to %.2f ns apart)\n",
	       totals.count, exp(totals.log_time / totals.count),
	       exp(totals.log_short_time / totals.count),
	       exp(totals.log_size / totals.count),
	       exp(totals.log_converter / totals.converted),
	       exp(totals.log_socket / totals.converted), totals.slower,
	       totals.apart);
}

/* ---- Lists ---- */

static const char caller_name[] = "caller_tc";

static uint64_t seed = 1;

static uint32_t any_number(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 32);
}

/* Members that the packet is none of. */
static void put_host(struct strbuf *text)
{
	uint32_t host = any_number() | 0x80000000;

	strbuf_printf(text, "host %u.%u.%u.%u", host >> 24, host >> 16 & 255,
		      host >> 8 & 255, host & 255);
}

static void put_net(struct strbuf *text)
{
	uint32_t net = any_number() | 0x80000000;

	strbuf_printf(text, "net %u.%u.%u.0/24", net >> 24, net >> 16 & 255,
		      net >> 8 & 255);
}

static void put_host6(struct strbuf *text)
{
	strbuf_printf(text, "host 2001:db8::%x:%x", any_number() & 0xffff,
		      any_number() & 0xffff);
}

static void put_port(struct strbuf *text)
{
	strbuf_printf(text, "port %u", 41000 + any_number() % 24000);
}

static const struct {
	const char *what;
	void (*put)(struct strbuf *text);
	size_t count;
	double most_ms, most_ns; /* wanted; 0: nothing */
} long_lists[] = {
	{"hosts", put_host, 1000, 20, 10},
	{"hosts", put_host, 10000, 200, 0},
	{"hosts", put_host, 100000, 2000, 80},
	{"nets", put_net, 1000, 20, 10},
	{"nets", put_net, 10000, 200, 0},
	{"nets", put_net, 100000, 2000, 80},
	{"ports", put_port, 1000, 20, 10},
	{"ports", put_port, 10000, 200, 0},
	{"IPv6 hosts", put_host6, 1000, 20, 10},
	{"IPv6 hosts", put_host6, 10000, 200, 0},
};

/* Linked into the caller; loaded without its maps filled. */
static struct bpf_object *link_list(const char *caller,
				    const struct filter_object *object)
{
	int in _cleanup_close_ = memfd_create("in", 0);
	int out _cleanup_close_ = memfd_create("out", 0);
	char in_path[64], out_path[64];
	struct bpf_object *loaded = NULL;
	struct bpf_program *program;
	struct bpf_linker *linker;

	if (write(in, object->data, object->length) < 0)
		return NULL;
	snprintf(in_path, sizeof(in_path), "/proc/self/fd/%d", in);
	snprintf(out_path, sizeof(out_path), "/proc/self/fd/%d", out);
	linker = bpf_linker__new(out_path, NULL);
	if (linker && !bpf_linker__add_file(linker, caller, NULL) &&
	    !bpf_linker__add_file(linker, in_path, NULL) &&
	    !bpf_linker__finalize(linker))
		loaded = bpf_object__open_file(out_path, NULL);
	bpf_linker__free(linker);
	if (!loaded)
		return NULL;
	bpf_object__for_each_program(program, loaded)
	{
		bool wanted = !strcmp(bpf_program__name(program), caller_name);
		static char log[1 << 16];

		bpf_program__set_autoload(program, wanted);
		if (!wanted)
			continue;
		bpf_program__set_log_level(program, 4);
		bpf_program__set_log_buf(program, log, sizeof(log));
	}
	if (!bpf_object__load(loaded))
		return loaded;
	bpf_object__close(loaded);
	return NULL;
}

struct built {
	struct bpf_object *objects[INSTANCES];
	double compile_ms, load_ms;
};

static void built_free(struct built *built)
{
	for (int i = 0; i < INSTANCES; i++)
		bpf_object__close(built->objects[i]);
}

/* Compile @text (best of 3), and load it, with its maps. */
static bool build(const char *caller, const char *text, struct built *built,
		  struct candidate *candidate, struct strbuf *error)
{
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144};
	struct filter *filter _cleanup_(filter_freep) = NULL;
	struct filter_object object = {0};
	struct timespec from;
	bool fine = true;

	built->compile_ms = INFINITY;
	for (int i = 0; i < 3 && fine; i++) {
		filter_free(filter);
		filter_object_free(&object);
		filter = NULL;
		clock_gettime(CLOCK_MONOTONIC, &from);
		fine = !filter_compile(&request, &filter, error) &&
		       !filter_object_make(filter, FILTER_BACKEND_TC, &object,
					   error);
		built->compile_ms =
			fmin(built->compile_ms, milliseconds(&from));
	}
	for (int i = 0; i < INSTANCES && fine; i++) {
		struct bpf_program *program;

		clock_gettime(CLOCK_MONOTONIC, &from);
		built->objects[i] = link_list(caller, &object);
		fine = built->objects[i] &&
		       !filter_maps_fill(filter, built->objects[i], error);
		built->load_ms = milliseconds(&from);
		if (!fine)
			break;
		program = bpf_object__find_program_by_name(built->objects[i],
							   caller_name);
		candidate->fds[i] = bpf_program__fd(program);
		candidate->translated = translated(candidate->fds[i]);
		candidate->verified =
			verified(bpf_program__log_buf(program, &(size_t){0}));
	}
	filter_object_free(&object);
	return fine;
}

static void bench_list(const char *caller, size_t which)
{
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	static struct candidate all[2];
	struct built empty = {0}, built = {0};
	double ns;

	for (size_t i = 0; i < long_lists[which].count; i++) {
		if (i)
			strbuf_puts(&text, " or ");
		long_lists[which].put(&text);
	}
	memset(all, 0, sizeof(all));
	if (!build(caller, "", &empty, &all[0], &error) ||
	    !build(caller, strbuf_text(&text), &built, &all[1], &error)) {
		printf("%7zu %-12s %s\n", long_lists[which].count,
		       long_lists[which].what,
		       error.length ? strbuf_text(&error) : "not loaded");
	} else {
		measure(all, 2, sizeof(packet));
		ns = median(all[1].times, ROUNDS);
		printf("%7zu %-12s %6u %7u %8.1f %8.1f %6.1f",
		       long_lists[which].count, long_lists[which].what,
		       all[1].translated - all[0].translated, all[1].verified,
		       built.compile_ms, built.load_ms, ns);
		if (long_lists[which].most_ms &&
		    built.compile_ms > long_lists[which].most_ms)
			printf("  more than %.0f ms",
			       long_lists[which].most_ms);
		if (long_lists[which].most_ns && ns > long_lists[which].most_ns)
			printf("  more than %.0f ns",
			       long_lists[which].most_ns);
		printf("\n");
	}
	built_free(&empty);
	built_free(&built);
}

static int quiet(enum libbpf_print_level level, const char *format,
		 va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

int main(int argc, char **argv)
{
	libbpf_set_print(quiet);
	bench_everyday();
	if (argc < 2)
		return 0;
	printf("\n%-20s %6s %7s %8s %8s %6s   (load: link, verifier, maps)\n",
	       "list", "eBPF", "walk", "ms", "load ms", "ns");
	for (size_t i = 0; i < ARRAY_SIZE(long_lists); i++) {
		bench_list(argv[1], i);
		fflush(stdout);
	}
	return 0;
}
