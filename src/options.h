/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command line. One table of options makes the parser, --help, the option
 * list of the man page and the shell completion.
 */
#ifndef BSNIFF_OPTIONS_H
#define BSNIFF_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "dissectors/text.h"
#include "src/base/strbuf.h"
#include "src/report/summary.h"
#include "src/source/hook.h"

enum summary_form {
	SUMMARY_DEFAULT, /* text when live, none with -r unless --stats */
	SUMMARY_NONE,
	SUMMARY_TEXT,
	SUMMARY_JSON,
};

/* What to do instead of capturing. */
enum verb {
	VERB_CAPTURE,
	VERB_LIST_INTERFACES, /* -D */
	VERB_LIST_LINK_TYPES, /* -L */
	VERB_LIST_TIME_STAMPS, /* -J */
	VERB_LIST_FILTER,     /* -d, -dd, -ddd */
	VERB_EMIT_OBJECT,     /* --emit-object */
	VERB_EXPLAIN,	      /* --explain */
	VERB_HELP,
	VERB_VERSION,
	VERB_MAN,	 /* --help=man: options for the man page */
	VERB_COMPLETION, /* --help=bash: a completion for the shell */
};

/* All text is borrowed from argv. */
struct options {
	enum verb verb;
	const char *interface;	 /* -i */
	const char *read;	 /* -r */
	const char *write;	 /* -w */
	const char *list;	 /* -V */
	const char *filter_file; /* -F */
	const char *link_type;	 /* -y */
	const char *file_command; /* -z; NULL: none */
	const char *time_stamps; /* -j, other than host */
	const char *conn_log;	 /* --conn-log */
	const char *netns;	 /* --netns */
	const char *process;	 /* --process */
	const char *user;	 /* --user */
	const char *container;	 /* --container */
	const char *bytecode;	 /* --bytecode */
	const char *object;	 /* --emit-object */
	const char *explain;	 /* --explain=PASS; NULL: the program */
	char *list_names;	 /* what is in it, each with a NUL, and then an
				    empty one; `read` is the first. owned */
	char *expression;	 /* the rest of the line, joined; owned */
	uint64_t count;		 /* -c; 0: no limit */
	uint64_t snapshot;	 /* -s, bytes */
	uint64_t buffer;	 /* -B, KiB, of all CPUs; 0: default */
	uint64_t file_size;	 /* -C, millions of bytes; 0: no limit */
	uint64_t file_seconds;	 /* -G; 0: no limit */
	uint64_t files;		 /* -W; 0: no limit */
	uint64_t sample;	 /* --sample */
	uint64_t duration;	 /* --duration, ms; 0: no limit */
	uint64_t pid;		 /* --pid; 0: any */
	unsigned int listing;	 /* how many -d */
	uint32_t directions;	 /* -Q, enum tap_direction */
	enum hook_kind hook;
	enum summary_form summary;
	enum summary_sort sort;	  /* --sort */
	enum summary_group group; /* --by */
	uint64_t top;		  /* --top; 0: not said */
	uint64_t interval;	  /* --interval, ms; 0: none */
	unsigned int names;	  /* --names: enum seen_names_source */
	bool names_said;	  /* --names, which then goes before -n */
	unsigned int histograms;  /* --histogram: 1 << enum histogram_kind */
	bool not_promiscuous; /* -p */
	bool line_buffered;   /* -l */
	bool packet_buffered; /* -U */
	bool immediate;	      /* --immediate-mode */
	bool no_optimiser;    /* -O */
	bool count_only;      /* --count */
	bool print;	      /* --print: also with -w */
	bool pcapng;	      /* --pcapng, or -w FILE.pcapng */
	bool stats;	      /* --stats */
	bool json;	      /* --json */
	bool any_vlan;	      /* --any-vlan */
	bool command_lines;   /* --command-lines */
	bool no_owners;	      /* --no-owners */
	bool events;	      /* --events */
	bool nanoseconds;     /* --nano: also in what is written */
	struct text_options text;
};

/*
 * Read the command line. 0; or -EINVAL, and what is wrong has been said on
 * standard error. options_free() either way.
 */
int options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);

void options_put_help(struct strbuf *out);
void options_put_man(struct strbuf *out);
void options_put_completion(struct strbuf *out);

#endif
