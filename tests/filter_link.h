/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the tests of filter objects: link one into a program that calls it, load
 * that, fill its maps, run it.
 */
#ifndef BSNIFF_TESTS_FILTER_LINK_H
#define BSNIFF_TESTS_FILTER_LINK_H

#include "filters/filter.h"

struct bpf_object;

/*
 * @caller is the path of tests/filter_caller.bpf.o. The loaded object, for
 * bpf_object__close(), with the program's descriptor in @fd; or NULL and words
 * in @error. Only the program for the back end is loaded.
 */
struct bpf_object *filter_link(const char *caller, const struct filter *filter,
			       enum filter_backend backend, int *fd,
			       struct strbuf *error);

/* What it returns for a packet of @length bytes, at most 200; 12345 if it could
 * not be run. */
uint32_t filter_link_run(int fd, enum filter_backend backend,
			 const uint8_t *data, uint32_t length);

/* For libbpf_set_print(): warnings as TAP's comments. */
int filter_link_print(int level, const char *format, __builtin_va_list args);

#endif
