/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TCX (Linux 6.6, kernel/bpf/tcx.c): each attachment is a bpf_link, so that
 * the kernel removes it when this process ends, however it ends. To attach
 * takes an RCU grace period a side, under the rtnl lock; but packets are seen
 * from its beginning on.
 */
#include "src/source/hook_private.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "src/base/cleanup.h"

/* From <linux/bpf.h> of Linux 6.6, for building with older headers. */
enum {
	TCX_INGRESS = 46,   /* BPF_TCX_INGRESS */
	TCX_EGRESS = 47,    /* BPF_TCX_EGRESS */
	TCX_FIRST = 1 << 3, /* BPF_F_BEFORE, of nothing: before all */
	TCX_LAST = 1 << 4,  /* BPF_F_AFTER */
};

/* First on the way in and last on the way out: packets as on the wire. */
static const struct {
	uint32_t type, flags;
} SIDES[HOOK_SIDES] = {
	[HOOK_SIDE_IN] = {TCX_INGRESS, TCX_FIRST},
	[HOOK_SIDE_OUT] = {TCX_EGRESS, TCX_LAST},
};

static int bpf_call(int command, union bpf_attr *attr)
{
	long result = syscall(__NR_bpf, command, attr, sizeof(*attr));

	return result < 0 ? -errno : (int)result;
}

static int create_link(int program, uint32_t ifindex, int side)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (uint32_t)program;
	attr.link_create.target_ifindex = ifindex;
	attr.link_create.attach_type = SIDES[side].type;
	attr.link_create.flags = SIDES[side].flags;
	fd = bpf_call(BPF_LINK_CREATE, &attr);
	return fd == -EINVAL ? -EOPNOTSUPP : fd; /* it knows no TCX */
}

int hook_tcx_update(const struct hook *hook, int side, int program)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.link_update.link_fd = (uint32_t)hook->fds[side];
	attr.link_update.new_prog_fd = (uint32_t)program;
	return bpf_call(BPF_LINK_UPDATE, &attr);
}

/* Ours let every packet go on; see bpf/tap.bpf.c and bpf/handover.h. */
static bool is_ours(uint32_t id)
{
	static const char *const names[] = {"tap_", "gate_"};
	_cleanup_close_ int fd = bpf_prog_get_fd_by_id(id);
	struct bpf_prog_info info = {0};
	uint32_t length = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &length))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(info.name, names[i], strlen(names[i])))
			return true;
	return false;
}

int hook_tcx_others(uint32_t ifindex, int side)
{
	uint32_t ids[64] = {0};
	union bpf_attr attr;
	int others = 0, error;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = ifindex; /* target_ifindex, since Linux 6.6 */
	attr.query.attach_type = SIDES[side].type;
	attr.query.prog_ids = (uint64_t)(uintptr_t)ids;
	attr.query.prog_cnt = ARRAY_SIZE(ids);
	error = bpf_call(BPF_PROG_QUERY, &attr);
	if (error) /* -ENOENT: nobody is there */
		return error == -EINVAL ? -EOPNOTSUPP : 0;
	for (uint32_t i = 0; i < attr.query.prog_cnt && i < ARRAY_SIZE(ids);
	     i++)
		others += !is_ours(ids[i]);
	return others;
}

static int tcx_attach(struct hook *hook)
{
	for (int side = 0; side < HOOK_SIDES; side++) {
		int fd;

		if (!(hook->target.directions & hook_side_direction(side)))
			continue;
		fd = create_link(hook->programs[side], hook->target.ifindex,
				 side);
		if (fd < 0)
			return fd;
		hook->fds[side] = fd;
	}
	return 0;
}

static void tcx_detach(struct hook *hook)
{
	for (int side = 0; side < HOOK_SIDES; side++) {
		if (hook->fds[side] >= 0)
			close(hook->fds[side]);
		hook->fds[side] = -1;
	}
}

const struct hook_ops HOOK_TCX_OPS = {
	.name = "tcx",
	.attach = tcx_attach,
	.detach = tcx_detach,
};
