/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the options to what they ask for: where to capture, a compiled filter.
 */
#ifndef BSNIFF_REQUEST_H
#define BSNIFF_REQUEST_H

#include "filters/filter.h"
#include "src/options.h"
#include "src/source/live.h"

/*
 * Open the file @path ("-": standard input) into *@source, the caller's, and,
 * if it @is_told, say so as tcpdump does. 0, or a negative errno after having
 * said why.
 */
int request_file(struct source **source, const char *path, bool is_told);

/* Tell of a file that is read after others. */
void request_say_file(const struct source *source, const char *path);

/* Read the list of -V, if there is one, into options->list_names, and make the
 * first of them options->read. 0, or a negative errno after having said why. */
int request_list(struct options *options);

/* What a filter is compiled for. */
struct request_subject {
	int link_type;	    /* a DLT_ value */
	uint32_t snapshot;  /* what a match returns */
	const char *device; /* the interface; NULL: a file */
	uint32_t netmask;   /* of the interface, network order; 0: unknown */
};

/*
 * Compile what the options ask for: the expression, -F's or --bytecode's file.
 * 0 and the caller's *@filter; or a negative errno after having said why.
 */
int request_compile(struct filter **filter, const struct options *options,
		    const struct request_subject *subject);

/*
 * The interface of -i, or the first of -D's list; its name into @name of @size
 * bytes. 0, or a negative errno after having said why; live_target_free()
 * either way.
 */
int request_target(struct live_target *target, const struct options *options,
		   char *name, size_t size);

/* Say which link type @target has, where tcpdump does: with -y, and of `any`. */
void request_say_link_type(const struct options *options,
			   const struct live_target *target);

#endif
