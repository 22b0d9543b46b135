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

#include <stdbool.h>
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

/* The socket was closed, whose owner is told once more: it stays to be asked
 * for, but is the first to be forgotten. 0 or -ENOMEM. */
int owner_store_gone(struct owner_store *store,
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

/* When packets were seen, ns of CLOCK_MONOTONIC. */
struct owner_period {
	int64_t from, until;
	bool begins; /* the first was a SYN: who uses these addresses had not
			been told of before */
};

/*
 * The owner of the socket with exactly this @tuple (flags do not count) in that
 * period. Of several, the nearest in time; but nobody where a wrong one may be
 * named: where what began was told of before, where two at once may take
 * datagrams, and where events were lost (owner_store_lost()) that may say
 * otherwise. Valid as that of owner_store_owner().
 */
struct owner_end owner_store_find(const struct owner_store *store,
				  const struct owner_tuple *tuple,
				  enum owner_scope scope,
				  struct owner_period period);

/* Events were lost, some time from @from to @until (ns, CLOCK_MONOTONIC). */
void owner_store_lost(struct owner_store *store, int64_t from, int64_t until);

/* May events be missing that happened until then? */
bool owner_store_doubts(const struct owner_store *store,
			struct owner_period period);

/* Have two processes at a time ever had a socket each for one UDP port? */
bool owner_store_shares(const struct owner_store *store);

/* How many sockets it knows. */
size_t owner_store_count(const struct owner_store *store);

/* How many that are not gone are known by their listener only. */
size_t owner_store_unused(const struct owner_store *store);

#endif
