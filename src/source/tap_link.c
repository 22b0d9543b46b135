/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap_link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "bpf/contract.h"
#include "src/base/cleanup.h"
#include "src/source/tap_bytes.h"

_Static_assert(TAP_TOO_DEEP == FILTER_TOO_DEEP, "one answer");

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

static int map_image(struct tap_image *image, const struct memory_file *file)
{
	struct stat status;
	void *data;

	if (fstat(file->fd, &status))
		return -errno;
	data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE,
		    file->fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	*image = (struct tap_image){data, (size_t)status.st_size};
	return 0;
}

void tap_image_release(struct tap_image *image)
{
	if (image->bytes)
		munmap((void *)image->bytes, image->length);
	*image = (struct tap_image){0};
}

int tap_link_make(struct tap_image *image, const struct filter *filter,
		  enum filter_backend backend, struct strbuf *error)
{
	_cleanup_(memory_file_close) struct memory_file tap = {.fd = -1},
							out = {.fd = -1},
							with = {.fd = -1};
	_cleanup_(filter_object_free) struct filter_object compiled = {0};
	const void *bytes;
	size_t length;
	int result =
		filter_object_make_telling(filter, backend, &compiled, error);

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
		result = map_image(image, &out);
	if (result)
		strbuf_printf(error, "cannot link the filter: %s",
			      strerror(-result));
	return result;
}

/* ---- Why it is refused ---- */

/* What bpf(2) calls BPF_LOG_LEVEL1 and BPF_LOG_STATS: each instruction that the
 * verifier looks at; and errors and sums alone, which costs nothing. */
enum { LOG_INSTRUCTIONS = 1, LOG_ERRORS = 4 };

/* Lines of the log that -v shows, and how much of each: the state of the
 * registers makes them long. */
enum { SHOWN_LINES = 20, SHOWN_BYTES = 160, LOG_BYTES = 1 << 20 };

/* Sums that the verifier writes at the end of any log. */
static bool is_sum(const char *line)
{
	return !strncmp(line, "processed ", 10) ||
	       !strncmp(line, "verification time ", 18) ||
	       !strncmp(line, "stack depth ", 12) || !*line;
}

/* The last line that says something; cuts the log behind it. */
static char *last_words(char *log)
{
	for (;;) {
		char *newline = strrchr(log, '\n');
		char *line = newline ? newline + 1 : log;

		if (!is_sum(line) || !newline)
			return line;
		*newline = '\0';
	}
}

/* It may follow an instruction on the same line. */
static const char *reason_in(const char *line)
{
	const char *limit = strstr(line, "BPF program is too large");

	return limit ? limit : line;
}

/* The lines that lead to @end, in the order of the log. */
static void put_lines(struct strbuf *error, const char *log, const char *end)
{
	const char *from = end;

	for (int lines = 0; from > log && lines < SHOWN_LINES; lines++) {
		from--;
		while (from > log && from[-1] != '\n')
			from--;
	}
	while (from < end) {
		size_t length = strcspn(from, "\n");

		strbuf_puts(error, "\n  ");
		strbuf_add(error, from,
			   length < SHOWN_BYTES ? length : SHOWN_BYTES);
		from += length + (from[length] == '\n');
	}
}

/* Load with a log; @log has 2^20 bytes. */
static int load(struct bpf_object *object, uint32_t level, char *log)
{
	struct bpf_program *program;

	/* One buffer does: the first refusal ends the load. */
	bpf_object__for_each_program(program, object)
	{
		if (!bpf_program__autoload(program))
			continue;
		bpf_program__set_log_buf(program, log, LOG_BYTES);
		bpf_program__set_log_level(program, level);
	}
	return bpf_object__load(object);
}

int tap_link_load(struct bpf_object *object, struct strbuf *error)
{
	_cleanup_free_ char *log = calloc(1, LOG_BYTES);
	int result;
	char *last;

	if (!log)
		return -ENOMEM;
	result = load(object, LOG_ERRORS, log);
	last = last_words(log);
	if (!result || !*last)
		return result;
	strbuf_printf(error, "the kernel's verifier refuses the filter: %.*s",
		      SHOWN_BYTES, reason_in(last));
	/* Its -EACCES and -EPERM are about memory, not about privileges. */
	return -EINVAL;
}

void tap_link_put_log(struct bpf_object *object, struct strbuf *error)
{
	_cleanup_free_ char *log = calloc(1, LOG_BYTES);
	char *last;

	if (!log || !load(object, LOG_INSTRUCTIONS, log))
		return;
	last = last_words(log);
	put_lines(error, log, last + strlen(last));
}
