/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Members of lists as ranges of numbers.
 */
#ifndef BSNIFF_FILTERS_LISTS_RANGE_H
#define BSNIFF_FILTERS_LISTS_RANGE_H

#include "filters/lists.h"

/* What the text of one member says, the way libpcap reads it. False where that
 * is not plain: names, and nets with host bits set, stay libpcap's. */
bool range_read_host(const char *text, enum list_kind *kind,
		     struct list_range *range);
bool range_read_net(const char *text, enum list_kind *kind,
		    struct list_range *range);
bool range_read_ports(const char *text, bool is_range,
		      struct list_range *range);

/* -1, 0, 1: numbers of @words words. */
int range_compare(const uint32_t *a, const uint32_t *b, size_t words);

/* Sort the list's ranges and join those that meet. */
void range_unite(struct list *list);

#endif
