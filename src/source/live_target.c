/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/live_target.h"

#include <errno.h>
#include <string.h>

#include <net/if.h>
#include <pcap/dlt.h>

#include "src/source/device_list.h"

static void put_known_names(const struct interface_list *list,
			    struct strbuf *error)
{
	strbuf_puts(error, " (there are: any");
	for (size_t i = 0; i < list->count; i++)
		strbuf_printf(error, ", %s", list->items[i].name);
	strbuf_putc(error, ')');
}

void live_target_free(struct live_target *target)
{
	interface_list_free(&target->all);
}

int live_find(struct live_target *target, const char *name, enum hook_kind hook,
	      struct strbuf *error)
{
	const struct interface *interface;
	char numbered[IFNAMSIZ];
	struct interface_list list;
	int result = interface_list_read(&list);

	*target = (struct live_target){
		.all = list,
		.backend = hook == HOOK_SOCKET ? FILTER_BACKEND_SOCKET
					       : FILTER_BACKEND_TC};
	if (result) {
		strbuf_printf(error, "cannot list the interfaces: %s",
			      strerror(-result));
		return result;
	}
	interface = interface_find(&list, name);
	if (!interface && device_list_number(name, numbered, IFNAMSIZ)) {
		name = numbered;
		interface = interface_find(&list, name);
	}
	/* The kernel knows further names (ip link property add altname). */
	if (!interface)
		interface = interface_find_index(&list, if_nametoindex(name));
	if (!strcmp(name, "any")) {
		if (hook == HOOK_TCX || hook == HOOK_TC) {
			strbuf_puts(error, "any: all interfaces at once can "
					   "only be had with --hook=socket");
			return -EINVAL;
		}
		strcpy(target->interface.name, "any");
		target->link = TAP_LINK_COOKED;
		target->link_type = DLT_LINUX_SLL2;
		target->backend = FILTER_BACKEND_SOCKET;
		return 0;
	}
	if (!interface) {
		strbuf_printf(error, "%s: No such device exists", name);
		put_known_names(&list, error);
		return -ENODEV;
	}
	if (!(interface->flags & IFF_UP)) {
		strbuf_printf(error, "%s: That device is not up", name);
		return -ENETDOWN;
	}
	target->interface = *interface;
	target->link_type = interface_link_type(interface);
	if (target->link_type != DLT_EN10MB && target->link_type != DLT_RAW) {
		strbuf_printf(error,
			      "%s: bsniff does not know devices of this kind "
			      "(ARPHRD type %u); `-i any` sees its packets",
			      name, interface->hardware_type);
		return -EPFNOSUPPORT;
	}
	target->link = target->link_type == DLT_EN10MB ? TAP_LINK_ETHERNET
						       : TAP_LINK_NONE;
	return 0;
}
