/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clsact qdisc, for kernels before 6.6 (net/sched/cls_bpf.c). What is put
 * there stays when the process dies, so each filter carries a name that says
 * whose it is: "bsniff:SPACE:PID:START:LIFE", with ":q" behind it when the qdisc
 * is ours too: made by us, or by a bsniff that was there already. SPACE is the
 * namespace in which PID counts, by its inode: a container's processes are
 * strangers. START is the process's start time in clock ticks, from
 * /proc/PID/stat, since process ids come again.
 *
 * LIFE tells across namespaces: it is the id of a BPF map that nothing but the
 * process holds, so that it goes with the process. These ids are the kernel's,
 * the same in all namespaces, and come again after two thousand million others
 * only (map_idr, kernel/bpf/syscall.c).
 */
#include "src/source/hook_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/stat.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include <bpf/bpf.h>

#include "src/base/cleanup.h"

enum {
	PRIORITY_FIRST = 1,
	PRIORITY_LAST = 65535,
	OWNER_LENGTH = 64,
};

/* Of the name of a filter of ours. */
#define OWNER_PREFIX "bsniff:"

#define LIFE_NAME "bsniff_life"

static const uint32_t PARENTS[HOOK_SIDES] = {
	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
};

static void free_socket(struct nl_sock **socket)
{
	nl_socket_free(*socket);
}

static void free_message(struct nl_msg **message)
{
	nlmsg_free(*message);
}

/* ---- Requests ---- */

static struct nl_sock *open_socket(void)
{
	struct nl_sock *socket = nl_socket_alloc();

	if (socket && nl_connect(socket, NETLINK_ROUTE)) {
		nl_socket_free(socket);
		return NULL;
	}
	return socket;
}

static struct nl_msg *make_message(int type, int flags, const struct tcmsg *tc)
{
	struct nl_msg *message = nlmsg_alloc_simple(type, flags);

	if (message && nlmsg_append(message, (void *)tc, sizeof(*tc), 4)) {
		nlmsg_free(message);
		return NULL;
	}
	return message;
}

/* The kernel's own errno: libnl's folded ones say less. */
static int keep_errno(struct sockaddr_nl *from, struct nlmsgerr *error,
		      void *user)
{
	(void)from;
	*(int *)user = error->error;
	return NL_STOP;
}

/* Send @message, which is used up, and wait for the answer. */
static int transact(struct nl_sock *socket, struct nl_msg *message)
{
	int kernel_error = 0;
	int error;

	nl_socket_modify_err_cb(socket, NL_CB_CUSTOM, keep_errno,
				&kernel_error);
	error = nl_send_sync(socket, message);
	if (kernel_error)
		return kernel_error;
	return error < 0 ? -EIO : 0;
}

static int change_qdisc(struct nl_sock *socket, uint32_t ifindex, int type,
			int flags)
{
	struct tcmsg tc = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = TC_H_CLSACT,
		.tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
	};
	struct nl_msg *message = make_message(type, flags, &tc);

	if (!message)
		return -ENOMEM;
	nla_put_string(message, TCA_KIND, "clsact");
	return transact(socket, message);
}

static struct tcmsg filter_header(uint32_t ifindex,
				  const struct tc_filter *filter)
{
	return (struct tcmsg){
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = filter->parent,
		.tcm_handle = filter->handle,
		.tcm_info = TC_H_MAKE(filter->priority << 16, htons(ETH_P_ALL)),
	};
}

static int add_filter(struct nl_sock *socket, uint32_t ifindex,
		      const struct tc_filter *filter, int program,
		      const char *owner)
{
	struct tcmsg tc = filter_header(ifindex, filter);
	struct nl_msg *message =
		make_message(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, &tc);
	struct nlattr *options;

	if (!message)
		return -ENOMEM;
	nla_put_string(message, TCA_KIND, "bpf");
	options = nla_nest_start(message, TCA_OPTIONS);
	nla_put_u32(message, TCA_BPF_FD, (uint32_t)program);
	nla_put_string(message, TCA_BPF_NAME, owner);
	nla_put_u32(message, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	nla_nest_end(message, options);
	return transact(socket, message);
}

static int delete_filter(struct nl_sock *socket, uint32_t ifindex,
			 const struct tc_filter *filter)
{
	struct tcmsg tc = filter_header(ifindex, filter);
	struct nl_msg *message = make_message(RTM_DELTFILTER, 0, &tc);

	if (!message)
		return -ENOMEM;
	nla_put_string(message, TCA_KIND, "bpf");
	return transact(socket, message);
}

/* ---- Whose filter is it? ---- */

/* When @pid was started, in clock ticks since boot; 0: there is no such
 * process. proc(5), field 22 of /proc/PID/stat. */
static unsigned long long start_time(int pid)
{
	char path[32], line[1024], *after;
	_cleanup_fclose_ FILE *file = NULL;
	unsigned long long start;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		return 0;
	/* The name may hold anything, also ") ". */
	after = strrchr(line, ')');
	if (!after || sscanf(after + 1,
			     " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u "
			     "%*u %*d %*d %*d %*d %*d %*d %llu",
			     &start) != 1)
		return 0;
	return start;
}

/* A filter on the interface, seen in a dump. */
struct found {
	struct tc_filter filter;
	char owner[OWNER_LENGTH];
};

struct dump {
	uint32_t parent;
	bool qdisc;    /* a living bsniff would remove the qdisc */
	size_t others; /* filters that we would not remove, */
	size_t foreign; /* and of these, those that are no bsniff's */
	size_t count;
	struct found items[64]; /* those a dead bsniff has left */
};

/* The namespace of process ids, by its inode; 0: not known. */
static unsigned long long pid_space(void)
{
	struct stat status;

	return stat("/proc/self/ns/pid", &status) ? 0 : status.st_ino;
}

static int map_info(int map, struct bpf_map_info *info)
{
	uint32_t length = sizeof(*info);

	*info = (struct bpf_map_info){0};
	return bpf_obj_get_info_by_fd(map, info, &length);
}

/* A map that lives as long as we do; its id, 0 if there is none, in *@id. */
static int make_life(uint32_t *id)
{
	struct bpf_map_info info;
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, LIFE_NAME, 4, 4, 1, NULL);

	*id = map >= 0 && !map_info(map, &info) ? info.id : 0;
	return map;
}

