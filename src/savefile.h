/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The file of -w: packets, and in pcapng what the program knows of them (whose
 * they are, the names that DNS answers among them gave, how many were lost).
 */
#ifndef BSNIFF_SAVEFILE_H
#define BSNIFF_SAVEFILE_H

#include "filters/filter.h"
#include "src/options.h"
#include "src/owners.h"
#include "src/source/live.h"

struct savefile;

/* All borrowed, for as long as the file is open. */
struct savefile_input {
	const struct options *options;
	const struct source *source;
	const struct live_target *target; /* NULL: the source is a file */
	const struct filter *filter;
	struct owners *owners; /* NULL: nobody asks whose packets are */
};

/* 0 and the caller's *@savefile; or a negative errno after having said why. */
int savefile_open(struct savefile **savefile,
		  const struct savefile_input *input);

/* What else savefile_put() may return; both have been said. */
enum {
	SAVEFILE_FULL = 1, /* -W allows no file for the packet */
	SAVEFILE_STUCK,	   /* the next file cannot be made */
};

/* Add a packet, whose bytes must stay until savefile_release(). 0, SAVEFILE_FULL,
 * SAVEFILE_STUCK or a negative errno, which stays: the file ends with the last packet that
 * fitted. */
int savefile_put(struct savefile *savefile, const struct frame *frame);

/* The bytes of the frames that were put go away. As savefile_put(). */
int savefile_release(struct savefile *savefile);

/* Write out what is buffered. As savefile_put(). */
int savefile_flush(struct savefile *savefile);

/* The source has stopped, and these are its counters: what belongs at the end.
 * As savefile_put(). */
int savefile_finish(struct savefile *savefile,
		    const struct tap_counters *counters);

/* Packets that are in the file, or the files of -C and -G, after a flush; and the
 * path of the latest. */
const char *savefile_path(struct savefile *savefile);
uint64_t savefile_count(const struct savefile *savefile);

/* NULL is allowed. */
void savefile_close(struct savefile *savefile);

#endif
