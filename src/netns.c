/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"

int netns_enter(const char *name)
{
	_cleanup_close_ int fd = -1;
	char path[4096];
	int error;

	snprintf(path, sizeof(path), "%s%s",
		 strchr(name, '/') ? "" : "/run/netns/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !setns(fd, CLONE_NEWNET))
		return 0;
	error = -errno;
	log_error("--netns=%s: %s%s", name, strerror(-error),
		  error == -EPERM ? " (it takes CAP_SYS_ADMIN, or sudo)" : "");
	return error;
}
