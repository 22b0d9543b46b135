/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The processes that the kernel told of, for owner_store.c. One to which no
 * socket refers is kept among the last 16,384 such.
 */
#ifndef BSNIFF_OWNER_PROCESS_TABLE_H
#define BSNIFF_OWNER_PROCESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "bpf/owner.h"
#include "src/owner/circle.h"
#include "src/owner/owner.h"

struct process {
	struct link link;     /* in table->idle, when nobody refers to it */
	struct process *next; /* in its slot */
	struct owner_process key;
	struct owner owner;
	size_t references;
};

struct process_table {
	struct process **slots;
	size_t slot_count; /* 2^n */
	struct link idle;
	size_t idle_count;
};

/* False: no memory; it may be freed all the same. */
bool process_table_init(struct process_table *table);

/* When nobody refers to a process any more. */
void process_table_free(struct process_table *table);

/* NULL: never heard of, or forgotten. */
struct process *process_find(const struct process_table *table,
			     const struct owner_process *key);

/* Found or made; not referred to yet, so only good until the next is made.
 * NULL: no memory. */
struct process *process_get(struct process_table *table,
			    const struct owner_process *key);

/* A socket is the process's; and no more. */
void process_refer(struct process_table *table, struct process *process);
void process_release(struct process_table *table, struct process *process);

/* Where it runs: the control groups that @event names. 0 or -ENOMEM. */
int process_place(struct process *process,
		  const struct owner_process_event *event);

#endif
