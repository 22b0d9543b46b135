/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of options; for src/options*.c only.
 */
#ifndef BSNIFF_OPTIONS_TABLE_H
#define BSNIFF_OPTIONS_TABLE_H

#include <stddef.h>

#include "src/options.h"

enum {
	SNAPSHOT_DEFAULT = 262144, /* bytes; also the most */
	OPTIONS_MOST = 128,	   /* rows */
};

enum option_kind {
	FLAG,	 /* sets a bool */
	COUNT,	 /* adds one to an unsigned int */
	TEXT,	 /* keeps the argument */
	NUMBER,	 /* keeps the argument as a uint64_t from 1 to limit */
	NUMBER_OR_0, /* from 0 to limit */
	VERB,	 /* says what to do: limit is the enum verb */
	SPECIAL, /* calls a function */
	REFUSED, /* tcpdump has it, we do not */
};

struct option_row;
typedef int set_fn(struct options *options, const struct option_row *row,
		   const char *argument);

struct option_row {
	int letter;	      /* 0: none */
	const char *name;     /* long name, NULL: none */
	const char *argument; /* its name in the help; NULL: takes none;
				 "[X]": optional, long form only */
	enum option_kind kind;
	size_t offset;
	uint64_t limit;
	set_fn *set;
	const char *help; /* NULL: not shown */
};

extern const struct option_row OPTION_ROWS[];
extern const size_t OPTION_COUNT;

/* Say that @argument is no value for @row's option, which takes @want. Returns
 * -EINVAL. */
int option_refuse_value(const struct option_row *row, const char *argument,
			const char *want);

/* "-i, --interface" */
void option_put_names(struct strbuf *out, const struct option_row *row);

static inline bool option_is_optional(const struct option_row *row)
{
	return row->argument && *row->argument == '[';
}

#endif
