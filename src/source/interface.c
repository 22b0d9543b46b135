/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/interface.h"

#include <errno.h>
#include <string.h>

#include <linux/if_arp.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/socket.h>
#include <pcap/pcap.h>

static int errno_of_nl(int error)
{
	switch (-error) {
	case NLE_SUCCESS:
		return 0;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
		return -EPERM;
	case NLE_NODEV:
		return -ENODEV;
	case NLE_AGAIN:
		return -EAGAIN;
	default:
		return -EIO;
	}
}

static void free_socket(struct nl_sock **socket)
{
	nl_socket_free(*socket);
}

static void free_cache(struct nl_cache **cache)
{
	nl_cache_free(*cache);
}

static struct interface describe(struct rtnl_link *link)
{
	struct interface interface = {
		.index = (uint32_t)rtnl_link_get_ifindex(link),
		.flags = rtnl_link_get_flags(link),
		.hardware_type = (uint16_t)rtnl_link_get_arptype(link),
		.mtu = rtnl_link_get_mtu(link),
		/* As libpcap counts what the interface drops. */
		.missed = rtnl_link_get_stat(link, RTNL_LINK_RX_MISSED_ERR) +
			  rtnl_link_get_stat(link, RTNL_LINK_RX_FIFO_ERR),
	};
	const char *name = rtnl_link_get_name(link);
	const char *queue = rtnl_link_get_qdisc(link);

	interface.has_queue = !queue || strcmp(queue, "noqueue") != 0;
	if (name)
		strncpy(interface.name, name, sizeof(interface.name) - 1);
	return interface;
}

static int compare_index(const void *a, const void *b)
{
	const struct interface *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

static void add_link(struct nl_object *object, void *user)
{
	struct interface_list *list = user;

	list->items[list->count++] = describe((struct rtnl_link *)object);
}

/* The mask of the first IPv4 address of each interface. */
static void add_netmask(struct nl_object *object, void *user)
{
	struct rtnl_addr *address = (struct rtnl_addr *)object;
	int prefix = rtnl_addr_get_prefixlen(address);
	uint32_t index = (uint32_t)rtnl_addr_get_ifindex(address);

	if (rtnl_addr_get_family(address) != AF_INET || prefix <= 0)
		return;
	for (size_t i = 0; i < ((struct interface_list *)user)->count; i++) {
		struct interface *interface =
			&((struct interface_list *)user)->items[i];

		if (interface->index == index && !interface->netmask)
			interface->netmask =
				__builtin_bswap32(~0u << (32 - prefix));
	}
}

int interface_list_read(struct interface_list *list)
{
	_cleanup_(free_socket) struct nl_sock *socket = nl_socket_alloc();
	_cleanup_(free_cache) struct nl_cache *links = NULL, *addresses = NULL;
	int error;

	*list = (struct interface_list){0};
	if (!socket)
		return -ENOMEM;
	error = nl_connect(socket, NETLINK_ROUTE);
	if (!error)
		error = rtnl_link_alloc_cache(socket, AF_UNSPEC, &links);
	if (!error)
		error = rtnl_addr_alloc_cache(socket, &addresses);
	if (error)
		return errno_of_nl(error);
	list->items = calloc((size_t)nl_cache_nitems(links) + 1,
			     sizeof(*list->items));
	if (!list->items)
		return -ENOMEM;
	nl_cache_foreach(links, add_link, list);
	qsort(list->items, list->count, sizeof(*list->items), compare_index);
	nl_cache_foreach(addresses, add_netmask, list);
	return 0;
}

int interface_list_copy(struct interface_list *to,
			const struct interface_list *from)
{
	*to = (struct interface_list){.count = from->count};
	to->items = calloc(from->count + 1, sizeof(*to->items));
	if (!to->items)
		return -ENOMEM;
	memcpy(to->items, from->items, from->count * sizeof(*to->items));
	return 0;
}

void interface_list_free(struct interface_list *list)
{
	free(list->items);
	*list = (struct interface_list){0};
}

const struct interface *interface_find(const struct interface_list *list,
				       const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i].name, name))
			return &list->items[i];
	return NULL;
}

