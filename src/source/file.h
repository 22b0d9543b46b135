/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A capture file (pcap, pcapng) as a source.
 */
#ifndef BSNIFF_SOURCE_FILE_H
#define BSNIFF_SOURCE_FILE_H

#include <stdint.h>

#include "filters/filter.h"
#include "src/base/strbuf.h"
#include "src/source/source.h"

/*
 * Open the file at @path ("-": standard input). 0 and the caller's *@source;
 * or a negative errno and a line in @error.
 */
int file_open(struct source **source, const char *path, struct strbuf *error);

/* What to keep of it: packets that match @filter (borrowed; NULL: all), of
 * these every @sample-th (0: none) as frames. Before the first poll. */
void file_set_filter(struct source *source, const struct filter *filter,
		     uint32_t sample);

#endif
