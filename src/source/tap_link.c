/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap_link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "src/base/cleanup.h"
#include "src/source/tap_bytes.h"

/* The linker takes paths; a memfd has one. */
struct memory_file {
	int fd;
	char path[32];
};

static void memory_file_close(struct memory_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
}

static int memory_file_make(struct memory_file *file, const void *data,
			    size_t length)
{
	file->fd = memfd_create("bsniff", MFD_CLOEXEC);
	if (file->fd < 0)
		return -errno;
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
	for (size_t done = 0; done < length;) {
		ssize_t n = write(file->fd, (const char *)data + done,
				  length - done);

		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return 0;
}

static void free_linker(struct bpf_linker **linker)
{
	bpf_linker__free(*linker);
}

static int link_files(const char *output, const char *tap, const char *filter)
{
	_cleanup_(free_linker) struct bpf_linker *linker =
		bpf_linker__new(output, NULL);
	int error;

	if (!linker)
		return -errno;
	error = bpf_linker__add_file(linker, tap, NULL);
	if (!error)
		error = bpf_linker__add_file(linker, filter, NULL);
	if (!error)
		error = bpf_linker__finalize(linker);
	return error;
}

static int open_linked(struct bpf_object **object,
		       const struct memory_file *file)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "bsniff");
	struct stat status;
	void *data;
	int error;

	if (fstat(file->fd, &status))
		return -errno;
	data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE,
		    file->fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	*object = bpf_object__open_mem(data, (size_t)status.st_size, &options);
	error = *object ? 0 : -errno;
	munmap(data, (size_t)status.st_size);
	return error;
}

int tap_link_open(struct bpf_object **object, const struct filter *filter,
		  enum filter_backend backend, struct strbuf *error)
{
	_cleanup_(memory_file_close) struct memory_file tap = {.fd = -1},
							out = {.fd = -1},
							with = {.fd = -1};
	_cleanup_(filter_object_free) struct filter_object compiled = {0};
	const void *bytes;
	size_t length;
	int result = filter_object_make(filter, backend, &compiled, error);

	if (result)
		return result;
	bytes = tap_bytes(&length);
	result = memory_file_make(&tap, bytes, length);
	if (!result)
		result =
			memory_file_make(&with, compiled.data, compiled.length);
	if (!result)
		result = memory_file_make(&out, NULL, 0);
	if (!result)
		result = link_files(out.path, tap.path, with.path);
	if (!result)
		result = open_linked(object, &out);
	if (result)
		strbuf_printf(error, "cannot link the filter: %s",
			      strerror(-result));
	return result;
}

/* The last lines of the verifier's log are the reason. */
static void put_log_tail(struct strbuf *error, const char *log)
{
	size_t length = strlen(log);
	const char *from = log + length;
	int lines = 0;

	while (from > log && lines < 8)
		if (*--from == '\n')
			lines++;
	strbuf_puts(error, from);
}

int tap_link_load(struct bpf_object *object, struct strbuf *error)
{
	_cleanup_free_ char *log = calloc(1, 1 << 20);
	struct bpf_program *program;
	int result;

	if (!log)
		return -ENOMEM;
	/* One buffer does: the first refusal ends the load. */
	bpf_object__for_each_program(program, object)
	{
		if (!bpf_program__autoload(program))
			continue;
		bpf_program__set_log_buf(program, log, 1 << 20);
		bpf_program__set_log_level(program, 0);
	}
	result = bpf_object__load(object);
	if (!result || result == -EPERM)
		return result;
	strbuf_printf(error, "the kernel refuses the filter: %s",
		      strerror(-result));
	put_log_tail(error, log);
	return result;
}
