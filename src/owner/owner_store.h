/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sockets and the processes that own them, as the kernel told of them. No
 * system call, no BPF in here.
 *
 * Bounded: when there are as many sockets as allowed, the one that has been
 * gone for longest is forgotten, or else the oldest.
 */
#ifndef BSNIFF_OWNER_OWNER_STORE_H
#define BSNIFF_OWNER_OWNER_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/owner.h"
#include "src/owner/owner.h"

struct owner_store;

/* NULL: no memory. */
struct owner_store *owner_store_new(size_t max_sockets);
void owner_store_free(struct owner_store *store);

/* 0 or -ENOMEM. */
int owner_store_process(struct owner_store *store,
			const struct owner_process_event *event);
int owner_store_socket(struct owner_store *store,
		       const struct owner_event *event);

/* Keep @command (text, copied; NULL: not known) as the command line of a
 * process. */
void owner_store_command(struct owner_store *store,
			 const struct owner_process *process,
			 const char *command);

/* The socket was closed: it stays to be asked for, but is the first to be
 * forgotten. */
void owner_store_gone(struct owner_store *store,
		      const struct owner_event *event);

/* The owner that an event names; NULL if it was never heard of. Valid until
 * the next owner_store_process() or owner_store_socket(). */
const struct owner *owner_store_owner(const struct owner_store *store,
				      const struct owner_process *process);

enum owner_scope {
	OWNER_HERE,	 /* in tuple->netns */
	OWNER_HERE_DUAL, /* there, and the socket takes IPv4 as well */
	OWNER_ELSEWHERE, /* in another namespace, if only one has it */
};

/*
 * The owner of the socket with exactly this @tuple (flags do not count) at some
 * time from @from to @until (ns, CLOCK_MONOTONIC); when none fits, the latest.
 * Valid as that of owner_store_owner().
 */
struct owner_end owner_store_find(const struct owner_store *store,
				  const struct owner_tuple *tuple,
				  enum owner_scope scope, int64_t from,
				  int64_t until);

/* How many sockets it knows. */
size_t owner_store_count(const struct owner_store *store);

/* How many that are not gone are known by their listener only. */
size_t owner_store_unused(const struct owner_store *store);

#endif
