/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parts of an expression, that is, what stands between `and', `or', `not'
 * and parentheses, and which instructions of its program are whose.
 *
 * Nothing is guessed: libpcap compiles the expression once more with a mark
 * before each part, a comparison of the length with a number of its own. Both
 * programs are walked side by side; but for the marks they must be the same
 * instruction for instruction, and what is reached from a mark before the next
 * one is that part's.
 */
#ifndef BSNIFF_FILTERS_PARTS_H
#define BSNIFF_FILTERS_PARTS_H

#include "filters/classic.h"
#include "filters/expression.h"
#include "filters/lists.h"

/* Instead of a part's number. */
enum {
	PART_NONE = -1,	   /* nobody's: jumps and returns */
	PART_ALL = -2,	   /* what comes before the first part, for all */
	PART_SEVERAL = -3, /* reached from several parts */
};

struct parts {
	char **texts; /* by part: its words; lists are `list 0' and so on */
	size_t count, capacity;
	int *of; /* by instruction of the program: a part, or one of these */
	size_t length;
};

/*
 * The parts of @program, which @compiler has made of @text without its
 * optimiser; @lists stand behind marks in @text. 0; -ENOENT if libpcap does
 * something else with the marks in, so that nothing is known; -ENOMEM.
 */
int parts_find(struct parts *parts, struct expression_compiler *compiler,
	       const char *text, const struct lists *lists,
	       const struct classic *program);
void parts_free(struct parts *parts);

/* "P1" and so on; what is nobody's is "-", what is all's "all". */
void parts_put_name(int part, struct strbuf *out);

#endif
