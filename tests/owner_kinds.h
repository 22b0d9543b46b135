/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Real programs that use sockets in all the ways that make it hard to say
 * whose a connection is. Each process reports what is true of its own end.
 */
#ifndef BSNIFF_TESTS_OWNER_KINDS_H
#define BSNIFF_TESTS_OWNER_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/contract.h"

enum { TRUTH_NAME = 16 };

/* One end of a connection, from the process that owns it. */
struct truth {
	struct flow_key key; /* from this end to the other */
	uint32_t kind;	     /* index into KINDS */
	uint32_t pid;
	uint32_t uid;
	char name[TRUTH_NAME];
	int64_t time; /* ns of CLOCK_REALTIME: when that is true; ports are
		       * used again */
};

/* What the processes of a test have in common. */
struct stage {
	int report;  /* pipe: struct truth */
	int hold[2]; /* pipe: reading ends when they may end */
	int rounds;
	int round;
	uint32_t kind;
};

struct kind {
	const char *name;
	/* Runs one connection in processes of its own, and waits for those
	 * that end by themselves. */
	void (*run)(const struct stage *stage);
	bool before; /* run before owners are watched */
	int ends;    /* how many ends a connection reports */
	bool silent; /* no packet of it is sent */
};

extern const struct kind KINDS[];
extern const size_t KIND_COUNT;

#endif
