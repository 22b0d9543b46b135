// SPDX-License-Identifier: BSD-3-Clause
#include "src/screen.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define HOME_AND_CLEAR "\033[H\033[J"
#define TO_LINE_END    "\033[K"

struct screen {
	struct termios before;
};

struct screen *screen_open(void)
{
	struct screen *screen;
	struct termios now;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO) ||
	    tcgetpgrp(STDIN_FILENO) != getpgrp())
		return NULL;
	screen = calloc(1, sizeof(*screen));
	if (!screen || tcgetattr(STDIN_FILENO, &screen->before)) {
		free(screen);
		return NULL;
	}
	now = screen->before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	now.c_cc[VMIN] = 0;
	now.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &now)) {
		free(screen);
		return NULL;
	}
	return screen;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &screen->before);
	free(screen);
}

char screen_key(struct screen *screen)
{
	char key = 0;

	(void)screen;
	return read(STDIN_FILENO, &key, 1) == 1 ? key : 0;
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
	if (size.ws_col > 80)
		*columns = size.ws_col;
	if (size.ws_row)
		*rows = size.ws_row < 5 ? 5 : size.ws_row;
}

void screen_draw(struct screen *screen, struct strbuf *text)
{
	struct strbuf out = STRBUF_INIT;
	unsigned int columns, rows, line = 1;

	screen_size(screen, &columns, &rows);
	strbuf_puts(&out, HOME_AND_CLEAR);
	for (size_t i = 0; i < text->length && line < rows; i++) {
		if (text->data[i] != '\n') {
			strbuf_putc(&out, text->data[i]);
			continue;
		}
		strbuf_puts(&out, TO_LINE_END "\n");
		line++;
	}
	/* What the terminal does not take, the next drawing repeats. */
	if (write(STDERR_FILENO, out.data, out.length) < 0)
		line = 0;
	strbuf_free(&out);
}
