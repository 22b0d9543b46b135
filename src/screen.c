// SPDX-License-Identifier: BSD-3-Clause
#include "src/screen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "src/base/cleanup.h"

#define HOME	       "\033[H"
#define CLEAR_LINE_END "\033[K"
#define CLEAR_BELOW    "\033[J"

enum {
	COLUMNS_LEAST = 20,
	ROWS_LEAST = 5,
};

struct screen {
	struct termios before;
};

static int take(const struct screen *screen)
{
	struct termios now = screen->before;

	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	now.c_cc[VMIN] = 0;
	now.c_cc[VTIME] = 0;
	return tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

/* Else it is another's, and to touch it would stop us. */
static bool is_ours(void)
{
	return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

struct screen *screen_open(void)
{
	struct screen *screen;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO) || !is_ours())
		return NULL;
	screen = calloc(1, sizeof(*screen));
	if (!screen || tcgetattr(STDIN_FILENO, &screen->before)) {
		free(screen);
		return NULL;
	}
	if (take(screen)) {
		free(screen);
		return NULL;
	}
	return screen;
}

void screen_resume(struct screen *screen)
{
	if (is_ours())
		take(screen);
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	if (is_ours())
		tcsetattr(STDIN_FILENO, TCSANOW, &screen->before);
	free(screen);
}

char screen_key(struct screen *screen)
{
	char key = 0;

	(void)screen;
	return is_ours() && read(STDIN_FILENO, &key, 1) == 1 ? key : 0;
}

void screen_size(const struct screen *screen, unsigned int *columns,
		 unsigned int *rows)
{
	struct winsize size;

	(void)screen;
	*columns = 80;
	*rows = 24;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size))
		return;
	if (size.ws_col)
		*columns = size.ws_col < COLUMNS_LEAST ? COLUMNS_LEAST
						       : size.ws_col;
	if (size.ws_row)
		*rows = size.ws_row < ROWS_LEAST ? ROWS_LEAST : size.ws_row;
}

/* @text's lines, @rows - 1 at most, so that nothing moves up, and @columns
 * characters of each (what is not ASCII is UTF-8). */
static void put_lines(struct strbuf *out, const struct strbuf *text,
		      unsigned int columns, unsigned int rows)
{
	unsigned int line = 1, column = 0;

	/* Lines are cleared before, not behind: behind a full one the cursor
	 * still stands on its last letter. */
	strbuf_puts(out, CLEAR_LINE_END);
	for (size_t i = 0; i < text->length && line < rows; i++) {
		if (text->data[i] == '\n') {
			strbuf_puts(out, "\n" CLEAR_LINE_END);
			line++;
			column = 0;
			continue;
		}
		if (((unsigned char)text->data[i] & 0xc0) != 0x80)
			column++;
		if (column <= columns)
			strbuf_putc(out, text->data[i]);
	}
}

void screen_draw(struct screen *screen, struct strbuf *text)
{
	_cleanup_(strbuf_free) struct strbuf out = STRBUF_INIT;
	unsigned int columns, rows;
	ssize_t written;

	screen_size(screen, &columns, &rows);
	strbuf_puts(&out, HOME);
	put_lines(&out, text, columns, rows);
	strbuf_puts(&out, CLEAR_BELOW);
	/* What the terminal does not take, the next drawing repeats. */
	written = write(STDERR_FILENO, out.data, out.length);
	(void)written;
}
