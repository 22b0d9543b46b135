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

int hook_attach(struct hook **out, enum hook_kind kind, const struct tap *tap,
		enum tap_group group, const struct hook_target *target)
{
	struct hook *hook = calloc(1, sizeof(*hook));
	int error;

	if (!hook)
		return -ENOMEM;
	*hook = (struct hook){.ops = KINDS[kind], .target = *target};
	for (int side = 0; side < HOOK_SIDES; side++) {
		hook->programs[side] = tap_program_fd(
			tap, group, hook_side_direction(side));
		hook->fds[side] = -1;
	}
	error = hook->ops->attach(hook);
	if (error)
		hook_detach(hook);
	else
		*out = hook;
	return error;
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

bool hook_tcx_is_there(uint32_t ifindex)
{
	return hook_tcx_others(ifindex, HOOK_SIDE_IN) >= 0;
}

bool hook_egress_is_shared(uint32_t ifindex)
{
	return hook_tcx_others(ifindex, HOOK_SIDE_OUT) > 0 ||
	       hook_tc_others(ifindex, HOOK_SIDE_OUT);
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
