/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TCX (Linux 6.6, kernel/bpf/tcx.c): each attachment is a bpf_link, so that
 * the kernel removes it when this process ends, however it ends.
 */
#include "src/source/hook_private.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

/* From <linux/bpf.h> of Linux 6.6, for building with older headers. */
enum {
	TCX_INGRESS = 46, /* BPF_TCX_INGRESS */
	TCX_EGRESS = 47,  /* BPF_TCX_EGRESS */
	TCX_FIRST = 1 << 3, /* BPF_F_BEFORE, of nothing: before all */
	TCX_LAST = 1 << 4,  /* BPF_F_AFTER */
};

static int create_link(int program, uint32_t ifindex, uint32_t type,
		       uint32_t flags)
{
	union bpf_attr attr;
	long fd;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (uint32_t)program;
	attr.link_create.target_ifindex = ifindex;
	attr.link_create.attach_type = type;
	attr.link_create.flags = flags;
	fd = syscall(__NR_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : (int)fd;
}

/* First on the way in and last on the way out: packets as on the wire. */
static int tcx_attach(struct hook *hook, const struct tap *tap,
		      const struct hook_target *target)
{
	static const struct {
		uint32_t direction;
		enum tap_program program;
		uint32_t type, flags;
	} sides[] = {
		{TAP_IN, TAP_PROGRAM_INGRESS, TCX_INGRESS, TCX_FIRST},
		{TAP_OUT, TAP_PROGRAM_EGRESS, TCX_EGRESS, TCX_LAST},
	};

	for (int i = 0; i < 2; i++) {
		int fd;

		if (!(target->directions & sides[i].direction))
			continue;
		fd = create_link(tap_program_fd(tap, sides[i].program),
				 target->ifindex, sides[i].type,
				 sides[i].flags);
		if (fd == -EINVAL)
			return -EOPNOTSUPP; /* a kernel that knows no TCX */
		if (fd < 0)
			return fd;
		hook->fds[i] = fd;
	}
	return 0;
}

static void tcx_detach(struct hook *hook)
{
	for (int i = 0; i < 2; i++)
		if (hook->fds[i] >= 0)
			close(hook->fds[i]);
}

const struct hook_ops HOOK_TCX_OPS = {
	.name = "tcx",
	.attach = tcx_attach,
	.detach = tcx_detach,
};