const struct interface *interface_find_index(const struct interface_list *list,
					     uint32_t index)
{
	struct interface key = {.index = index};

	return list->count ? bsearch(&key, list->items, list->count,
				     sizeof(key), compare_index)
			   : NULL;
}

/* What stands in front of the packets of the devices that Linux has. */
static const struct {
	uint16_t hardware_type;
	int link_type;
} LINK_TYPES[] = {
	{ARPHRD_ETHER, DLT_EN10MB}, {ARPHRD_LOOPBACK, DLT_EN10MB},
	{ARPHRD_NONE, DLT_RAW},	    {ARPHRD_RAWIP, DLT_RAW},
	{ARPHRD_TUNNEL, DLT_RAW},   {ARPHRD_TUNNEL6, DLT_RAW},
	{ARPHRD_SIT, DLT_RAW},	    {ARPHRD_IPGRE, DLT_RAW},
	{ARPHRD_IP6GRE, DLT_RAW},   {ARPHRD_PPP, DLT_RAW},
	{ARPHRD_CISCO, DLT_C_HDLC}, {ARPHRD_RAWHDLC, DLT_RAW},
};

int interface_link_type(const struct interface *interface)
{
	for (size_t i = 0; i < ARRAY_SIZE(LINK_TYPES); i++)
		if (LINK_TYPES[i].hardware_type == interface->hardware_type)
			return LINK_TYPES[i].link_type;
	return -1;
}

bool interface_is_ethernet(const struct interface *interface)
{
	return interface_link_type(interface) == DLT_EN10MB;
}

/* ---- What becomes of them ---- */

struct interface_monitor {
	struct nl_sock *socket;
	interface_event_fn *fn;
	void *user;
};

static void report_link(struct nl_object *object, void *user)
{
	struct interface_monitor *monitor = user;
	struct interface interface;

	if (strcmp(nl_object_get_type(object), "route/link"))
		return;
	interface = describe((struct rtnl_link *)object);
	monitor->fn(monitor->user,
		    nl_object_get_msgtype(object) == RTM_DELLINK
			    ? INTERFACE_GONE
			    : INTERFACE_CHANGED,
		    &interface);
}

static int parse_message(struct nl_msg *message, void *user)
{
	/* AF_BRIDGE messages speak of ports, also RTM_DELLINK when a port
	 * leaves its bridge: the device is still there. */
	const struct ifinfomsg *info = nlmsg_data(nlmsg_hdr(message));

	if (info->ifi_family != AF_BRIDGE)
		nl_msg_parse(message, report_link, user);
	return NL_OK;
}

int interface_monitor_open(struct interface_monitor **out,
			   interface_event_fn *fn, void *user)
{
	struct interface_monitor *monitor = calloc(1, sizeof(*monitor));
	int error;

	if (!monitor)
		return -ENOMEM;
	monitor->fn = fn;
	monitor->user = user;
	monitor->socket = nl_socket_alloc();
	if (!monitor->socket) {
		interface_monitor_free(monitor);
		return -ENOMEM;
	}
	nl_socket_disable_seq_check(monitor->socket);
	nl_socket_modify_cb(monitor->socket, NL_CB_VALID, NL_CB_CUSTOM,
			    parse_message, monitor);
	error = nl_connect(monitor->socket, NETLINK_ROUTE);
	if (!error)
		error = nl_socket_add_memberships(monitor->socket, RTNLGRP_LINK,
						  0);
	if (!error)
		error = nl_socket_set_nonblocking(monitor->socket);
	if (error) {
		interface_monitor_free(monitor);
		return errno_of_nl(error);
	}
	*out = monitor;
	return 0;
}

void interface_monitor_free(struct interface_monitor *monitor)
{
	if (!monitor)
		return;
	nl_socket_free(monitor->socket);
	free(monitor);
}

int interface_monitor_fd(const struct interface_monitor *monitor)
{
	return nl_socket_get_fd(monitor->socket);
}

int interface_monitor_read(struct interface_monitor *monitor)
{
	int error = nl_recvmsgs_default(monitor->socket);

	/* Lost messages (NLE_NOMEM) are made up for by whoever polls next. */
	if (error == -NLE_AGAIN || error == -NLE_NOMEM || error >= 0)
		return 0;
	return errno_of_nl(error);
}
