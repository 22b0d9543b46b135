/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/hook.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

#include "src/source/hook_private.h"

static const struct hook_ops *const KINDS[] = {
	[HOOK_TCX] = &HOOK_TCX_OPS,
	[HOOK_TC] = &HOOK_TC_OPS,
	[HOOK_SOCKET] = &HOOK_SOCKET_OPS,
};

int hook_begin(struct hook **out, enum hook_kind kind, const struct gate *gate,
	       const struct hook_target *target)
{
	struct hook *hook = calloc(1, sizeof(*hook));
	int error;

	if (!hook)
		return -ENOMEM;
	hook->ops = KINDS[kind];
	hook->gate = gate;
	hook->target = *target;
	hook->fds[0] = hook->fds[1] = -1;
	error = hook->ops->begin(hook);
	if (error)
		hook_detach(hook);
	else
		*out = hook;
	return error;
}

int hook_finish(struct hook *hook, const struct tap *tap)
{
	return hook->ops->finish(hook, tap);
}

void hook_detach(struct hook *hook)
{
	if (!hook)
		return;
	hook->ops->detach(hook);
	free(hook);
}

const char *hook_name(enum hook_kind kind)
{
	return kind == HOOK_AUTO ? "auto" : KINDS[kind]->name;
}

int hook_promiscuous(uint32_t ifindex)
{
	struct packet_mreq request = {
		.mr_ifindex = (int)ifindex,
		.mr_type = PACKET_MR_PROMISC,
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request,
		       sizeof(request))) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}
