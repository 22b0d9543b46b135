/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A part of the tap: one program, loaded by a thread of its own, since the
 * verifier takes its time. All parts work on the same maps.
 */
#ifndef BSNIFF_SOURCE_TAP_PART_H
#define BSNIFF_SOURCE_TAP_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/libbpf.h>

#include "bpf/contract.h"
#include "src/base/strbuf.h"

struct tap_part;

struct tap_part_options {
	const void *bytes; /* of the object that has the program; borrowed, for
			      as long as the part is */
	size_t length;
	const char *program;	   /* its name; static */
	struct bpf_object *maps;   /* loaded, borrowed: maps of these names */
	struct tap_config config;  /* filled in by the caller */
	int stage; /* enum tap_stage: put it there when loaded; -1: nowhere */
	bool foreign; /* of another program type than the stages: with `stages`
			 of its own, where nothing is */
};

/* Begin to load it. 0 and the caller's *@part, or a negative errno. */
int tap_part_begin(struct tap_part **part,
		   const struct tap_part_options *options);

/* Wait until it is loaded: 0, or a negative errno and a line in @error (with
 * @verbose, with the verifier's log, each line after a newline). */
int tap_part_finish(struct tap_part *part, bool verbose, struct strbuf *error);

/* Of the program, after tap_part_finish(). Owned by the part. */
int tap_part_fd(const struct tap_part *part);

/* Waits, and unloads. NULL is allowed. */
void tap_part_free(struct tap_part *part);

/* Set the configuration, for the verifier to know. 0 or a negative errno. */
int tap_part_set_config(struct bpf_object *object,
			const struct tap_config *config);

#endif
