/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What can be captured on, numbered: -D, and the numbers that -i takes.
 */
#ifndef BSNIFF_SOURCE_DEVICE_LIST_H
#define BSNIFF_SOURCE_DEVICE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/strbuf.h"

/* A line a device, in tcpdump's words and order. 0, or a negative errno and a
 * line in @error. */
int device_list_put(struct strbuf *out, struct strbuf *error);

/* The device with the number @text in that list, into @name; false if there is
 * none, or @text is no number. */
bool device_list_number(const char *text, char *name, size_t size);

#endif
