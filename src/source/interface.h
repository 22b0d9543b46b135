/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Network interfaces, through rtnetlink (libnl): which there are, what they
 * are, and what becomes of them.
 */
#ifndef BSNIFF_SOURCE_INTERFACE_H
#define BSNIFF_SOURCE_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <net/if.h>

#include "src/base/cleanup.h"

struct interface {
	uint32_t index;
	char name[IFNAMSIZ];
	bool has_queue;		/* packets that go out may wait there (qdisc) */
	uint32_t flags;		/* IFF_* */
	uint16_t hardware_type; /* ARPHRD_* */
	uint32_t mtu;
	uint64_t missed;	/* packets it had no room for; in a list only */
	uint32_t
		netmask; /* of the first IPv4 address; network order, 0: none */
};

struct interface_list {
	struct interface *items; /* sorted by index */
	size_t count;
};

/* All interfaces of this network namespace. 0 or a negative errno. */
int interface_list_read(struct interface_list *list);
int interface_list_copy(struct interface_list *to,
			const struct interface_list *from);
void interface_list_free(struct interface_list *list);
DEFINE_CLEANUP(struct interface_list *, interface_list_free)

/* NULL if there is none. Borrowed from @list. */
const struct interface *interface_find(const struct interface_list *list,
				       const char *name);
const struct interface *interface_find_index(const struct interface_list *list,
					     uint32_t index);

/* The link type (DLT_) that tcpdump would give it, -1 if it has none that we
 * know. libpcap's pcap-linux.c, map_arphrd_to_dlt(). */
int interface_link_type(const struct interface *interface);

/* Is there an Ethernet header in front of its packets? */
bool interface_is_ethernet(const struct interface *interface);

/* ---- What becomes of them ---- */

struct interface_monitor;

enum interface_event {
	INTERFACE_CHANGED, /* new, or its flags or its name are different */
	INTERFACE_GONE,
};

/* Called for each change of any interface. */
typedef void interface_event_fn(void *user, enum interface_event event,
				const struct interface *interface);

int interface_monitor_open(struct interface_monitor **monitor,
			   interface_event_fn *fn, void *user);
void interface_monitor_free(struct interface_monitor *monitor);
/* For epoll: readable when interface_monitor_read() has something to do. */
int interface_monitor_fd(const struct interface_monitor *monitor);
int interface_monitor_read(struct interface_monitor *monitor);

#endif
