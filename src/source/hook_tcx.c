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
	TCX_INGRESS = 46,   /* BPF_TCX_INGRESS */
	TCX_EGRESS = 47,    /* BPF_TCX_EGRESS */
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
static int attach(struct hook *hook)
{
	static const struct {
		enum tap_direction side;
		uint32_t type, flags;
	} sides[] = {
		{TAP_IN, TCX_INGRESS, TCX_FIRST},
		{TAP_OUT, TCX_EGRESS, TCX_LAST},
	};

	for (int i = 0; i < 2; i++) {
		int fd;

		if (!(hook->target.directions & sides[i].side))
			continue;
		fd = create_link(gate_program_fd(hook->gate, sides[i].side),
				 hook->target.ifindex, sides[i].type,
				 sides[i].flags);
		if (fd == -EINVAL)
			return -EOPNOTSUPP; /* a kernel that knows no TCX */
		if (fd < 0)
			return fd;
		hook->fds[i] = fd;
	}
	return 0;
}

static void *attach_thread(void *argument)
{
	struct hook *hook = argument;

	hook->error = attach(hook);
	return NULL;
}

/* The kernel waits for an RCU grace period a side (tcx_entry_sync), which is
 * most of the start-up time; so others work meanwhile. */
static int tcx_begin(struct hook *hook)
{
	int error = pthread_create(&hook->thread, NULL, attach_thread, hook);

	hook->attaching = !error;
	return -error;
}

static int tcx_finish(struct hook *hook, const struct tap *tap)
{
	(void)tap;
	if (hook->attaching)
		pthread_join(hook->thread, NULL);
	hook->attaching = false;
	return hook->error;
}

static void tcx_detach(struct hook *hook)
{
	tcx_finish(hook, NULL);
	for (int i = 0; i < 2; i++)
		if (hook->fds[i] >= 0)
			close(hook->fds[i]);
}

const struct hook_ops HOOK_TCX_OPS = {
	.name = "tcx",
	.begin = tcx_begin,
	.finish = tcx_finish,
	.detach = tcx_detach,
};
