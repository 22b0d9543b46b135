/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_SIZE = 17, LOOK_AGAIN = 1000000000 };

void local_addresses_free(struct local_addresses *set)
{
	free(set->addresses);
	*set = (struct local_addresses){0};
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, ADDRESS_SIZE);
}

static bool address_of(const struct sockaddr *from, uint8_t to[ADDRESS_SIZE])
{
	memset(to, 0, ADDRESS_SIZE);
	if (!from)
		return false;
	if (from->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)from;

		to[0] = 4;
		memcpy(to + 1, &in->sin_addr, 4);
		return true;
	}
	if (from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)from;

		to[0] = 6;
		memcpy(to + 1, &in6->sin6_addr, 16);
		return true;
	}
	return false;
}

static void read_all(struct local_addresses *set, int64_t now)
{
	struct ifaddrs *list = NULL, *item;
	size_t n = 0;

	set->read = now;
	if (getifaddrs(&list))
		return;
	for (item = list; item; item = item->ifa_next)
		n += 2;
	free(set->addresses);
	set->count = 0;
	set->addresses = calloc(n + 1, sizeof(*set->addresses));
	for (item = list; set->addresses && item; item = item->ifa_next) {
		set->count +=
			address_of(item->ifa_addr, set->addresses[set->count]);
		if (item->ifa_flags & IFF_BROADCAST)
			set->count += address_of(item->ifa_broadaddr,
						 set->addresses[set->count]);
	}
	freeifaddrs(list);
	if (set->count)
		qsort(set->addresses, set->count, ADDRESS_SIZE, compare);
}

static bool find(const struct local_addresses *set,
		 const uint8_t key[ADDRESS_SIZE])
{
	return set->count &&
	       bsearch(key, set->addresses, set->count, ADDRESS_SIZE, compare);
}

static bool is_everybody(uint8_t family, const uint8_t address[16])
{
	static const uint8_t broadcast[4] = {255, 255, 255, 255};

	if (family == 6)
		return address[0] == 0xff;
	return (address[0] & 0xf0) == 0xe0 || address[0] == 127 ||
	       !memcmp(address, broadcast, sizeof(broadcast));
}

bool local_addresses_have(struct local_addresses *set, uint8_t family,
			  const uint8_t address[16], int64_t now)
{
	uint8_t key[ADDRESS_SIZE] = {family};

	if (is_everybody(family, address))
		return true;
	memcpy(key + 1, address, 16);
	if (set->read && find(set, key))
		return true;
	if (set->read && now - set->read < LOOK_AGAIN)
		return false;
	read_all(set, now);
	return find(set, key);
}
