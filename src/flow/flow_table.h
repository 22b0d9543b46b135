/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of connections: one for live captures and for files.
 *
 * Live, the kernel's deltas come in through flow_table_merge(); from a file,
 * frames through flow_table_add_frame(), which runs the same bpf/headers.h and
 * bpf/delta.h here. Memory is bounded: when the table is full, the idlest
 * connection is evicted and handed to on_end, so that sums stay exact.
 */
#ifndef BSNIFF_FLOW_FLOW_TABLE_H
#define BSNIFF_FLOW_FLOW_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "src/base/cursor.h"
#include "src/base/frame.h"
#include "src/flow/connection.h"

struct flow_table;

/* Something that happened to a connection. */
struct flow_change {
	enum {
		FLOW_CHANGE_OPEN,	/* its first packet */
		FLOW_CHANGE_ACCEPT,	/* the TCP handshake is complete */
		FLOW_CHANGE_RETRANSMIT, /* count packets of side */
		FLOW_CHANGE_CLOSE,	/* live: both ended it, or one
					   reset it; else, and of a file, its
					   record is closed */
	} kind;
	int side;
	uint32_t count;
	int64_t time; /* ns since the epoch */
};

struct flow_table_options {
	/* At most so many connections at a time; 0: 1,048,576. */
	uint32_t max_connections;
	/* Added to a delta's times (CLOCK_MONOTONIC) to make them ns since the
	 * epoch. See flow_table_set_offset(). */
	int64_t clock_offset;
	/* Of files: TCP and UDP arrived as they were sent, whatever the checksum
	 * says. */
	bool trust_checksums;
	/* Each connection once, when its record is closed (c->end says why),
	 * before the record is reused. NULL: nobody is told. */
	void (*on_end)(const struct connection *c, void *context);
	/* What happens to connections, in about the order of time. NULL:
	 * nobody wants to know. */
	void (*on_change)(const struct connection *c,
			  const struct flow_change *change, void *context);
	/* Each delta, after it was added to side @side of @c. NULL: nobody. */
	void (*on_delta)(const struct connection *c, int side,
			 const struct flow_delta *delta, void *context);
	/* Payload that may hold names, or tell the connection's service:
	 * returns that (see flow_frame.h). */
	uint8_t (*on_payload)(const struct flow_key *key, struct slice payload,
			      void *context);
	void *context;
};

/* Sums over all that was ever merged, connections that ended included. Inner
 * connections (of tunnels) are not in packets and bytes, see
 * connection_is_inner(). */
struct flow_totals {
	uint64_t packets;
	uint64_t segments;
	uint64_t captured_bytes;
	uint64_t wire_bytes;
	uint64_t connections; /* begun */
	uint64_t evicted;     /* for lack of room */
	uint64_t retransmitted;
	uint64_t deltas; /* merged */
};

/* NULL: no memory. */
struct flow_table *flow_table_new(const struct flow_table_options *options);

/* Frees the connections without calling on_end. NULL is allowed. */
void flow_table_free(struct flow_table *table);

static inline void flow_table_freep(struct flow_table **table)
{
	flow_table_free(*table);
}

/* Follow CLOCK_REALTIME when it was set anew. */
void flow_table_set_offset(struct flow_table *table, int64_t clock_offset);

/*
 * Take a delta of the kernel's (it is copied). Deltas wait until
 * flow_table_settle(), which the reader calls when it has all deltas up to some
 * moment (after a flip of the caches and a drain of the rings): there they are
 * merged in order of time. When too many wait, they are merged early. (Of a
 * file, it merges the frames that are held back.) 0 or -ENOMEM.
 */
int flow_table_merge(struct flow_table *table, const struct flow_delta *delta);
int flow_table_settle(struct flow_table *table);

/* Count a frame of a file. 0 or -ENOMEM. */
int flow_table_add_frame(struct flow_table *table, const struct frame *frame);

/* Look at a copied packet that the kernel has counted: at its round trip and at
 * its payload. Of one table, either frames are counted or looked at. 0 or
 * -ENOMEM. */
int flow_table_peek_frame(struct flow_table *table, const struct frame *frame);

/* Close the records of connections that were quiet for longer than their
 * protocol's timeout at @now (ns since the epoch). For live captures, about
 * once a second; files do it by themselves. At most @most records are looked at
 * (0: all), going on where the last call ended: so a reader never stalls. */
void flow_table_expire(struct flow_table *table, int64_t now, uint32_t most);

/* Close all records: on_end for each, with CONNECTION_AT_EXIT if it is none of
 * the other ends. The totals stay. Frames in flight are merged before. */
void flow_table_finish(struct flow_table *table);

/* How many connections are in the table now. */
uint32_t flow_table_count(const struct flow_table *table);

struct flow_totals flow_table_totals(const struct flow_table *table);

/* Bytes of memory that the table holds. */
size_t flow_table_memory(const struct flow_table *table);

/* The connections in the table: start with *position = 0; NULL at the end.
 * The table must not change in between. */
const struct connection *flow_table_next(const struct flow_table *table,
					 uint32_t *position);

/* The connection of a packet with this key (in either direction), or NULL.
 * Not const: src/owner writes its findings into it. */
struct connection *flow_table_find(struct flow_table *table,
				   const struct flow_key *key);

#endif
