/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * Processes that user space has been told of: each once, until it changes.
 */
#ifndef BSNIFF_BPF_OWNER_TOLD_H
#define BSNIFF_BPF_OWNER_TOLD_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/owner.h"
#include "bpf/owner_kernel.h"
#include "bpf/owner_process.h"
#include "bpf/owner_socket.h"

struct owner_identity {
	__u64 start;
	__u32 tgid;
	__u32 uid;
};

struct owner_told {
	__u64 cgroup;
	__u64 exec; /* task_struct.self_exec_id */
	char comm[OWNER_COMM];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct owner_identity);
	__type(value, struct owner_told);
} owner_told SEC(".maps");

/* Put the names from @first (a struct kernfs_node) outward behind those that are
 * there. */
OWNER_PART int owner_names_put(struct owner_process_event *event, __u64 first)
{
	static const char rest[] = "...\0";
	const __u32 most = OWNER_CGROUP_NAMES - OWNER_CGROUP_NAME - 8;
	struct kernfs_node *node = (struct kernfs_node *)first;
	__u32 at;

	if (!event)
		return 0;
	at = event->length;
	for (int i = 0; i < OWNER_CGROUP_LEVELS && node && at <= most; i++) {
		long n = bpf_probe_read_kernel_str(event->names + at,
						   OWNER_CGROUP_NAME,
						   BPF_CORE_READ(node, name));

		if (n <= 0 || n > OWNER_CGROUP_NAME)
			break;
		at += (__u32)n;
		node = owner_cgroup_parent(node);
	}
	if (node && at <= most + OWNER_CGROUP_NAME) {
		__builtin_memcpy(event->names + at, rest, sizeof(rest));
		at += sizeof(rest);
	}
	event->length = at;
	return 0;
}

static __always_inline void
owner_process_fill(struct owner_process_event *event,
		   const struct owner_process *process,
		   struct task_struct *task)
{
	event->type = OWNER_EVENT_PROCESS;
	event->length = 0;
	event->process = *process;
	owner_names_put(event, (__u64)owner_cgroup(task));
	owner_names_put(event, (__u64)owner_cgroup_version1(task));
}

/* Only a process's own time is that of its memory: user space must see for
 * others. So it must for what is not there any more, or longer. */
static __noinline int owner_command_tell(const struct owner_process *process)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct owner_command_event *event;
	__u64 start, end, length;

	event = bpf_ringbuf_reserve(&owner_events, sizeof(*event), 0);
	if (!event) {
		owner_lost();
		return 0;
	}
	event->type = OWNER_EVENT_COMMAND;
	event->length = 0;
	event->total = 0;
	event->process = *process;
	start = BPF_CORE_READ(task, mm, arg_start);
	end = BPF_CORE_READ(task, mm, arg_end);
	if (process->tgid == (__u32)task->tgid && start && end > start) {
		event->total = length = end - start;
		barrier_var(length); /* it is this one that is bounded */
		if (length > OWNER_COMMAND)
			length = OWNER_COMMAND;
		if (!bpf_probe_read_user(event->text, (__u32)length,
					 (void *)start))
			event->length = (__u32)length;
	}
	owner_submit(event);
	return 0;
}

/* Tell of @process unless that has been done. */
static __noinline int owner_process_tell(const struct owner_process *process,
					 struct task_struct *task)
{
	struct owner_identity key = {.tgid = process->tgid,
				     .uid = process->uid,
				     .start = process->start};
	struct owner_told told = {
		.cgroup = process->cgroup,
		.exec = BPF_CORE_READ(task, group_leader, self_exec_id),
	};
	struct owner_process_event *event;
	const struct owner_told *before;

	__builtin_memcpy(told.comm, process->comm, OWNER_COMM);
	before = bpf_map_lookup_elem(&owner_told, &key);
	if (before && before->cgroup == told.cgroup &&
	    before->exec == told.exec &&
	    owner_comm_same(before->comm, told.comm))
		return 0;
	event = bpf_ringbuf_reserve(&owner_events, sizeof(*event), 0);
	if (!event) {
		owner_lost();
		return 0;
	}
	owner_process_fill(event, process, task);
	owner_submit(event);
	if (owner_config.command_lines && process->tgid)
		owner_command_tell(process);
	bpf_map_update_elem(&owner_told, &key, &told, BPF_ANY);
	return 0;
}

#endif
