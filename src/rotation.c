/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/rotation.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "src/base/log.h"

enum { NICEST = 19 };

void rotation_begin(struct rotation *rotation, const struct options *options)
{
	*rotation = (struct rotation){.options = options, .since = time(NULL)};
}

/* Digits of the last of @files numbers that begin with 0. */
static int count_digits(uint64_t files)
{
	int digits = 1;

	for (uint64_t last = files - 1; last >= 10; last /= 10)
		digits++;
	return digits;
}

int rotation_put_path(const struct rotation *rotation, struct strbuf *out)
{
	const struct options *options = rotation->options;
	char path[PATH_MAX];
	struct tm tm;

	if (!options->file_seconds)
		strbuf_puts(out, options->write);
	else if (localtime_r(&rotation->since, &tm) &&
		 strftime(path, sizeof(path), options->write, &tm))
		strbuf_puts(out, path);
	else
		return -EINVAL;
	if (options->file_size && options->files == 1)
		return 0;
	if (options->file_size && options->files)
		strbuf_u64_padded(out, rotation->by_size,
				  (unsigned int)count_digits(options->files));
	else if (rotation->by_size)
		strbuf_u64(out, rotation->by_size);
	return 0;
}

enum rotation_step rotation_step(struct rotation *rotation, uint64_t size)
{
	const struct options *options = rotation->options;
	time_t now;

	if (options->file_seconds) {
		now = time(NULL);
		if (now - rotation->since >= (time_t)options->file_seconds) {
			rotation->since = now;
			rotation->by_time++;
			rotation->by_size = 0;
			return !options->file_size && options->files &&
					       rotation->by_time >=
						       options->files
				       ? ROTATION_END
				       : ROTATION_NEXT;
		}
	}
	if (!options->file_size || size / 1000000 < options->file_size ||
	    size == options->file_size * 1000000)
		return ROTATION_STAY;
	rotation->by_size++;
	if (options->files && rotation->by_size >= options->files)
		rotation->by_size = 0;
	return ROTATION_NEXT;
}

/* In the child. */
static void run_command(const char *command, const char *path)
{
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	setpriority(PRIO_PROCESS, 0, NICEST);
	execlp(command, command, path, (char *)NULL);
	dprintf(STDERR_FILENO, "bsniff: %s %s: %s\n", command, path,
		strerror(errno));
	_exit(1);
}

void rotation_hand_over(const struct rotation *rotation, const char *path)
{
	const char *command = rotation->options->file_command;
	pid_t child;

	if (!command)
		return;
	signal(SIGCHLD, SIG_IGN); /* nobody waits for it */
	child = fork();
	if (!child)
		run_command(command, path);
	if (child < 0)
		log_error("%s %s: %s", command, path, strerror(errno));
}
