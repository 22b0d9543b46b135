/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/options_table.h"
#include "src/report/seen_names.h"

enum {
	LONG_ONLY = 256, /* getopt values of options without a letter */
};

static void *field_of(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static int set_number(struct options *options, const struct option_row *row,
		      const char *argument)
{
	char *end, want[64];
	unsigned long long value, least = row->kind == NUMBER_OR_0 ? 0 : 1;

	errno = 0;
	value = strtoull(argument, &end, 10);
	if (errno || end == argument || *end || *argument == '-' ||
	    value < least || value > row->limit) {
		if (row->limit < INT64_MAX)
			snprintf(want, sizeof(want),
				 "a number from %llu to %" PRIu64, least,
				 row->limit);
		else
			snprintf(want, sizeof(want), "a number, %llu or more",
				 least);
		return option_refuse_value(row, argument, want);
	}
	*(uint64_t *)field_of(options, row) = value;
	return 0;
}

static int refuse_row(const struct option_row *row)
{
	_cleanup_(strbuf_free) struct strbuf name = STRBUF_INIT;

	option_put_names(&name, row);
	log_error("%s: tcpdump's option is not supported by bsniff",
		  strbuf_text(&name));
	return -EINVAL;
}

static int apply(struct options *options, const struct option_row *row,
		 const char *argument)
{
	switch (row->kind) {
	case FLAG:
		*(bool *)field_of(options, row) = true;
		return 0;
	case COUNT:
		++*(unsigned int *)field_of(options, row);
		return 0;
	case TEXT:
		*(const char **)field_of(options, row) = argument;
		return 0;
	case NUMBER:
	case NUMBER_OR_0:
		return set_number(options, row, argument);
	case VERB:
		options->verb = (enum verb)row->limit;
		return 0;
	case SPECIAL:
		return row->set(options, row, argument);
	case REFUSED:
		break;
	}
	return refuse_row(row);
}

/* ---- getopt's tables, from ours ---- */

static void make_letters(char *letters)
{
	*letters++ = ':'; /* we say ourselves what is wrong */
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (!OPTION_ROWS[i].letter)
			continue;
		*letters++ = (char)OPTION_ROWS[i].letter;
		if (OPTION_ROWS[i].argument &&
		    !option_is_optional(&OPTION_ROWS[i]))
			*letters++ = ':';
	}
	*letters = '\0';
}

static void make_names(struct option *names)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (!OPTION_ROWS[i].name)
			continue;
		*names++ = (struct option){
			.name = OPTION_ROWS[i].name,
			.has_arg = option_is_optional(&OPTION_ROWS[i])
					   ? optional_argument
				   : OPTION_ROWS[i].argument ? required_argument
							     : no_argument,
			.val = LONG_ONLY + (int)i,
		};
	}
	*names = (struct option){0};
}

static const struct option_row *find_row(int value)
{
	if (value >= LONG_ONLY)
		return &OPTION_ROWS[value - LONG_ONLY];
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (OPTION_ROWS[i].letter == value)
			return &OPTION_ROWS[i];
	return NULL;
}

static int join_expression(struct options *options, int argc, char **argv)
{
	struct strbuf text = STRBUF_INIT;

	for (int i = 0; i < argc; i++) {
		if (i)
			strbuf_putc(&text, ' ');
		strbuf_puts(&text, argv[i]);
	}
	strbuf_text(&text);
	if (text.failed) {
		strbuf_free(&text);
		return -ENOMEM;
	}
	options->expression = text.data;
	return 0;
}

/* How many options have names that begin as @word ("--name=argument") does. */
static int count_begun(const char *word)
{
	size_t length = strcspn(word, "=");
	int count = 0;

	for (size_t i = 0; i < OPTION_COUNT; i++)
		count += OPTION_ROWS[i].name && length > 2 &&
			 !strncmp(OPTION_ROWS[i].name, word + 2, length - 2);
	return count;
}

/* @word: what getopt has just read. */
static int refuse_unknown(const char *word)
{
	int length = (int)strcspn(word, "=");

	if (optopt >= LONG_ONLY)
		log_error("%.*s: takes no argument", length, word);
	else if (optopt)
		log_error("-%c: no such option (see --help)", optopt);
	else if (count_begun(word) > 1)
		log_error("%.*s: several options begin so (see --help)", length,
			  word);
	else
		log_error("%s: no such option (see --help)", word);
	return -EINVAL;
}

static int refuse_missing(struct options *options)
{
	_cleanup_(strbuf_free) struct strbuf name = STRBUF_INIT;
	const struct option_row *row = find_row(optopt);

	if (row->kind == REFUSED)
		return apply(options, row, NULL);
	option_put_names(&name, row);
	log_error("%s: needs an argument (%s)", strbuf_text(&name),
		  row->argument);
	return -EINVAL;
}

/* What does not go together. */
static int check(const struct options *options)
{
	const char *why = NULL;

	if (options->list && options->read)
		why = "-V and -r: a list of files, or one";
	else if (options->text.foreign_numeric &&
		 (options->read || options->list))
		why = "-f and -r: a file does not know which network is ours";
	else if (options->text.time_format > 5)
		why = "-t: at most five of them, -ttttt";
	else if (options->stats && options->write)
		why = "--stats and -w: --stats copies no packet to write";
	else if (options->pcapng && !options->write)
		why = "--pcapng says how to write: use it with -w";
	else if (options->bytecode && *options->expression)
		why = "--bytecode and an expression: one filter, please";
	else if (options->write && !strcmp(options->write, "-") &&
		 options->summary == SUMMARY_JSON)
		why = "-w - and --summary=json: both want standard output";
	if (!why)
		return 0;
	log_error("%s", why);
	return -EINVAL;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), n = strlen(end);

	return length >= n && !strcmp(text + length - n, end);
}

int options_parse(struct options *options, int argc, char **argv)
{
	char letters[OPTIONS_MOST * 2 + 2];
	struct option names[OPTIONS_MOST + 1];
	int value, error = 0;

	*options = (struct options){
		.snapshot = SNAPSHOT_DEFAULT,
		.sample = 1,
		.directions = TAP_INOUT,
		.names = SEEN_NAMES_DNS | SEEN_NAMES_SNI,
	};
	make_letters(letters);
	make_names(names);
	optind = 1;
	while (!error) {
		value = getopt_long(argc, argv, letters, names, NULL);
		if (value < 0)
			break;
		if (value == '?')
			error = refuse_unknown(argv[optind - 1]);
		else if (value == ':')
			error = refuse_missing(options);
		else
			error = apply(options, find_row(value), optarg);
	}
	if (!error)
		error = join_expression(options, argc - optind, argv + optind);
	if (error)
		return error;
	/* These are questions to an interface. */
	if ((options->read || options->list) &&
	    (options->verb == VERB_LIST_LINK_TYPES ||
	     options->verb == VERB_LIST_TIME_STAMPS))
		options->verb =
			options->listing ? VERB_LIST_FILTER : VERB_CAPTURE;
	options->pcapng |=
		options->write && ends_with(options->write, ".pcapng");
	return check(options);
}

void options_free(struct options *options)
{
	free(options->expression);
	options->expression = NULL;
	free(options->list_names);
	options->list_names = NULL;
}
