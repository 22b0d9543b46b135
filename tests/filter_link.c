/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/filter_link.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "src/base/cleanup.h"

static const char *const names[] = {"caller_tc", "caller_socket"};

int filter_link_print(int level, const char *format, va_list args)
{
	return level == LIBBPF_WARN ? printf("# ") + vprintf(format, args) : 0;
}

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

struct bpf_object *filter_link(const char *caller, const struct filter *filter,
			       enum filter_backend backend, int *fd,
			       struct strbuf *error)
{
	struct filter_object object = {0};
	struct bpf_object *loaded = NULL;

	if (!filter_object_make(filter, backend, &object, error))
		loaded = link_and_load(caller, &object, backend);
	filter_object_free(&object);
	if (loaded && filter_maps_fill(filter, loaded, error)) {
		bpf_object__close(loaded);
		loaded = NULL;
	}
	*fd = loaded ? bpf_program__fd(bpf_object__find_program_by_name(
			       loaded, names[backend]))
		     : -1;
	return loaded;
}

uint32_t filter_link_run(int fd, enum filter_backend backend,
			 const uint8_t *data, uint32_t length)
{
	uint8_t shifted[200 + ETH_HLEN] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = data,
		    .data_size_in = length);

	if (backend == FILTER_BACKEND_SOCKET) {
		/* The test run takes the link header off. */
		memcpy(shifted + ETH_HLEN, data, length);
		options.data_in = shifted;
		options.data_size_in = length + ETH_HLEN;
	}
	return bpf_prog_test_run_opts(fd, &options) ? 12345 : options.retval;
}
