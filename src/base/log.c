/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/log.h"

#include <stdarg.h>
#include <stdio.h>

/* One write a line, so that lines of two programs do not mix. */
static void say(const char *prefix, const char *format, va_list args)
{
	char line[4096];
	int n = snprintf(line, sizeof(line), "%s", prefix);

	n += vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	if (n < 0)
		return;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n] = '\n';
	fwrite(line, 1, (size_t)n + 1, stderr);
	fflush(stderr);
}

int log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("bsniff: ", format, args);
	va_end(args);
	return -1;
}

void log_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("bsniff: warning: ", format, args);
	va_end(args);
}

void log_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args);
	va_end(args);
}
