/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the program says to a person, on standard error: one line a message,
 * `bsniff: what: why`. Packets and tables do not go through here.
 */
#ifndef BSNIFF_BASE_LOG_H
#define BSNIFF_BASE_LOG_H

/* `bsniff: …`: something is wrong. Returns -1, for `return log_error(…)`. */
int log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `bsniff: warning: …`: the run goes on. */
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line that stands for itself (banner, counters). */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
