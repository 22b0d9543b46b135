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

/* @name is what @option reads. */
static int refuse(const char *name, const char *writer, const char *option)
{
	log_error("%s: %s would write into the file that %s reads", name,
		  writer, option);
	return -EINVAL;
}

int overwrite_check_path(const struct options *options, const char *option,
			 const char *path)
{
	const struct use inputs[] = {
		{"-r", options->list_names ? NULL : options->read},
		{"-V", options->list},
		{"-F", options->filter_file},
		{"--bytecode", options->bytecode},
	};

	const char *listed = options->list_names;

	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++)
		if (inputs[i].path && is_same(inputs[i].path, path))
			return refuse(inputs[i].path, option, inputs[i].option);
	for (; listed && *listed; listed += strlen(listed) + 1)
		if (is_same(listed, path))
			return refuse(listed, option, "-V");
	return 0;
}

int overwrite_check(const struct options *options)
{
	const struct use outputs[] = {
		{"-w", options->write},
		{"--conn-log", options->conn_log},
		{"--emit-object", options->object},
		{"standard output", "-"},
	};
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(outputs) && !error; i++)
		if (outputs[i].path)
			error = overwrite_check_path(options, outputs[i].option,
						     outputs[i].path);
	return error;
}
