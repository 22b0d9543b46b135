/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Linking the tap with a filter, in memory, and loading the result.
 */
#ifndef BSNIFF_SOURCE_TAP_LINK_H
#define BSNIFF_SOURCE_TAP_LINK_H

#include <stddef.h>

#include "filters/filter.h"
#include "src/base/strbuf.h"

struct bpf_object;

/* An object file in memory. */
struct tap_image {
	const void *bytes;
	size_t length;
};

/*
 * bpf/tap.bpf.o + the object of @filter -> one object file, to be released by
 * the caller. 0, or a negative errno and a line in @error.
 */
int tap_link_make(struct tap_image *image, const struct filter *filter,
		  enum filter_backend backend, struct strbuf *error);
void tap_image_release(struct tap_image *image);

/* bpf_object__load(). When the verifier refuses, -EINVAL and why in @error, in
 * one line. -EPERM when privileges are missing. */
int tap_link_load(struct bpf_object *object, struct strbuf *error);

/*
 * Load what was refused once more, an object made anew, to have the verifier
 * log each instruction, which is slow: the last lines of the log go behind
 * @error, each after a newline. They name the classic instructions.
 */
void tap_link_put_log(struct bpf_object *object, struct strbuf *error);

#endif
