/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * UTF-8 (RFC 3629) in bytes that nobody trusts.
 */
#ifndef BSNIFF_BASE_UTF8_H
#define BSNIFF_BASE_UTF8_H

#include <stddef.h>

/* How long the sequence at @p (1 or more bytes @left) is, 0 if it is none. */
static inline size_t utf8_length(const unsigned char *p, size_t left)
{
	static const struct {
		unsigned char first, last, low, high;
		size_t length;
	} forms[] = {
		{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	if (*p < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t n = forms[i].length;

		if (*p < forms[i].first || *p > forms[i].last)
			continue;
		if (left < n || p[1] < forms[i].low || p[1] > forms[i].high)
			return 0;
		for (size_t k = 2; k < n; k++)
			if (p[k] < 0x80 || p[k] > 0xbf)
				return 0;
		return n;
	}
	return 0;
}

/* Make the @length bytes at @text fit for a terminal and a file: what is a
 * control character or no UTF-8 becomes '?'. */
static inline void utf8_make_printable(char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		unsigned char *p = (unsigned char *)text + i;
		size_t n = utf8_length(p, length - i);

		if (!n || *p < 0x20 || *p == 0x7f ||
		    (*p == 0xc2 && p[1] < 0xa0)) {
			*p = '?';
			n = 1;
		}
		i += n;
	}
}

#endif
