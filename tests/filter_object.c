/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The object as others use it: linked into a BPF program by bpf_linker, loaded
 * by libbpf, its maps filled. Speaks TAP.
 *
 * usage: filter_object CALLER.bpf.o
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "filters/filter.h"
#include "src/base/cleanup.h"

static const char *const names[] = {"caller_tc", "caller_socket"};

static int quiet(enum libbpf_print_level level, const char *format,
		 va_list args)
{
	return level == LIBBPF_WARN ? vprintf(format, args) : 0;
}

/* Only the program for the back end is loaded. */
static struct bpf_object *link_and_load(const char *caller,
					const struct filter_object *object,
					enum filter_backend backend)
{
	int in _cleanup_close_ = memfd_create("in", 0);
	int out _cleanup_close_ = memfd_create("out", 0);
	char in_path[64], out_path[64];
	struct bpf_linker *linker;
	struct bpf_object *loaded = NULL;
	struct bpf_program *program;

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
	bpf_object__for_each_program(program, loaded) bpf_program__set_autoload(
		program, !strcmp(bpf_program__name(program), names[backend]));
	if (!bpf_object__load(loaded))
		return loaded;
	bpf_object__close(loaded);
	return NULL;
}

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

static uint32_t run(int fd, enum filter_backend backend, const uint8_t *data)
{
	uint8_t shifted[114] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = data,
		    .data_size_in = 100);

	if (backend == FILTER_BACKEND_SOCKET) {
		/* The test run takes the link header off. */
		memcpy(shifted + 14, data, 100);
		options.data_in = shifted;
		options.data_size_in = sizeof(shifted);
	}
	return bpf_prog_test_run_opts(fd, &options) ? 12345 : options.retval;
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
		differ += run(fd, backend, data) != want;
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
	struct filter_object object = {0};
	struct bpf_object *loaded = NULL;
	struct filter *filter = NULL;
	unsigned int matches = 0;
	int differ = -1;

	if (!filter_compile(&request, &filter, &error) &&
	    !filter_object_make(filter, backend, &object, &error))
		loaded = link_and_load(caller, &object, backend);
	if (loaded && !filter_maps_fill(filter, loaded, &error))
		differ = count_differences(
			filter,
			bpf_program__fd(bpf_object__find_program_by_name(
				loaded, names[backend])),
			backend, &matches);
	printf("%s %d - linked into %s: %s\n",
	       differ || !matches ? "not ok" : "ok", number, names[backend],
	       what);
	printf("# %u of 3000 match, %d differ%s%s\n", matches, differ,
	       error.length ? ": " : "", strbuf_text(&error));
	bpf_object__close(loaded);
	filter_object_free(&object);
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
		{long_list(&nets, "net 10.1.4.0/22"),
		 "5,000 hosts and a net in a trie"},
	};
	int number = 0;

	libbpf_set_print(quiet);
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
