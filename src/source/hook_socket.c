/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The filter of an AF_PACKET socket (net/packet/af_packet.c). It lets nothing
 * through to the socket, so that the socket never queues anything; what we
 * want went into the rings while the filter ran.
 */
#include "src/source/hook_private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

int hook_socket_update(const struct hook *hook, int program)
{
	return setsockopt(hook->fds[0], SOL_SOCKET, SO_ATTACH_BPF, &program,
			  sizeof(program))
		       ? -errno
		       : 0;
}

static int socket_attach(struct hook *hook)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)hook->target.ifindex,
	};
	int type = hook->target.cooked ? SOCK_DGRAM : SOCK_RAW, error;

	/* Protocol 0: it hears nothing before it has its filter. */
	hook->fds[0] = socket(AF_PACKET, type | SOCK_CLOEXEC, 0);
	if (hook->fds[0] < 0)
		return -errno;
	error = hook_socket_update(hook, hook->programs[0]);
	if (error)
		return error;
	if (bind(hook->fds[0], (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return 0;
}

static void socket_detach(struct hook *hook)
{
	if (hook->fds[0] >= 0)
		close(hook->fds[0]);
}

const struct hook_ops HOOK_SOCKET_OPS = {
	.name = "socket",
	.attach = socket_attach,
	.detach = socket_detach,
};
