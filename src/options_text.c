/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the table of options says of itself: --help, the manual page's list,
 * the completion.
 */
#include "src/options_table.h"

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

void options_put_completion(struct strbuf *out)
{
	strbuf_puts(out, "# bash completion for bsniff\n"
			 "_bsniff()\n{\n"
			 "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
			 "\tlocal last=${COMP_WORDS[COMP_CWORD-1]}\n"
			 "\tcase $last in\n"
			 "\t-i|--interface) COMPREPLY=($(compgen -W "
			 "\"any $(ls /sys/class/net)\" -- \"$word\")); "
			 "return;;\n"
			 "\t-r|-w|-F|--conn-log|--bytecode) "
			 "COMPREPLY=($(compgen -f -- \"$word\")); return;;\n"
			 "\tesac\n"
			 "\tCOMPREPLY=($(compgen -W \"");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (!OPTION_ROWS[i].help)
			continue;
		if (OPTION_ROWS[i].name)
			strbuf_printf(out, "--%s%s ", OPTION_ROWS[i].name,
				      OPTION_ROWS[i].argument &&
						      !option_is_optional(&OPTION_ROWS[i])
					      ? "="
					      : "");
		else
			strbuf_printf(out, "-%c ", OPTION_ROWS[i].letter);
	}
	strbuf_puts(out, "\" -- \"$word\"))\n}\n"
			 "complete -o nospace -F _bsniff bsniff\n");
}
