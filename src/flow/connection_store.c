// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/connection_store.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "bpf/delta.h"

/*
 * Memory that is reached here and there: large pages, so that the way to each
 * place is not looked up in memory too, and none of it before it is touched.
 */
#define LARGE_PAGE ((size_t)2 << 20)
#define CHUNK_SIZE (CONNECTION_CHUNK * sizeof(struct connection))

/* @size bytes of zeros; NULL: no memory. */
static void *take_pages(size_t size, bool large)
{
	size_t room = large ? size + LARGE_PAGE : size, before;
	uint8_t *at = mmap(NULL, room, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	if (!large)
		return at;
	before = -(uintptr_t)at & (LARGE_PAGE - 1);
	if (before)
		munmap(at, before);
	if (before < LARGE_PAGE)
		munmap(at + before + size, LARGE_PAGE - before);
	madvise(at + before, size, MADV_HUGEPAGE);
	return at + before;
}

static size_t slots_size(uint32_t mask)
{
	return ((size_t)mask + 1) * sizeof(uint32_t);
}

int connection_store_init(struct connection_store *store, uint32_t most)
{
	*store = (struct connection_store){.slot_mask = 1023, .number_mask = 1};
	/* Without randomness it works as well, until somebody is hostile. */
	if (getrandom(&store->seed, sizeof(store->seed), GRND_NONBLOCK) < 0)
		store->seed = 0x5851f42d4c957f2dull;
	while (store->number_mask < most)
		store->number_mask = store->number_mask * 2 + 1;
	store->slots = take_pages(slots_size(store->slot_mask), false);
	return store->slots ? 0 : -ENOMEM;
}

void connection_store_free(struct connection_store *store)
{
	for (uint32_t i = 0; i < store->used; i++)
		if (connection_store_at(store, i)->in_use)
			connection_release(connection_store_at(store, i));
	for (uint32_t i = 0; i < store->chunk_count; i++)
		munmap(store->chunks[i], CHUNK_SIZE);
	free(store->chunks);
	if (store->slots)
		munmap(store->slots, slots_size(store->slot_mask));
}

size_t connection_store_memory(const struct connection_store *store)
{
	size_t bytes = store->used * sizeof(struct connection) +
		       slots_size(store->slot_mask);

	for (uint32_t i = 0; i < store->used; i++)
		bytes += connection_extra_memory(connection_store_at(store, i));
	return bytes;
}

uint32_t connection_store_hash(const struct connection_store *store,
			       const struct flow_key *key)
{
	return (uint32_t)delta_key_hash(key, store->seed);
}

static struct connection *slot_record(const struct connection_store *store,
				      uint32_t slot)
{
	return connection_store_at(store, (slot & store->number_mask) - 1);
}

static uint32_t make_slot(const struct connection_store *store, uint32_t number,
			  uint32_t hash)
{
	return (hash & ~store->number_mask) | (number + 1);
}

/* The slot that leads to the key's record, or the empty one where it would
 * be. */
static uint32_t *find_slot(const struct connection_store *store,
			   const struct flow_key *key, uint32_t hash)
{
	uint32_t at = hash & store->slot_mask;

	for (; store->slots[at]; at = (at + 1) & store->slot_mask) {
		const struct connection *c;

		if ((store->slots[at] ^ hash) & ~store->number_mask)
			continue;
		c = slot_record(store, store->slots[at]);
		if (c->hash == hash && delta_key_equal(&c->key, key))
			break;
	}
	return &store->slots[at];
}

struct connection *connection_store_find(const struct connection_store *store,
					 const struct flow_key *key,
					 uint32_t hash)
{
	const uint32_t *slot = find_slot(store, key, hash);

	return *slot ? slot_record(store, *slot) : NULL;
}

void connection_store_fetch_slot(const struct connection_store *store,
				 uint32_t hash)
{
	__builtin_prefetch(&store->slots[hash & store->slot_mask]);
}

void connection_store_fetch(const struct connection_store *store, uint32_t hash)
{
	uint32_t at = hash & store->slot_mask;

	for (; store->slots[at]; at = (at + 1) & store->slot_mask) {
		const uint8_t *record;

		if ((store->slots[at] ^ hash) & ~store->number_mask)
			continue;
		record = (const void *)slot_record(store, store->slots[at]);
		for (size_t i = 0; i < sizeof(struct connection); i += 64)
			__builtin_prefetch(record + i, 1);
		return;
	}
}

static int grow_slots(struct connection_store *store)
{
	uint32_t mask = store->slot_mask * 2 + 1;
	size_t size = slots_size(mask);
	uint32_t *slots = take_pages(size, size >= LARGE_PAGE);

	if (!slots)
		return -ENOMEM;
	munmap(store->slots, slots_size(store->slot_mask));
	store->slots = slots;
	store->slot_mask = mask;
	for (uint32_t i = 0; i < store->used; i++) {
		const struct connection *c = connection_store_at(store, i);
		uint32_t at;

		if (!c->in_use)
			continue;
		at = c->hash & mask;
		while (slots[at])
			at = (at + 1) & mask;
		slots[at] = make_slot(store, i, c->hash);
	}
	return 0;
}

static int add_chunk(struct connection_store *store)
{
	size_t bytes = (store->chunk_count + 1) * sizeof(*store->chunks);
	struct connection **chunks = realloc(store->chunks, bytes);

	if (!chunks)
		return -ENOMEM;
	store->chunks = chunks;
	/* Where there are few, no page is touched but for them. */
	chunks[store->chunk_count] =
		take_pages(CHUNK_SIZE, store->chunk_count > 0);
	if (!chunks[store->chunk_count])
		return -ENOMEM;
	store->chunk_count++;
	return 0;
}

struct connection *connection_store_add(struct connection_store *store,
					const struct flow_key *key,
					uint32_t hash)
{
	struct connection *c;
	uint32_t number;

	if (store->count + store->count / 4 >= store->slot_mask &&
	    grow_slots(store))
		return NULL;
	if (store->free_list) {
		number = store->free_list - 1;
		store->free_list =
			connection_store_at(store, number)->next_free;
	} else {
		if (store->used == store->chunk_count * CONNECTION_CHUNK &&
		    add_chunk(store))
			return NULL;
		number = store->used++;
	}
	c = connection_store_at(store, number);
	memset(c, 0, sizeof(*c));
	c->key = *key;
	c->hash = hash;
	c->in_use = 1;
	*find_slot(store, key, hash) = make_slot(store, number, hash);
	store->count++;
	return c;
}

/* Take the record out of the slots and close the hole behind it. */
static uint32_t remove_slot(struct connection_store *store,
			    const struct connection *c)
{
	uint32_t *slot = find_slot(store, &c->key, c->hash);
	uint32_t number = (*slot & store->number_mask) - 1;
	uint32_t hole = (uint32_t)(slot - store->slots);
	uint32_t at = hole;

	for (;;) {
		uint32_t home;

		at = (at + 1) & store->slot_mask;
		if (!store->slots[at])
			break;
		home = slot_record(store, store->slots[at])->hash &
		       store->slot_mask;
		if (((at - home) & store->slot_mask) <
		    ((at - hole) & store->slot_mask))
			continue;
		store->slots[hole] = store->slots[at];
		hole = at;
	}
	store->slots[hole] = 0;
	return number;
}

void connection_store_remove(struct connection_store *store,
			     struct connection *c)
{
	uint32_t number = remove_slot(store, c);

	connection_release(c);
	memset(c, 0, sizeof(*c));
	c->next_free = store->free_list;
	store->free_list = number + 1;
	store->count--;
}
