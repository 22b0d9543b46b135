/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Maps for lists that are too long for code: a hash of members, or a trie of
 * prefixes if the ranges among them are wide.
 *
 * Keys are: of a hash, a port or an IPv4 address in host byte order, or an IPv6
 * address as it lies in the packet; of a trie, the length of the prefix and the
 * address in network byte order (struct bpf_lpm_trie_key).
 */
#ifndef BSNIFF_FILTERS_MAPS_H
#define BSNIFF_FILTERS_MAPS_H

#include <bpf/libbpf.h>

#include "filters/lists.h"
#include "src/base/strbuf.h"

/* Room for the name of a map. */
#define MAPS_NAME 32

/* What the map of list @number is called. */
void maps_put_name(char name[MAPS_NAME], int number);

/* Are the ranges among the members so wide that a hash will not do? */
bool maps_is_trie(const struct list *list);

/* Bytes of a key. */
uint32_t maps_key_size(const struct list *list);

/* How many entries the map needs. */
uint32_t maps_entries(const struct list *list);

/* Write the members into the loaded map. 0 or a negative errno. */
int maps_fill(const struct list *list, int fd);

#endif