/* Whether the map with that id is gone for certain: to look for it takes
 * CAP_SYS_ADMIN. */
static bool life_has_ended(uint32_t id)
{
	struct bpf_map_info info;
	int map = bpf_map_get_fd_by_id(id);
	bool ended = map < 0 ? errno == ENOENT
			     : !map_info(map, &info) &&
				       strcmp(info.name, LIFE_NAME) != 0;

	if (map >= 0)
		close(map);
	return ended;
}

static bool is_left_over(const char *owner)
{
	unsigned long long space, start;
	uint32_t life = 0;
	int pid;

	if (sscanf(owner, OWNER_PREFIX "%llu:%d:%llu:%u", &space, &pid, &start,
		   &life) < 3)
		return false;
	if (space == pid_space())
		return start_time(pid) != start;
	return life && life_has_ended(life);
}

/* Whether who removes the filter of this name last removes the qdisc, too. */
static bool owns_qdisc(const char *owner)
{
	size_t length = strlen(owner);

	return !strncmp(owner, OWNER_PREFIX, strlen(OWNER_PREFIX)) &&
	       !strcmp(owner + length - 2, ":q");
}

static int read_filter(struct nl_msg *message, void *user)
{
	struct dump *dump = user;
	struct nlmsghdr *header = nlmsg_hdr(message);
	struct tcmsg *tc = nlmsg_data(header);
	struct nlattr *attributes[TCA_MAX + 1], *options[TCA_BPF_MAX + 1];
	const char *owner = "";

	if (header->nlmsg_type != RTM_NEWTFILTER ||
	    nlmsg_parse(header, sizeof(*tc), attributes, TCA_MAX, NULL) ||
	    !attributes[TCA_OPTIONS] || !tc->tcm_handle)
		return NL_OK; /* the head of a chain, not a filter */
	if (!nla_parse_nested(options, TCA_BPF_MAX, attributes[TCA_OPTIONS],
			      NULL) &&
	    attributes[TCA_KIND] &&
	    !strcmp(nla_get_string(attributes[TCA_KIND]), "bpf") &&
	    options[TCA_BPF_NAME])
		owner = nla_get_string(options[TCA_BPF_NAME]);
	if (!is_left_over(owner) || dump->count == ARRAY_SIZE(dump->items)) {
		dump->others++;
		dump->qdisc |= owns_qdisc(owner);
		dump->foreign += strncmp(owner, OWNER_PREFIX,
					 strlen(OWNER_PREFIX)) != 0;
		return NL_OK;
	}
	dump->items[dump->count].filter = (struct tc_filter){
		.parent = dump->parent,
		.priority = TC_H_MAJ(tc->tcm_info) >> 16,
		.handle = tc->tcm_handle,
	};
	snprintf(dump->items[dump->count].owner, OWNER_LENGTH, "%s", owner);
	dump->count++;
	return NL_OK;
}

static int dump_filters(struct nl_sock *socket, uint32_t ifindex,
			struct dump *dump)
{
	struct tcmsg tc = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = dump->parent,
	};
	_cleanup_(free_message) struct nl_msg *message =
		make_message(RTM_GETTFILTER, NLM_F_DUMP, &tc);
	int kernel_error = 0, error;

	if (!message)
		return -ENOMEM;
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, read_filter,
			    dump);
	nl_socket_modify_err_cb(socket, NL_CB_CUSTOM, keep_errno,
				&kernel_error);
	error = nl_send_auto(socket, message);
	if (error >= 0)
		error = nl_recvmsgs_default(socket);
	if (kernel_error)
		return kernel_error;
	return error < 0 ? -EIO : 0;
}

