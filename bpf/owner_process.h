/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * A process, as the kernel knows it: who it is, where it runs, and whether the
 * filter on owners asks for it. None of this is on the way of each packet.
 */
#ifndef BSNIFF_BPF_OWNER_PROCESS_H
#define BSNIFF_BPF_OWNER_PROCESS_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/owner.h"
#include "bpf/owner_kernel.h"

const volatile struct owner_config owner_config SEC(".rodata.owner_config");

static __always_inline struct kernfs_node *
owner_cgroup_parent(struct kernfs_node *node)
{
	struct kernfs_node___parent *older = (void *)node;

	if (bpf_core_field_exists(older->parent))
		return BPF_CORE_READ(older, parent);
	return BPF_CORE_READ(node, __parent);
}

/* The cgroup that one controller puts it into, if that is not in the hierarchy
 * of version 2 and not the root. */
static __always_inline struct kernfs_node *
owner_cgroup_controller(struct css_set *set, int controller)
{
	struct cgroup_subsys_state *state = NULL;
	struct kernfs_node *node;

	bpf_core_read(&state, sizeof(state), &set->subsys[controller]);
	if (BPF_CORE_READ(state, cgroup, root) ==
	    BPF_CORE_READ(set, dfl_cgrp, root))
		return NULL;
	node = BPF_CORE_READ(state, cgroup, kn);
	return node && owner_cgroup_parent(node) ? node : NULL;
}

/* Where @task runs, by version 2; the root where only version 1 is in use. */
static __always_inline struct kernfs_node *
owner_cgroup(struct task_struct *task)
{
	return BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
}

/* What is global, the verifier looks at once, not once a caller; to it, the
 * kernel's pointers are but numbers there. */
#define OWNER_PART __attribute__((noinline))

/* By version 1: the first controller that puts it anywhere says so. @from, a
 * struct css_set; a struct kernfs_node, 0: none does. */
OWNER_PART __u64 owner_controllers(__u64 from)
{
	struct css_set *set = (struct css_set *)from;
	struct kernfs_node *node = NULL;

#define OWNER_TRY_CONTROLLER(id)                                            \
	if (!node && bpf_core_enum_value_exists(enum cgroup_subsys_id, id)) \
		node = owner_cgroup_controller(                             \
			set,                                                \
			(int)bpf_core_enum_value(enum cgroup_subsys_id, id));
	OWNER_TRY_CONTROLLER(memory_cgrp_id)
	OWNER_TRY_CONTROLLER(cpu_cgrp_id)
	OWNER_TRY_CONTROLLER(pids_cgrp_id)
#undef OWNER_TRY_CONTROLLER
	return (__u64)node;
}

static __always_inline struct kernfs_node *
owner_cgroup_version1(struct task_struct *task)
{
	return (struct kernfs_node *)owner_controllers(
		(__u64)BPF_CORE_READ(task, cgroups));
}

/* Fill in @process, all of it. */
static __always_inline void owner_describe(struct owner_process *process,
					   struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	__builtin_memset(process, 0, sizeof(*process));
	/* Which of the kernel's workers it was says nothing. */
	if (BPF_CORE_READ(task, flags) & OWNER_PF_KTHREAD) {
		__builtin_memcpy(process->comm, "kernel", 7);
		return;
	}
	process->tgid = (__u32)BPF_CORE_READ(task, tgid);
	process->start = BPF_CORE_READ(leader, start_boottime);
	process->uid = BPF_CORE_READ(task, cred, euid.val);
	process->cgroup = BPF_CORE_READ(owner_cgroup(task), id) +
			  (BPF_CORE_READ(owner_cgroup_version1(task), id) << 32);
	BPF_CORE_READ_INTO(&process->comm, leader, comm);
}

struct owner_name {
	/* Room behind the name, so that a comparison never leaves it. */
	char text[OWNER_CGROUP_NAME + OWNER_CONTAINER];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner_name);
} owner_names SEC(".maps");

/* Does the name begin with what --container asks for, at its start or behind
 * any '-' or ':' (docker-ID.scope, SLICE:cri-containerd:ID)? */
OWNER_PART int owner_name_wanted(struct owner_name *name)
{
	__u32 length = owner_config.filter.container_length;

	if (!name || length < 1 || length >= OWNER_CONTAINER)
		return 0;
	for (__u32 i = 0; i < OWNER_CGROUP_NAME; i++) {
		if (!name->text[i])
			break;
		if (i && name->text[i - 1] != '-' && name->text[i - 1] != ':')
			continue;
		if (!bpf_strncmp(name->text + i, length,
				 (const char *)owner_config.filter.container))
			return 1;
	}
	return 0;
}

/* Do the names from @first (a struct kernfs_node) outward? */
OWNER_PART int owner_path_wanted(__u64 first)
{
	struct kernfs_node *node = (struct kernfs_node *)first;
	struct owner_name *name;
	__u32 zero = 0;

	name = bpf_map_lookup_elem(&owner_names, &zero);
	if (!name)
		return 0;
	for (int i = 0; i < OWNER_CGROUP_LEVELS && node; i++) {
		name->text[0] = 0;
		bpf_probe_read_kernel_str(name->text, OWNER_CGROUP_NAME,
					  BPF_CORE_READ(node, name));
		if (owner_name_wanted(name))
			return 1;
		node = owner_cgroup_parent(node);
	}
	return 0;
}

static __always_inline int owner_container_wanted(struct task_struct *task)
{
	return owner_path_wanted((__u64)owner_cgroup(task)) ||
	       owner_path_wanted((__u64)owner_cgroup_version1(task));
}

/* @b is volatile for the configuration's sake: it is not what the compiler
 * sees in it. */
static __always_inline int owner_comm_same(const char *a,
					   const volatile char *b)
{
	for (int i = 0; i < OWNER_COMM; i++) {
		if (a[i] != b[i])
			return 0;
		if (!a[i])
			break;
	}
	return 1;
}

/* Does the filter on owners ask for this process? */
static __always_inline __u8 owner_wanted(const struct owner_process *process,
					 struct task_struct *task)
{
	const volatile struct owner_filter *filter = &owner_config.filter;

	if (!filter->wants)
		return 1;
	if (filter->wants & OWNER_WANT_PID && process->tgid != filter->pid)
		return 0;
	if (filter->wants & OWNER_WANT_USER && process->uid != filter->uid)
		return 0;
	if (filter->wants & OWNER_WANT_COMM &&
	    !owner_comm_same(process->comm, filter->comm))
		return 0;
	if (filter->wants & OWNER_WANT_CONTAINER)
		return (__u8)owner_container_wanted(task);
	return 1;
}

#endif
