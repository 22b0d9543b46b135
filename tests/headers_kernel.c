// SPDX-License-Identifier: BSD-3-Clause
/*
 * The kernel and the host read the same packet alike: both run bpf/headers.h
 * and bpf/delta.h on frames by chance, and all that comes out is compared.
 * Speaks TAP; needs to be allowed to load BPF.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "src/base/strbuf.h"
#include "tests/headers_check.h"
#include "tests/packet_gen.h"

struct side {
	const char *program;
	uint32_t link;
	size_t skip; /* bytes of the frame that the program does not see */
};

/* What headers_check.bpf.c does, on the host. */
static void check_on_host(struct headers_check *out, const struct side *side,
			  const struct packet_gen *gen,
			  const struct __sk_buff *skb)
{
	const uint8_t *data = gen->frame + side->skip;
	size_t length = gen->length - side->skip;
	struct view view = {data, data + length};
	struct packet_meta meta = {.time = out->time,
				   .len = (uint32_t)length,
				   .gso_segs = skb->gso_segs,
				   .gso_size = skb->gso_size,
				   .link = side->link};
	struct flow_delta *delta;

	meta.protocol = (uint16_t)(gen->frame[12] << 8 | gen->frame[13]);
	/* As eth_type_trans() has it: below 1536 it is a length (802.2). */
	if (meta.protocol < 1536)
		meta.protocol = 4;
	headers_read(&view, &meta, &out->key, &out->facts);
	out->hash = delta_key_hash(&out->key, out->seed);
	delta = &out->slots[out->hash & (HEADERS_CHECK_SLOTS - 1)];
	if (delta->packets && (!delta_key_equal(&delta->key, &out->key) ||
			       !delta_has_room(delta, &out->facts))) {
		out->spilled = *delta;
		out->spills++;
		delta->packets = 0;
	}
	if (!delta->packets)
		delta_begin(delta, &out->key, &out->facts);
	delta_add(delta, &view, &out->facts);
}

static const char *difference(const struct headers_check *kernel,
			      const struct headers_check *host)
{
	size_t slot;

	if (memcmp(&kernel->key, &host->key, sizeof(host->key)))
		return "key";
	if (memcmp(&kernel->facts, &host->facts, sizeof(host->facts)))
		return "facts";
	if (kernel->hash != host->hash)
		return "hash";
	if (kernel->spills != host->spills)
		return "spills";
	if (memcmp(&kernel->spilled, &host->spilled, sizeof(host->spilled)))
		return "spilled";
	slot = host->hash & (HEADERS_CHECK_SLOTS - 2);
	if (memcmp(kernel->slots + slot, host->slots + slot,
		   2 * sizeof(struct flow_delta)))
		return "slots";
	return NULL;
}

static void dump(const struct packet_gen *gen, uint64_t number,
		 const char *what)
{
	printf("# packet %llu differs in %s:", (unsigned long long)number,
	       what);
	for (size_t i = 0; i < gen->length && i < 120; i++)
		printf("%s%02x", i % 4 ? "" : " ", gen->frame[i]);
	printf("\n");
}

/* How many of @count frames come out different. */
static unsigned int compare(const struct side *side, int fd,
			    struct headers_check *kernel, unsigned int count)
{
	static struct packet_gen gen;
	static struct headers_check host;
	unsigned int differences = 0, runs = 0;

	memset(&gen, 0, sizeof(gen));
	memset(&host, 0, sizeof(host));
	memset(kernel, 0, sizeof(*kernel));
	gen.state = 88172645463325252ull;
	host.seed = kernel->seed = 0x1234567890abcdefull;
	while (runs < count) {
		struct __sk_buff skb = {0};
		LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = gen.frame,
			    .ctx_in = &skb, .ctx_size_in = sizeof(skb));
		const char *what;

		packet_gen_next(&gen);
		if (!packet_gen_random(&gen, 4)) {
			skb.gso_segs = packet_gen_random(&gen, 5);
			skb.gso_size = packet_gen_random(&gen, 2) * 100;
		}
		kernel->time +=
			packet_gen_random(&gen, 500) ? 1000 : 5000000000;
		host.time = kernel->time;
		opts.data_size_in = (uint32_t)gen.length;
		if (bpf_prog_test_run_opts(fd, &opts))
			continue; /* too short for the kernel's taste */
		check_on_host(&host, side, &gen, &skb);
		runs++;
		what = difference(kernel, &host);
		if (what && differences++ < 5)
			dump(&gen, runs, what);
		if (what)
			host = *kernel;
	}
	printf("# %s: %u packets, %llu deltas spilled\n", side->program, runs,
	       (unsigned long long)host.spills);
	return differences;
}

static int quiet(enum libbpf_print_level level, const char *format,
		 va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

int main(void)
{
	static const struct side sides[] = {
		{"check_direct", TAP_LINK_ETHERNET, 0},
		{"check_window", TAP_LINK_COOKED, 14},
	};
	const char *folder = getenv("builddir");
	struct strbuf path = STRBUF_INIT;
	struct bpf_object *object;
	struct headers_check *kernel;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t mapped = (sizeof(*kernel) + page - 1) / page * page;
	int failed = 0;

	strbuf_printf(&path, "%s/tests/headers_check.bpf.o",
		      folder ? folder : ".");
	if (geteuid() != 0) {
		printf("1..0 # SKIP loading BPF programs needs root\n");
		return 0;
	}
	object = bpf_object__open_file(strbuf_text(&path), NULL);
	strbuf_free(&path);
	if (!getenv("VERBOSE"))
		libbpf_set_print(quiet);
	if (!object || bpf_object__load(object)) {
		printf("1..1\nnot ok 1 - the kernel's verifier accepts "
		       "headers.h and delta.h: %s\n",
		       strerror(errno));
		return 1;
	}
	kernel = mmap(
		NULL, mapped, PROT_READ | PROT_WRITE, MAP_SHARED,
		bpf_map__fd(bpf_object__find_map_by_name(object, "checks")), 0);
	if (kernel == MAP_FAILED) {
		printf("Bail out! mmap: %s\n", strerror(errno));
		return 1;
	}
	printf("1..3\nok 1 - the kernel's verifier accepts headers.h and "
	       "delta.h\n");
	for (int i = 0; i < 2; i++) {
		int fd = bpf_program__fd(bpf_object__find_program_by_name(
			object, sides[i].program));
		unsigned int n = compare(&sides[i], fd, kernel, 100000);

		printf("%s %d - kernel and host read 100000 packets alike "
		       "(%s)\n",
		       n ? "not ok" : "ok", i + 2, sides[i].program);
		failed |= n != 0;
	}
	munmap(kernel, mapped);
	bpf_object__close(object);
	return failed;
}