/* Remove the qdisc unless somebody has a filter there. */
static void delete_unused_qdisc(struct nl_sock *socket, uint32_t ifindex)
{
	struct dump *dump = calloc(1, sizeof(*dump));
	bool used = !dump;

	for (size_t i = 0; i < ARRAY_SIZE(PARENTS) && !used; i++) {
		dump->parent = PARENTS[i];
		used = dump_filters(socket, ifindex, dump) || dump->others ||
		       dump->count;
	}
	if (!used)
		change_qdisc(socket, ifindex, RTM_DELQDISC, 0);
	free(dump);
}

int hook_tc_others(uint32_t ifindex, int side)
{
	_cleanup_(free_socket) struct nl_sock *socket = open_socket();
	_cleanup_free_ struct dump *dump = calloc(1, sizeof(*dump));

	if (!socket || !dump)
		return 0;
	dump->parent = PARENTS[side];
	return dump_filters(socket, ifindex, dump) ? 0 : (int)dump->foreign;
}

int hook_tc_clean(uint32_t ifindex)
{
	_cleanup_(free_socket) struct nl_sock *socket = open_socket();
	_cleanup_free_ struct dump *dump = calloc(1, sizeof(*dump));
	bool qdisc = false;
	int removed = 0;

	if (!socket || !dump)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(PARENTS); i++) {
		dump->parent = PARENTS[i];
		dump->count = 0;
		if (dump_filters(socket, ifindex, dump))
			continue; /* no clsact there: nothing to clean */
		for (size_t k = 0; k < dump->count; k++) {
			const struct found *found = &dump->items[k];

			if (delete_filter(socket, ifindex, &found->filter))
				continue;
			removed++;
			qdisc |= owns_qdisc(found->owner);
		}
	}
	if (qdisc)
		delete_unused_qdisc(socket, ifindex);
	return removed;
}

/* ---- Attach and detach ---- */

/* Whether the qdisc goes with the last bsniff that is there. */
static bool inherit_qdisc(struct nl_sock *socket, uint32_t ifindex)
{
	_cleanup_free_ struct dump *dump = calloc(1, sizeof(*dump));

	for (size_t i = 0; dump && i < ARRAY_SIZE(PARENTS); i++) {
		dump->parent = PARENTS[i];
		dump_filters(socket, ifindex, dump);
	}
	return dump && dump->qdisc;
}

/* Processes of another namespace may have our number. */
static int add_free_filter(struct hook *hook, struct nl_sock *socket, int side,
			   struct tc_filter *filter, const char *owner)
{
	enum { TRIES = 64 };
	int error = -EEXIST;

	for (int i = 0; i < TRIES && error == -EEXIST; i++) {
		error = add_filter(socket, hook->target.ifindex, filter,
				   hook->programs[side], owner);
		if (error == -EEXIST)
			filter->handle += 0x10000;
	}
	return error;
}

static int tc_attach(struct hook *hook)
{
	static const uint32_t priorities[HOOK_SIDES] = {PRIORITY_FIRST,
							PRIORITY_LAST};
	_cleanup_(free_socket) struct nl_sock *socket = open_socket();
	char owner[OWNER_LENGTH];
	uint32_t life;
	int error;

	if (!socket)
		return -ENOMEM;
	hook->fds[0] = make_life(&life);
	error = change_qdisc(socket, hook->target.ifindex, RTM_NEWQDISC,
			     NLM_F_CREATE | NLM_F_EXCL);
	if (error && error != -EEXIST)
		return error == -ENOENT ? -EOPNOTSUPP : error;
	hook->made_qdisc =
		!error || inherit_qdisc(socket, hook->target.ifindex);
	snprintf(owner, sizeof(owner), OWNER_PREFIX "%llu:%d:%llu:%u%s",
		 pid_space(), getpid(), start_time(getpid()), life,
		 hook->made_qdisc ? ":q" : "");
	for (int i = 0; i < HOOK_SIDES; i++) {
		struct tc_filter filter = {
			.parent = PARENTS[i],
			.priority = priorities[i],
			.handle = (uint32_t)getpid(),
		};

		if (!(hook->target.directions & hook_side_direction(i)))
			continue;
		error = add_free_filter(hook, socket, i, &filter, owner);
		if (error)
			return error;
		hook->filters[i] = filter;
	}
	return 0;
}

static void tc_detach(struct hook *hook)
{
	_cleanup_(free_socket) struct nl_sock *socket = open_socket();

	if (!socket)
		return;
	for (int i = 0; i < HOOK_SIDES; i++) {
		if (hook->filters[i].parent)
			delete_filter(socket, hook->target.ifindex,
				      &hook->filters[i]);
		hook->filters[i].parent = 0;
	}
	if (hook->made_qdisc)
		delete_unused_qdisc(socket, hook->target.ifindex);
	hook->made_qdisc = false;
	if (hook->fds[0] >= 0)
		close(TAKE_FD(hook->fds[0]));
}

const struct hook_ops HOOK_TC_OPS = {
	.name = "tc",
	.attach = tc_attach,
	.detach = tc_detach,
};
