/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The addresses that packets to this network namespace carry: those of its
 * interfaces, their broadcast addresses, and all of multicast.
 */
#ifndef BSNIFF_OWNER_LOCAL_ADDRESSES_H
#define BSNIFF_OWNER_LOCAL_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct local_addresses {
	uint8_t (*addresses)[17]; /* sorted: family (4 or 6), then address */
	size_t count;
	int64_t read; /* when, ns, CLOCK_MONOTONIC */
};

void local_addresses_free(struct local_addresses *set);

/* Is @address (network order; IPv4 in the first four bytes, then zeros) one of
 * them? @family is 4 or 6. Looks again, at most once a second, before it says
 * no. */
bool local_addresses_have(struct local_addresses *set, uint8_t family,
			  const uint8_t address[16], int64_t now);

#endif
