/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The pipeline: a source at one end; the connection table, the writer and the
 * printer at the other.
 */
#ifndef BSNIFF_PIPELINE_H
#define BSNIFF_PIPELINE_H

#include "src/options.h"

/*
 * Capture or read as @options say until the end, a signal, the count or the
 * duration; then print counters and summary. Returns the exit status; what
 * went wrong has been said.
 */
int pipeline_run(const struct options *options);

#endif
