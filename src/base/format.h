/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Formatted text for the hot path: the part of printf()'s language that
 * packet lines need, several times faster, straight into a strbuf.
 *
 * Understood: %u %d %x %X %s %c %%, the flags 0 and -, a width and (for %s) a
 * precision as digits or *, the sizes hh h l ll z. Nothing else: the compiler
 * checks the arguments, the caller keeps to this list (%f and the rest are
 * copied as they stand).
 */
#ifndef BSNIFF_BASE_FORMAT_H
#define BSNIFF_BASE_FORMAT_H

#include <stdarg.h>

#include "src/base/strbuf.h"

void strbuf_format(struct strbuf *sb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_vformat(struct strbuf *sb, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
