/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where connections are kept: their records, in chunks that never move, and an
 * index that finds a record by its canonical key. It knows nothing of what a
 * connection is.
 */
#ifndef BSNIFF_FLOW_CONNECTION_STORE_H
#define BSNIFF_FLOW_CONNECTION_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "src/flow/connection.h"

enum { CONNECTION_CHUNK = 32768 /* records that are in one piece */ };

/* To be read by others; written by connection_store.c only. */
struct connection_store {
	uint64_t seed; /* of connection_store_hash() */
	uint32_t count;

	struct connection **chunks;
	uint32_t chunk_count;
	uint32_t used;	    /* records that were ever handed out */
	uint32_t free_list; /* number + 1 */

	/* Open addressing, linear probing: number + 1 in the lower bits, the
	 * rest of the hash above them, so that few records are looked at in
	 * vain. */
	uint32_t *slots;
	uint32_t slot_mask;
	uint32_t number_mask;
};

/* For at most @most records. 0 or -ENOMEM. */
int connection_store_init(struct connection_store *store, uint32_t most);

/* Frees the records, and what hangs on them. */
void connection_store_free(struct connection_store *store);

/* A seed of its own keeps others from choosing keys that collide. */
uint32_t connection_store_hash(const struct connection_store *store,
			       const struct flow_key *key);

/* The record with this canonical key and its hash, or NULL. */
struct connection *connection_store_find(const struct connection_store *store,
					 const struct flow_key *key,
					 uint32_t hash);

/* Have the way to the record with this hash, if there is one, brought into the
 * CPU's cache: first to its slot, later from there to the record. */
void connection_store_fetch_slot(const struct connection_store *store,
				 uint32_t hash);
void connection_store_fetch(const struct connection_store *store,
			    uint32_t hash);

/* A new record, all zero but for what finds it. There must be none with that
 * key, and less than @most. NULL: no memory. */
struct connection *connection_store_add(struct connection_store *store,
					const struct flow_key *key,
					uint32_t hash);

/* Forget the record, and free what hangs on it. */
void connection_store_remove(struct connection_store *store,
			     struct connection *c);

/* The record with this number, from 0 to store->used - 1; not all are in
 * use. */
static inline struct connection *
connection_store_at(const struct connection_store *store, uint32_t number)
{
	return &store->chunks[number / CONNECTION_CHUNK]
			     [number % CONNECTION_CHUNK];
}

/* Bytes of memory that it has used. */
size_t connection_store_memory(const struct connection_store *store);

#endif
