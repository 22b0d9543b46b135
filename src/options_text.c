/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the table of options says of itself: --help, the manual page's list,
 * the completion.
 */
#include "src/options_table.h"

#include <string.h>

#include "src/base/cleanup.h"

void option_put_names(struct strbuf *out, const struct option_row *row)
{
	if (row->letter)
		strbuf_printf(out, "-%c", row->letter);
	if (row->letter && row->name)
		strbuf_puts(out, ", ");
	if (row->name)
		strbuf_printf(out, "--%s", row->name);
}

/* "-i, --interface=NAME" */
static void put_synopsis(struct strbuf *out, const struct option_row *row)
{
	option_put_names(out, row);
	if (option_is_optional(row))
		strbuf_printf(out, "[=%s", row->argument + 1);
	else if (row->argument)
		strbuf_printf(out, "%c%s", row->name ? '=' : ' ',
			      row->argument);
}

void options_put_help(struct strbuf *out)
{
	enum { COLUMN = 34 };

	strbuf_puts(out,
		    "Usage: bsniff [OPTION...] [EXPRESSION]\n"
		    "Capture packets as tcpdump does, and count each "
		    "connection.\n\n");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		size_t begin = out->length, width;

		if (!OPTION_ROWS[i].help)
			continue;
		strbuf_puts(out, OPTION_ROWS[i].letter ? "  " : "      ");
		put_synopsis(out, &OPTION_ROWS[i]);
		width = out->length - begin;
		if (width >= COLUMN) {
			strbuf_putc(out, '\n');
			width = 0;
		}
		strbuf_spaces(out, COLUMN - width);
		strbuf_printf(out, "%s\n", OPTION_ROWS[i].help);
	}
	strbuf_puts(out, "\nEXPRESSION is a pcap filter, see "
			 "pcap-filter(7). More in bsniff(8).\n");
}

void options_put_man(struct strbuf *out)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		struct strbuf synopsis = STRBUF_INIT;

		if (!OPTION_ROWS[i].help)
			continue;
		put_synopsis(&synopsis, &OPTION_ROWS[i]);
		strbuf_puts(out, ".TP\n.B ");
		for (size_t k = 0; k < synopsis.length; k++) {
			if (synopsis.data[k] == '-')
				strbuf_putc(out, '\\');
			strbuf_putc(out, synopsis.data[k]);
		}
		strbuf_putc(out, '\n');
		strbuf_printf(out, "%s.\n", OPTION_ROWS[i].help);
		strbuf_free(&synopsis);
	}
}

/* ---- The completion ---- */

/* "	-Q|--direction) " */
static void put_case(struct strbuf *out, const struct option_row *row)
{
	strbuf_putc(out, '\t');
	if (row->letter && !option_is_optional(row))
		strbuf_printf(out, "-%c%s", row->letter, row->name ? "|" : "");
	if (row->name)
		strbuf_printf(out, "--%s", row->name);
	strbuf_puts(out, ") ");
}

/* The words of "in|out|inout" or "[man|bash]". */
static void put_choices(struct strbuf *out, const char *argument)
{
	strbuf_puts(out, "-W '");
	for (; *argument; argument++)
		if (!strchr("[]", *argument))
			strbuf_putc(out, *argument == '|' ? ' ' : *argument);
	strbuf_putc(out, '\'');
}

/* What compgen finds for an argument of this name; NULL: nothing. */
static const char *find_source(const char *argument)
{
	static const struct {
		const char *argument;
		const char *source;
	} known[] = {
		{"FILE", "-f"},
		{"INTERFACE", "-W \"any $(ls /sys/class/net)\""},
		{"NAMESPACE", "-W \"$(ls /run/netns 2>/dev/null)\""},
		{"USER", "-u"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(argument, known[i].argument))
			return known[i].source;
	return NULL;
}

static void put_arguments(struct strbuf *out)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &OPTION_ROWS[i];
		const char *source;

		if (!row->help || !row->argument)
			continue;
		source = find_source(row->argument);
		if (!source && !strchr(row->argument, '|'))
			continue;
		put_case(out, row);
		if (source && !strcmp(source, "-f"))
			strbuf_puts(out, "compopt -o filenames; ");
		strbuf_puts(out, "COMPREPLY=($(compgen ");
		if (source)
			strbuf_puts(out, source);
		else
			put_choices(out, row->argument);
		strbuf_puts(out, " -- \"$word\")); return;;\n");
	}
}

static void put_options(struct strbuf *out)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &OPTION_ROWS[i];

		if (!row->help)
			continue;
		if (row->letter)
			strbuf_printf(out, "-%c ", row->letter);
		if (row->name)
			strbuf_printf(out, "--%s%s ", row->name,
				      row->argument && !option_is_optional(row)
					      ? "="
					      : "");
	}
}

void options_put_completion(struct strbuf *out)
{
	/* bash splits a line at "=": "--hook=t" are three words. */
	strbuf_puts(out, "# bash completion for bsniff\n"
			 "_bsniff()\n{\n"
			 "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
			 "\tlocal last=${COMP_WORDS[COMP_CWORD-1]}\n"
			 "\tif [[ $word == = ]]; then\n"
			 "\t\tword=\n"
			 "\telif [[ $last == = ]]; then\n"
			 "\t\tlast=${COMP_WORDS[COMP_CWORD-2]}\n"
			 "\tfi\n"
			 "\tcase $last in\n");
	put_arguments(out);
	strbuf_puts(out, "\tesac\n"
			 "\tCOMPREPLY=($(compgen -W '");
	put_options(out);
	strbuf_puts(out, "' -- \"$word\"))\n"
			 "\tif [[ ${COMPREPLY-} == *= ]]; then\n"
			 "\t\tcompopt -o nospace\n"
			 "\tfi\n"
			 "}\n"
			 "complete -F _bsniff bsniff\n");
}
