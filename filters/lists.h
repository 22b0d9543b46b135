/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Long lists, found before libpcap sees them.
 *
 * In `tcp and (host A or host B or …)' the members of a run that stand beside
 * each other and share their qualifiers are replaced, but for the first, by
 * one, a mark: an address or a port that stands for all of them. libpcap
 * compiles the short expression, twice, with two marks; the instructions whose
 * constants differ are the places where a member is looked for, and there the
 * list is put in. So the meaning is libpcap's
 * (`host' looks into ARP too, `port' into IPv6 and SCTP), whatever stands
 * around the list.
 */
#ifndef BSNIFF_FILTERS_LISTS_H
#define BSNIFF_FILTERS_LISTS_H

#include <stdbool.h>

#include "filters/classic.h"
#include "src/base/strbuf.h"

enum list_kind {
	LIST_IPV4,
	LIST_IPV6,
	LIST_PORT,
};

/* Members, both ends included; IPv6: four words, the first weighs most. Host
 * byte order. */
struct list_range {
	uint32_t low[4], high[4];
};

struct list {
	enum list_kind kind;
	struct list_range *ranges; /* sorted, apart, not touching */
	size_t count, capacity;
	uint32_t mark[2][4]; /* what stands for it, in either compilation */
	char *qualifiers;    /* as in `tcp src port', for comparison */
	size_t members;	     /* as the expression has them */
	bool in_map;	     /* in the kernel; see lists_choose_maps() */
};

struct lists {
	struct list *items;
	size_t count, capacity;
	struct strbuf text[2]; /* the short expression, with either mark */
	bool failed;
};

/* Runs of at least that many members become lists. */
#define LISTS_SHORTEST 8

/*
 * Find the lists in @text. lists->count is 0 if there are none, and the text
 * is libpcap's alone. 0 or -ENOMEM.
 */
int lists_find(struct lists *lists, const char *text, size_t shortest);
void lists_free(struct lists *lists);

/* The member that stands for the list in text[@which]. */
void lists_put_mark(const struct list *list, int which, struct strbuf *out);

/* A constant of a program that stands for a list. */
struct list_site {
	int list; /* NONE (-1): an ordinary instruction */
	int word; /* IPv6: which of the four */
};

/*
 * The sites in @first, compiled from text[0], by comparison with @second, from
 * text[1]: one for each instruction, the caller's to free. NULL if the programs
 * differ in any other way, or memory ran out.
 */
struct list_site *lists_locate(const struct lists *lists,
			       const struct classic *first,
			       const struct classic *second);

/* In the kernel, lists of more ranges than that are not searched by code but in
 * a map; of IPv6 addresses, a fourth of it. */
#define LISTS_IN_CODE 2000

/* Which lists that is, with @most instead of LISTS_IN_CODE. */
void lists_choose_maps(struct lists *lists, size_t most);

static inline bool list_wants_map(const struct list *list)
{
	return list->in_map;
}

/* 32-bit words of a member. */
static inline int list_words(const struct list *list)
{
	return list->kind == LIST_IPV6 ? 4 : 1;
}

/* Is the value (one word, or four) a member? */
bool list_has(const struct list *list, const uint32_t *value);

/* Has a member the same first @words? */
bool list_has_prefix(const struct list *list, const uint32_t *value,
		     size_t words);

#endif
