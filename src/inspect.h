/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is done instead of capturing: looking at filters and link types. Each
 * returns the exit status; what went wrong has been said.
 */
#ifndef BSNIFF_INSPECT_H
#define BSNIFF_INSPECT_H

#include "src/options.h"

/* -d, -dd, -ddd: print the compiled filter. */
int inspect_list_filter(const struct options *options);

/* --explain: print the filter in each of its forms; with -r, for each packet
 * (at most -c of them) which test decided. */
int inspect_explain(const struct options *options);

/* --emit-object: write the filter as an eBPF object. */
int inspect_emit_object(const struct options *options);

/* -L: print the link types of the interface. -J: where its times come from. */
int inspect_link_types(const struct options *options);
int inspect_time_stamps(const struct options *options);

/* Write @text, all there is to say, to standard output. */
int inspect_print(const struct strbuf *text);

#endif
