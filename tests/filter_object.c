/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The object as others use it: linked into a BPF program by bpf_linker, loaded
 * by libbpf, its maps filled. Speaks TAP.
 *
 * usage: filter_object CALLER.bpf.o
 */
#include <bpf/libbpf.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "filters/filter.h"
#include "src/base/cleanup.h"
#include "tests/filter_link.h"

static const char *const names[] = {"caller_tc", "caller_socket"};

/* An Ethernet frame with a TCP segment between two addresses. */
static void make_frame(uint8_t *data, uint32_t source, uint32_t destination,
		       uint16_t port)
{
	memset(data, 0, 100);
	memcpy(data + 12, "\x08\x00\x45", 3);
	data[23] = 6;
	for (int i = 0; i < 4; i++) {
		data[26 + i] = (uint8_t)(source >> (24 - 8 * i));
		data[30 + i] = (uint8_t)(destination >> (24 - 8 * i));
	}
	data[36] = (uint8_t)(port >> 8);
	data[37] = (uint8_t)port;
}

/* Packets around what the filter looks for; the host's verdict is right, which
 * other tests show. */
static int count_differences(const struct filter *filter, int fd,
			     enum filter_backend backend, unsigned int *matches)
{
	int differ = 0;

	for (uint32_t i = 0; i < 3000; i++) {
		uint8_t data[100];
		struct frame frame = {.data = data, .caplen = 100, .len = 100};
		uint32_t want;

		make_frame(data, 0x0a000000 + (i * 2654435761u >> 16),
			   0x0a010000 + i * 7, (uint16_t)(400 + i % 100));
		want = filter_run(filter, &frame);
		*matches += want != 0;
		differ += filter_link_run(fd, backend, data, 100) != want;
	}
	return differ;
}

static void check(int number, const char *caller, const char *text,
		  const char *what, enum filter_backend backend)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144,
					 .meaning = FILTER_FILE};
	struct bpf_object *loaded = NULL;
	struct filter *filter = NULL;
	unsigned int matches = 0;
	int differ = -1, fd;

	if (!filter_compile(&request, &filter, &error))
		loaded = filter_link(caller, filter, backend, &fd, &error);
	if (loaded)
		differ = count_differences(filter, fd, backend, &matches);
	printf("%s %d - linked into %s: %s\n",
	       differ || !matches ? "not ok" : "ok", number, names[backend],
	       what);
	printf("# %u of 3000 match, %d differ%s%s\n", matches, differ,
	       error.length ? ": " : "", strbuf_text(&error));
	bpf_object__close(loaded);
	filter_free(filter);
}

static const char *long_list(struct strbuf *text, const char *extra)
{
	for (uint32_t i = 0; i < 5000; i++)
		strbuf_printf(text, "host 10.0.%u.%u or ", i * 37 >> 8 & 255,
			      i * 37 & 255);
	strbuf_puts(text, extra);
	return strbuf_text(text);
}

int main(int argc, char **argv)
{
	struct strbuf hosts _cleanup_(strbuf_free) = STRBUF_INIT;
	struct strbuf nets _cleanup_(strbuf_free) = STRBUF_INIT;
	const struct {
		const char *text, *what;
	} filters[] = {
		{"tcp port 443", "tcp port 443"},
		{"dst port 400 or dst port 402 or dst port 404 or dst port "
		 "406 or dst port 408 or dst port 410 or dst port 412 or dst "
		 "port 414 or dst port 416 or dst portrange 450-460",
		 "a list in code"},
		{long_list(&hosts, "host 10.1.2.3"), "5,000 hosts in a hash"},
		{long_list(&nets, "net 10.1.0.0/18"),
		 "5,000 hosts and a net in a trie"},
	};
	int number = 0;

	libbpf_set_print((libbpf_print_fn_t)filter_link_print);
	if (argc < 2)
		return 2;
	if (geteuid()) {
		printf("1..0 # SKIP loading BPF programs wants root\n");
		return 0;
	}
	printf("1..%zu\n", 2 * ARRAY_SIZE(filters));
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		for (int backend = 0; backend < 2; backend++)
			check(++number, argv[1], filters[i].text,
			      filters[i].what, (enum filter_backend)backend);
	return 0;
}
