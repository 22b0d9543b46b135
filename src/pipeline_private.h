/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a pipeline is made of; for src/pipeline*.c only.
 */
#ifndef BSNIFF_PIPELINE_PRIVATE_H
#define BSNIFF_PIPELINE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "dissectors/dissect.h"
#include "dissectors/text.h"
#include "src/connections.h"
#include "src/options.h"
#include "src/owners.h"
#include "src/savefile.h"
#include "src/source/live.h"

/* Printing a packet looks things up in memory. So that it need not wait for
 * them, a few packets are decoded before the first of them is printed. */
enum { AHEAD = 8 };

struct printed {
	struct frame frame;
	struct packet packet;
};

struct pipeline {
	const struct options *options;
	struct filter *filter;
	struct source *source;
	struct source *first;	    /* -V: the first file, once it has ended */
	const char *reading;	    /* -V: the file that is read */
	struct tap_counters before; /* -V: of the files before */
	uint64_t counted_from;	    /* -V: `handled` where the file began */
	struct live_target target;  /* live only */
	bool live;
	struct connections *connections; /* NULL: they are not counted */
	struct owners *owners;		 /* NULL: nobody asks whose they are */
	struct text_printer *printer;	 /* NULL: nothing is printed */
	struct dissect_options dissect;
	struct savefile *savefile; /* NULL: nothing is written */
	struct printed ahead[AHEAD];
	unsigned int ahead_count;
	struct strbuf out; /* lines for standard output */
	bool watched;	   /* standard output is a terminal, or -l */
	uint64_t handled;  /* packets printed, written or counted */
	uint64_t deadline; /* ms, CLOCK_MONOTONIC; 0: none */
	uint64_t flushed;  /* the same: when all was flushed last */
	uint64_t looked;   /* the same: into the flow caches */
	uint64_t emptied;  /* the same: of the flow caches, at any rate */
	uint64_t spilled;  /* flow records sent early until flushed */
	uint64_t told;	   /* of `handled`, with -v -w; UINT64_MAX: nothing */
	uint64_t counted;  /* packets that matched until then */
	bool settling;	   /* what was found there comes soon */
	bool is_full;	   /* -W allows no file for more packets */
	int error;	   /* why it must end; has been said */
	bool quiet_end;	   /* the reader of our output has gone */
};

/*
 * Open both ends, as the options of @p say, and tell of the source. 0 or a
 * negative errno; what went wrong has been said.
 */
int pipeline_open(struct pipeline *p);

/* Go on with the next file of -V. 1; 0: there is none; or a negative errno, and
 * what went wrong has been said. */
int pipeline_open_next(struct pipeline *p);

/* The counters of what has been read or captured so far. */
void pipeline_counters(struct pipeline *p, struct tap_counters *counters);

#endif
