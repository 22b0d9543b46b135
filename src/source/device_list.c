/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/device_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <net/if.h>
#include <pcap/pcap.h>

#include "src/base/cleanup.h"

static void free_devices(pcap_if_t **devices)
{
	if (*devices)
		pcap_freealldevs(*devices);
}

/* libpcap lists things that are no network interfaces, such as USB buses and
 * D-Bus; we cannot look there. */
static bool is_ours(const pcap_if_t *device)
{
	return !strcmp(device->name, "any") || if_nametoindex(device->name);
}

static void put_flags(const pcap_if_t *device, struct strbuf *out)
{
	static const struct {
		bpf_u_int32 flag;
		const char *text;
	} plain[] = {
		{PCAP_IF_UP, "Up"},
		{PCAP_IF_RUNNING, "Running"},
		{PCAP_IF_LOOPBACK, "Loopback"},
		{PCAP_IF_WIRELESS, "Wireless"},
	};
	const char *separator = "";

	strbuf_puts(out, " [");
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++) {
		if (!(device->flags & plain[i].flag))
			continue;
		strbuf_printf(out, "%s%s", separator, plain[i].text);
		separator = ", ";
	}
	switch (device->flags & PCAP_IF_CONNECTION_STATUS) {
	case PCAP_IF_CONNECTION_STATUS_CONNECTED:
		strbuf_printf(out, "%sConnected", separator);
		break;
	case PCAP_IF_CONNECTION_STATUS_DISCONNECTED:
		strbuf_printf(out, "%sDisconnected", separator);
		break;
	default:
		if (!*separator)
			strbuf_puts(out, "none");
	}
	strbuf_puts(out, "]");
}

static int find_devices(pcap_if_t **devices, struct strbuf *error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";

	if (!pcap_findalldevs(devices, reason))
		return 0;
	strbuf_puts(error, reason);
	return -EIO;
}

int device_list_put(struct strbuf *out, struct strbuf *error)
{
	_cleanup_(free_devices) pcap_if_t *devices = NULL;
	int number = 0;
	int result = find_devices(&devices, error);

	for (const pcap_if_t *d = devices; d; d = d->next) {
		if (!is_ours(d))
			continue;
		strbuf_printf(out, "%d.%s", ++number, d->name);
		if (d->description)
			strbuf_printf(out, " (%s)", d->description);
		put_flags(d, out);
		strbuf_putc(out, '\n');
	}
	return result;
}

bool device_list_number(const char *text, char *name, size_t size)
{
	_cleanup_(free_devices) pcap_if_t *devices = NULL;
	struct strbuf error = STRBUF_INIT;
	char *end;
	long number = strtol(text, &end, 10);

	if (end == text || *end || number < 1)
		return false;
	find_devices(&devices, &error);
	strbuf_free(&error);
	for (const pcap_if_t *d = devices; d; d = d->next) {
		if (!is_ours(d) || --number)
			continue;
		snprintf(name, size, "%s", d->name);
		return true;
	}
	return false;
}
