/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals as questions: has one come since the last time?
 */
#ifndef BSNIFF_SIGNALS_H
#define BSNIFF_SIGNALS_H

#include <stdbool.h>

/* SIGINT, SIGTERM and SIGHUP ask to stop, SIGUSR1 for the counters, SIGUSR2 to
 * flush, SIGWINCH and SIGCONT to draw. A broken pipe is an error of the write,
 * not a signal. */
void signals_install(void);

/* For epoll, edge triggered: an edge for each signal, so that one which comes
 * just before a wait ends that, too. -1: there is none, and it may not. */
int signals_fd(void);

bool signals_stop_asked(void);	   /* stays true */
bool signals_counters_asked(void); /* once for each signal */
bool signals_flush_asked(void);	   /* once for each signal */
bool signals_draw_asked(void);	   /* once for each signal */

#endif
