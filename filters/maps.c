/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/maps.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

void maps_put_name(char name[MAPS_NAME], int number)
{
	snprintf(name, MAPS_NAME, "bsniff_list%d", number);
}

static uint64_t count_addresses(const struct list *list)
{
	uint64_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += (uint64_t)list->ranges[i].high[0] -
			 list->ranges[i].low[0] + 1;
	return count;
}

/* Hosts beside each other have become ranges, which nets always are. */
bool maps_is_trie(const struct list *list)
{
	return count_addresses(list) > list->members;
}

/* struct bpf_lpm_trie_key with its address */
struct prefix {
	uint32_t bits;
	uint32_t address; /* network order */
};

/* The longest aligned block that begins at @low and ends by @high. */
static uint32_t block_bits(uint32_t low, uint32_t high)
{
	uint32_t bits = 32;

	while (bits && !(low >> (32 - bits) & 1) &&
	       low + (uint32_t)((1ull << (33 - bits)) - 1) <= high &&
	       low + (uint32_t)((1ull << (33 - bits)) - 1) >= low)
		bits--;
	return bits;
}

/* The prefixes that make up the ranges, into @out unless that is NULL. */
static size_t split(const struct list *list, struct prefix *out)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		uint64_t low = list->ranges[i].low[0];

		while (low <= list->ranges[i].high[0]) {
			uint32_t bits = block_bits((uint32_t)low,
						   list->ranges[i].high[0]);

			if (out)
				out[count] = (struct prefix){
					bits, htonl((uint32_t)low)};
			count++;
			low += 1ull << (32 - bits);
		}
	}
	return count;
}

uint32_t maps_entries(const struct list *list)
{
	return (uint32_t)(maps_is_trie(list) ? split(list, NULL)
					     : count_addresses(list));
}

static int fill(int fd, const void *keys, size_t key_size, uint32_t count)
{
	uint8_t *values _cleanup_free_ = malloc(count ? count : 1);
	uint32_t done = count;

	if (!values)
		return -ENOMEM;
	memset(values, 1, count);
	if (!bpf_map_update_batch(fd, keys, values, &done, NULL))
		return 0;
	/* Maps without a batch operation: one by one. */
	for (uint32_t i = 0; i < count; i++)
		if (bpf_map_update_elem(fd,
					(const uint8_t *)keys + i * key_size,
					values, BPF_ANY))
			return -errno;
	return 0;
}

int maps_fill(const struct list *list, int fd)
{
	uint32_t count = maps_entries(list);
	struct prefix *prefixes _cleanup_free_ = NULL;
	uint32_t *hosts _cleanup_free_ = NULL;

	if (maps_is_trie(list)) {
		prefixes = calloc(count, sizeof(*prefixes));
		if (!prefixes)
			return -ENOMEM;
		split(list, prefixes);
		return fill(fd, prefixes, sizeof(*prefixes), count);
	}
	hosts = calloc(count, sizeof(*hosts));
	if (!hosts)
		return -ENOMEM;
	for (size_t i = 0, n = 0; i < list->count; i++)
		for (uint32_t k = 0;
		     k <= list->ranges[i].high[0] - list->ranges[i].low[0]; k++)
			hosts[n++] = list->ranges[i].low[0] + k;
	return fill(fd, hosts, sizeof(*hosts), count);
}
