/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which process a packet, or a connection, belongs to; live captures only.
 *
 * The kernel keeps the owner with each socket (bpf/owner.bpf.c) and tells of
 * changes; the table remembers, also what is closed by now, and answers for
 * addresses and ports. See src/owner/README.md.
 */
#ifndef BSNIFF_OWNER_OWNER_TABLE_H
#define BSNIFF_OWNER_OWNER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "bpf/owner.h"
#include "src/base/strbuf.h"
#include "src/owner/owner.h"
#include "src/owner/owner_program.h"
#include "src/owner/owner_store.h"

struct owner_table;

struct owner_options {
	/* Sockets remembered at a time; 0: 262,144. */
	size_t max_sockets;
	/* Whose packets are wanted; wants == 0: everybody's. */
	struct owner_filter filter;
	/* Note each process's command line as it was when it was first seen. */
	bool command_lines;
	/* Says who sends, so that not all of the machine's sends are traced. */
	struct owner_tap tap;
};

/*
 * Begin, in the network namespace of the calling thread: from now on the owner
 * of each socket is known, also of those that are open already. 0 and the
 * caller's *@table; or a negative errno and a line in @error, so that the
 * caller can say so once and go on without: -EPERM for lack of privileges,
 * -ENOTSUP for lack of kernel.
 */
int owner_start(struct owner_table **table, const struct owner_options *options,
		struct strbuf *error);
void owner_free(struct owner_table *table);

/* Take in what the kernel has told since. Cheap when there is nothing.
 * @is_last: and now what had better wait for a while. */
void owner_poll(struct owner_table *table, bool is_last);

/*
 * Who sends what @key describes (ends[0]) and who receives it (ends[1]); on
 * loopback both may be known. @period is when packets were seen, but in ns
 * since the epoch: addresses and ports may have been used more than once. A
 * socket with exactly these addresses counts first, then one that is not
 * connected, then one of another network namespace (containers behind a
 * bridge). Owners are valid until the next owner_poll().
 */
void owner_find(struct owner_table *table, const struct flow_key *key,
		struct owner_period period, struct owner_end ends[2]);

/* Is @end (0: source, 1: destination) of @key an address of this network
 * namespace? */
bool owner_is_here(struct owner_table *table, const struct flow_key *key,
		   int end);

/* The map of owners by socket, for the tap's filter on owners. */
int owner_sockets_map(const struct owner_table *table);

/* Is the owner known before the first packet is sent? Without, the first
 * datagram of a socket is decided by who made it. */
bool owner_sees_first(const struct owner_table *table);

/* Another number after each owner_poll() that has changed anything: answers of
 * owner_find() hold for as long as it stays. Never 0. */
uint64_t owner_generation(const struct owner_table *table);

/* Events that the kernel had no room for. Owners may be missing then. */
uint64_t owner_lost(const struct owner_table *table);

#endif
