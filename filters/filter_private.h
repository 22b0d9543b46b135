/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a filter is made of; for filters/filter*.c only.
 */
#ifndef BSNIFF_FILTERS_FILTER_PRIVATE_H
#define BSNIFF_FILTERS_FILTER_PRIVATE_H

#include "filters/classic.h"
#include "filters/filter.h"
#include "filters/lists.h"
#include "filters/run.h"

struct filter_parts;

/* A jump back is followed that often over a file's packet: far more than any
 * header chain is long, and an end for programs that have none. */
#define FILE_TURNS 65536

struct filter {
	struct filter_request request; /* its texts are ours, below */
	char *expression, *device;
	struct classic plain;	 /* what is meant: libpcap, not optimised */
	struct lists lists;	 /* what stands behind marks in plain */
	struct list_site *sites; /* where; NULL: nowhere */
	struct run_program *run; /* NULL: the reference runs it */
	bool matches_all;
	struct filter_parts *parts; /* found when --explain asks for them */
};

/* Of filter_explain.c: the parts, not yet found. NULL: memory ran out. */
struct filter_parts *filter_parts_new(void);
void filter_parts_free(struct filter_parts *parts);

#endif
