/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The few fields of the kernel's structs that bpf/owner.bpf.c reads. Offsets
 * are put right at load (CO-RE), so order and gaps do not matter.
 */
#ifndef BSNIFF_BPF_OWNER_KERNEL_H
#define BSNIFF_BPF_OWNER_KERNEL_H

#include <linux/types.h>

#define OWNER_AF_INET	 2
#define OWNER_AF_INET6	 10
#define OWNER_PF_KTHREAD 0x00200000 /* of task_struct.flags */

enum owner_tcp_state { /* include/net/tcp_states.h */
		       OWNER_TCP_ESTABLISHED = 1,
		       OWNER_TCP_SYN_SENT,
		       OWNER_TCP_SYN_RECV,
		       OWNER_TCP_FIN_WAIT1,
		       OWNER_TCP_FIN_WAIT2,
		       OWNER_TCP_TIME_WAIT,
		       OWNER_TCP_CLOSE,
		       OWNER_TCP_CLOSE_WAIT,
		       OWNER_TCP_LAST_ACK,
		       OWNER_TCP_LISTEN,
		       OWNER_TCP_NEW_SYN_RECV = 12,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__u32 skc_portpair;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	unsigned char skc_reuse : 4;
	unsigned char skc_reuseport : 1;
	unsigned char skc_ipv6only : 1;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

typedef struct {
	int owned; /* a process has locked it */
} socket_lock_t;

struct sock_reuseport {
	__u16 num_socks;
};

struct sock {
	struct sock_reuseport *sk_reuseport_cb;
	struct sock_common __sk_common;
	socket_lock_t sk_lock;
	__u16 sk_protocol;
	__u8 sk_kern_sock : 1;
};

struct sk_buff {
	struct sock *sk;
};

struct inet_sock {
	__be16 inet_sport;
};

struct tcp_sock {
	__u32 srtt_us; /* << 3 */
	__u32 total_retrans;
};

struct socket {
	struct sock *sk;
};

struct file;

typedef struct {
	__u32 val;
} kuid_t;

struct cred {
	kuid_t euid;
};

struct kernfs_node {
	__u64 id;
	const char *name;
	struct kernfs_node *__parent;
};

/* Before Linux 6.15. */
struct kernfs_node___parent {
	struct kernfs_node *parent;
};

struct cgroup_root;

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root; /* of its hierarchy */
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

enum cgroup_subsys_id {
	cpu_cgrp_id = 1,
	memory_cgrp_id = 4,
	pids_cgrp_id = 11,
};

struct nsproxy {
	struct net *net_ns;
};

struct mm_struct {
	unsigned long arg_start; /* the words of the command line */
	unsigned long arg_end;
};

struct owner_preempt {
	__u32 count;
};

struct thread_info {
	struct owner_preempt preempt; /* not on x86 */
};

/* With PREEMPT_RT. */
struct task_struct___rt {
	int softirq_disable_cnt;
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int flags;
	__s32 tgid;
	struct task_struct *group_leader;
	struct mm_struct *mm;
	__u64 self_exec_id; /* one more with each exec() */
	__u64 start_boottime;
	const struct cred *cred;
	char comm[16];
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop

#endif
