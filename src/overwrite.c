/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/overwrite.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"

struct use {
	const char *option;
	const char *path; /* NULL: not used; "-": a standard stream */
};

/* False: it does not exist yet, or is nothing that writing would empty. */
static bool find_file(const char *path, int stream, struct stat *status)
{
	int error =
		strcmp(path, "-") ? stat(path, status) : fstat(stream, status);

	return !error && S_ISREG(status->st_mode);
}

static bool is_same(const char *input, const char *output)
{
	struct stat a, b;

	return find_file(input, STDIN_FILENO, &a) &&
	       find_file(output, STDOUT_FILENO, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

int overwrite_check(const struct options *options)
{
	const struct use inputs[] = {
		{"-r", options->read},
		{"-F", options->filter_file},
		{"--bytecode", options->bytecode},
	};
	const struct use outputs[] = {
		{"-w", options->write},
		{"--conn-log", options->conn_log},
		{"--emit-object", options->object},
		{"standard output", "-"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(outputs); k++) {
			if (!inputs[i].path || !outputs[k].path ||
			    !is_same(inputs[i].path, outputs[k].path))
				continue;
			log_error("%s: %s would write into the file that %s "
				  "reads",
				  inputs[i].path, outputs[k].option,
				  inputs[i].option);
			return -EINVAL;
		}
	}
	return 0;
}
