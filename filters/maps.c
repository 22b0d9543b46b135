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

/* A member as a number; 32 or 128 bits of it count. */
__extension__ typedef unsigned __int128 number;

/* More members than that are not counted one by one. */
#define MANY ((uint64_t)1 << 32)

static number number_of(const struct list *list, const uint32_t *words)
{
	number n = 0;

	for (int w = 0; w < list_words(list); w++)
		n = n << 32 | words[w];
	return n;
}

/* What the ranges hold, at most MANY. */
static uint64_t count_all(const struct list *list)
{
	uint64_t count = 0;

	for (size_t i = 0; i < list->count && count < MANY; i++) {
		const struct list_range *range = &list->ranges[i];
		number most = number_of(list, range->high) -
			      number_of(list, range->low);

		count += most < MANY ? (uint64_t)most + 1 : MANY;
	}
	return count < MANY ? count : MANY;
}

/* A hash is some times faster, so narrow ranges go into it member by member. */
bool maps_is_trie(const struct list *list)
{
	return list->kind != LIST_PORT &&
	       count_all(list) > 2 * list->members + 1024;
}

uint32_t maps_key_size(const struct list *list)
{
	return (uint32_t)(4 * list_words(list) + (maps_is_trie(list) ? 4 : 0));
}

/* ---- Keys ---- */

struct keys {
	const struct list *list;
	bool trie;
	uint32_t size; /* of one */
	uint8_t *at;   /* NULL: they are only counted */
	size_t count;
};

static void put_number(uint8_t *at, const struct list *list, number n)
{
	for (int w = list_words(list); w--; n >>= 32) {
		uint32_t word = htonl((uint32_t)n);

		memcpy(at + 4 * w, &word, sizeof(word));
	}
}

static void add_key(struct keys *keys, number n, uint32_t bits)
{
	const struct list *list = keys->list;
	uint8_t *at = keys->at;
	uint32_t word = (uint32_t)n;

	keys->count++;
	if (!at)
		return;
	keys->at += keys->size;
	if (keys->trie) {
		memcpy(at, &bits, sizeof(bits));
		put_number(at + 4, list, n);
	} else if (list->kind == LIST_IPV6) {
		put_number(at, list, n);
	} else {
		memcpy(at, &word, sizeof(word));
	}
}

/* The largest aligned block that begins at @low and ends by @high: its bits
 * that are free. */
static uint32_t free_bits(number low, number high, uint32_t width)
{
	uint32_t bits = 0;

	while (bits < width && !(low >> bits & 1) &&
	       (bits + 1 == 128 ? ~(number)0 : ((number)1 << (bits + 1)) - 1) <=
		       high - low)
		bits++;
	return bits;
}

static void add_prefixes(struct keys *keys, number low, number high)
{
	uint32_t width = (uint32_t)(32 * list_words(keys->list));

	for (;;) {
		uint32_t bits = free_bits(low, high, width);
		number last =
			bits == 128 ? high : low + (((number)1 << bits) - 1);

		add_key(keys, low, width - bits);
		if (last == high)
			return;
		low = last + 1;
	}
}

/* All keys into @at, unless that is NULL; their number. */
static size_t put_keys(const struct list *list, uint8_t *at)
{
	struct keys all = {.list = list,
			   .trie = maps_is_trie(list),
			   .size = maps_key_size(list),
			   .at = at};
	struct keys *keys = &all;

	for (size_t i = 0; i < list->count; i++) {
		number low = number_of(list, list->ranges[i].low);
		number high = number_of(list, list->ranges[i].high);

		if (keys->trie) {
			add_prefixes(keys, low, high);
			continue;
		}
		for (number n = low;; n++) {
			add_key(keys, n, 0);
			if (n == high)
				break;
		}
	}
	return all.count;
}

uint32_t maps_entries(const struct list *list)
{
	return (uint32_t)put_keys(list, NULL);
}

static int fill(int fd, const uint8_t *keys, size_t key_size, uint32_t count)
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
		if (bpf_map_update_elem(fd, keys + i * key_size, values,
					BPF_ANY))
			return -errno;
	return 0;
}

int maps_fill(const struct list *list, int fd)
{
	uint32_t count = maps_entries(list);
	size_t size = maps_key_size(list);
	uint8_t *bytes _cleanup_free_ = calloc(count ? count : 1, size);

	if (!bytes)
		return -ENOMEM;
	put_keys(list, bytes);
	return fill(fd, bytes, size, count);
}
