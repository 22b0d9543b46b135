/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The terminal as a screen for --interval: the table is drawn in its place,
 * and keys choose what it is sorted by. ANSI sequences only (ECMA-48).
 */
#ifndef BSNIFF_SCREEN_H
#define BSNIFF_SCREEN_H

#include "src/base/strbuf.h"

struct screen;

/* Take the terminal (keys come at once, without echo). NULL when standard input
 * or standard error is none, or another program has it. */
struct screen *screen_open(void);

/* Take it again: after SIGCONT, when the shell has had it meanwhile. */
void screen_resume(struct screen *screen);

/* Give it back. NULL is allowed. */
void screen_close(struct screen *screen);

/* The next key that was pressed, or 0. Does not wait. */
char screen_key(struct screen *screen);

/* How large it is now; at least 20 and 5. */
void screen_size(const struct screen *screen, unsigned int *columns,
		 unsigned int *rows);

/* Draw @text (lines) in place of what was there. What does not fit is left
 * out: lines, and the ends of lines. */
void screen_draw(struct screen *screen, struct strbuf *text);

#endif
