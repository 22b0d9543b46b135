/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is read must not be what is written: opening a file for writing empties
 * it.
 */
#ifndef BSNIFF_OVERWRITE_H
#define BSNIFF_OVERWRITE_H

#include "src/options.h"

/*
 * See that no output that @options name (or standard output) is one of the
 * files that they read from, whatever the path is called. To be asked before
 * anything is opened. 0; or -EINVAL, and which it is has been said.
 */
int overwrite_check(const struct options *options);

/* The same of the file @path, which @option would write. */
int overwrite_check_path(const struct options *options, const char *option,
			 const char *path);

#endif
