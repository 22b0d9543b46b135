/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Maps for lists that are too long for code: a hash of addresses, or a trie of
 * prefixes if there are nets among them.
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

/* Are there ranges among the members, so that a hash will not do? */
bool maps_is_trie(const struct list *list);

/* How many entries the map needs. */
uint32_t maps_entries(const struct list *list);

/* Write the members into the loaded map. 0 or a negative errno. */
int maps_fill(const struct list *list, int fd);

#endif
