/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of options, and what those do that do more than to keep a value. */
#include "src/options_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/report/histogram.h"
#include "src/report/seen_names.h"

int option_refuse_value(const struct option_row *row, const char *argument,
			const char *want)
{
	_cleanup_(strbuf_free) struct strbuf name = STRBUF_INIT;

	option_put_names(&name, row);
	log_error("%s: invalid value \"%s\" (%s)", strbuf_text(&name), argument,
		  want);
	return -EINVAL;
}

static int set_snapshot(struct options *options, const struct option_row *row,
			const char *argument)
{
	char *end;
	unsigned long value = strtoul(argument, &end, 0);

	if (end == argument || *end || *argument == '-' ||
	    value > SNAPSHOT_DEFAULT)
		return option_refuse_value(row, argument, "0 to 262144 bytes");
	options->snapshot = value ? value : SNAPSHOT_DEFAULT;
	return 0;
}

static int set_direction(struct options *options, const struct option_row *row,
			 const char *argument)
{
	static const struct {
		const char *name;
		uint32_t directions;
	} values[] = {
		{"in", TAP_IN},
		{"out", TAP_OUT},
		{"inout", TAP_INOUT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (!strcasecmp(argument, values[i].name)) {
			options->directions = values[i].directions;
			return 0;
		}
	}
	return option_refuse_value(row, argument, "in, out or inout");
}

static int set_hook(struct options *options, const struct option_row *row,
		    const char *argument)
{
	for (enum hook_kind kind = HOOK_AUTO; kind <= HOOK_SOCKET; kind++) {
		if (!strcmp(argument, hook_name(kind))) {
			options->hook = kind;
			return 0;
		}
	}
	return option_refuse_value(row, argument, "auto, tcx, tc or socket");
}

static int set_summary(struct options *options, const struct option_row *row,
		       const char *argument)
{
	static const struct {
		const char *name;
		enum summary_form form;
	} values[] = {
		{"none", SUMMARY_NONE},
		{"text", SUMMARY_TEXT},
		{"json", SUMMARY_JSON},
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (!strcmp(argument, values[i].name)) {
			options->summary = values[i].form;
			return 0;
		}
	}
	return option_refuse_value(row, argument, "text, json or none");
}

/* Which of @names (NULL at the end) @argument is; -1: none of them. */
static int find_word(const char *const *names, const char *argument)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(argument, names[i]))
			return i;
	return -1;
}

static int set_sort(struct options *options, const struct option_row *row,
		    const char *argument)
{
	int word = find_word(summary_sort_names, argument);

	if (word < 0)
		return option_refuse_value(
			row, argument,
			"bytes, packets, start, duration, rtt or "
			"retransmits");
	options->sort = (enum summary_sort)word;
	return 0;
}

static int set_group(struct options *options, const struct option_row *row,
		     const char *argument)
{
	int word = find_word(summary_group_names, argument);

	if (word < 0)
		return option_refuse_value(
			row, argument,
			"connection, host, port, process or container");
	options->group = (enum summary_group)word;
	return 0;
}

static int set_histogram(struct options *options, const struct option_row *row,
			 const char *argument)
{
	int word = find_word(histogram_names, argument);

	if (word < 0)
		return option_refuse_value(row, argument,
					   "rtt, handshake, duration or size");
	options->histograms |= 1u << word;
	return 0;
}

static int set_names(struct options *options, const struct option_row *row,
		     const char *argument)
{
	static const char *const names[] = {"dns", "sni", "dns,sni", "none",
					    NULL};
	static const unsigned int sources[] = {SEEN_NAMES_DNS, SEEN_NAMES_SNI,
					       SEEN_NAMES_DNS | SEEN_NAMES_SNI,
					       0};
	int word = find_word(names, argument);

	if (word < 0)
		return option_refuse_value(row, argument,
					   "dns, sni, dns,sni or none");
	options->names = sources[word];
	options->names_said = true;
	return 0;
}

static int set_interval(struct options *options, const struct option_row *row,
			const char *argument)
{
	char *end;
	double seconds = strtod(argument, &end);

	if (end == argument || *end || !(seconds >= 0.1) || seconds > 1e9)
		return option_refuse_value(row, argument,
					   "seconds, at least 0.1");
	options->interval = (uint64_t)(seconds * 1000 + 0.5);
	return 0;
}

static int set_duration(struct options *options, const struct option_row *row,
			const char *argument)
{
	char *end;
	double seconds = strtod(argument, &end);

	if (end == argument || *end || !(seconds > 0) || seconds > 1e9)
		return option_refuse_value(row, argument,
					   "seconds, more than 0");
	options->duration = (uint64_t)(seconds * 1000 + 0.5);
	if (!options->duration)
		options->duration = 1;
	return 0;
}

static int set_micro(struct options *options, const struct option_row *row,
		     const char *argument)
{
	(void)argument;
	options->nanoseconds = row->limit;
	options->text.nanoseconds = row->limit;
	return 0;
}

static int set_precision(struct options *options, const struct option_row *row,
			 const char *argument)
{
	bool is_nano = !strncmp(argument, "nano", 4);

	/* "nanosecond" is as good, with tcpdump. */
	if (!is_nano && strncmp(argument, "micro", 5))
		return option_refuse_value(row, argument, "micro or nano");
	options->nanoseconds = options->text.nanoseconds = is_nano;
	return 0;
}

static int set_link_type(struct options *options, const struct option_row *row,
			 const char *argument)
{
	(void)row;
	options->link_type = argument;
	if (pcap_datalink_name_to_val(argument) >= 0)
		return 0;
	log_error("invalid data link type %s", argument);
	return -EINVAL;
}

static int set_time_stamps(struct options *options,
			   const struct option_row *row, const char *argument)
{
	int type = pcap_tstamp_type_name_to_val(argument);

	if (type < 0)
		return option_refuse_value(row, argument,
					   "host; -J lists them");
	options->time_stamps = type == PCAP_TSTAMP_HOST ? NULL : argument;
	return 0;
}

/* Takes what there is no use for, as tcpdump does. */
static int set_nothing(struct options *options, const struct option_row *row,
		       const char *argument)
{
	(void)options;
	(void)row;
	if (argument)
		log_line("bsniff: ignoring option `-m %s' (no libsmi support)",
			 argument);
	return 0;
}

/* Nothing is given up: -Z root is what tcpdump takes for that. */
static int set_user(struct options *options, const struct option_row *row,
		    const char *argument)
{
	(void)options;
	if (!strcmp(argument, "root"))
		return 0;
	return option_refuse_value(row, argument,
				   "root: bsniff needs its rights to the end");
}

static int set_type(struct options *options, const struct option_row *row,
		    const char *argument)
{
	if (dissect_as_from_name(argument, &options->text.as))
		return 0;
	return option_refuse_value(row, argument,
				   "a protocol such as domain, snmp");
}

static int set_listing(struct options *options, const struct option_row *row,
		       const char *argument)
{
	(void)row;
	(void)argument;
	options->verb = VERB_LIST_FILTER;
	options->listing++;
	return 0;
}

static int set_ascii_twice(struct options *options,
			   const struct option_row *row, const char *argument)
{
	(void)row;
	(void)argument;
	options->text.ascii++;
	return 0;
}

static int set_object(struct options *options, const struct option_row *row,
		      const char *argument)
{
	(void)row;
	options->verb = VERB_EMIT_OBJECT;
	options->object = argument;
	return 0;
}

static int set_explain(struct options *options, const struct option_row *row,
		       const char *argument)
{
	(void)row;
	options->verb = VERB_EXPLAIN;
	options->explain = argument;
	return 0;
}

static int set_help(struct options *options, const struct option_row *row,
		    const char *argument)
{
	options->verb = VERB_HELP;
	if (!argument)
		return 0;
	if (!strcmp(argument, "man"))
		options->verb = VERB_MAN;
	else if (!strcmp(argument, "bash"))
		options->verb = VERB_COMPLETION;
	else
		return option_refuse_value(row, argument, "man or bash");
	return 0;
}

#define OPTION(field) offsetof(struct options, field)
#define SHOWN(field)  offsetof(struct options, text.field)

const struct option_row OPTION_ROWS[] = {
	{'A', NULL, NULL, SPECIAL, 0, 0, set_ascii_twice,
	 "print each packet in ASCII (-AA: with its link header)"},
	{'B', "buffer-size", "KIB", NUMBER, OPTION(buffer), INT32_MAX / 1024, NULL,
	 "room for packets not read yet, in KiB (default 4096 a CPU)"},
	{'C', NULL, "MEGABYTES", NUMBER, OPTION(file_size),
	 INT64_MAX / 1000000, NULL,
	 "with -w, begin another file when one is larger than that"},
	{'D', "list-interfaces", NULL, VERB, 0, VERB_LIST_INTERFACES, NULL,
	 "list what can be captured on, and exit"},
	{'F', NULL, "FILE", TEXT, OPTION(filter_file), 0, NULL,
	 "take the filter expression from FILE"},
	{'G', NULL, "SECONDS", NUMBER_OR_0, OPTION(file_seconds), INT64_MAX,
	 NULL,
	 "with -w, begin another file so often; FILE may have strftime's %"},
	{'J', "list-time-stamp-types", NULL, VERB, 0, VERB_LIST_TIME_STAMPS,
	 NULL, "list where the times of packets may come from, and exit"},
	{'K', "dont-verify-checksums", NULL, FLAG, SHOWN(no_checksum), 0, NULL,
	 "do not verify checksums"},
	{'L', "list-data-link-types", NULL, VERB, 0, VERB_LIST_LINK_TYPES, NULL,
	 "list the link types of the interface, and exit"},
	{'N', NULL, NULL, FLAG, SHOWN(no_domain), 0, NULL,
	 "print host names without their domain"},
	{'O', "no-optimize", NULL, FLAG, OPTION(no_optimiser), 0, NULL,
	 "do not optimise the filter"},
	{'Q', "direction", "in|out|inout", SPECIAL, 0, 0, set_direction,
	 "only packets that come in, or that go out"},
	{'S', "absolute-tcp-sequence-numbers", NULL, FLAG,
	 SHOWN(absolute_sequence), 0, NULL,
	 "print absolute TCP sequence numbers"},
	{'T', NULL, "TYPE", SPECIAL, 0, 0, set_type,
	 "take payloads as TYPE, such as domain, snmp or vxlan"},
	{'U', "packet-buffered", NULL, FLAG, OPTION(packet_buffered), 0, NULL,
	 "with -w, write each packet out as it comes"},
	{'V', NULL, "FILE", TEXT, OPTION(list), 0, NULL,
	 "read packets from the files that FILE names, one a line"},
	{'W', NULL, "COUNT", NUMBER, OPTION(files), UINT32_MAX, NULL,
	 "files that -C uses in turn, or after which -G ends"},
	{'X', NULL, NULL, COUNT, SHOWN(hex_ascii), 0, NULL,
	 "print each packet in hex and ASCII (-XX: with its link header)"},
	{'#', "number", NULL, FLAG, SHOWN(number), 0, NULL,
	 "print a number in front of each packet"},
	{'Z', "relinquish-privileges", "USER", SPECIAL, 0, 0, set_user,
	 "accepted for root only: no privileges are given up"},
	{'b', NULL, NULL, FLAG, SHOWN(as_dotted), 0, NULL,
	 "print BGP AS numbers in dotted form"},
	{'c', NULL, "COUNT", NUMBER, OPTION(count), UINT64_MAX, NULL,
	 "exit after COUNT packets"},
	{'d', NULL, NULL, SPECIAL, 0, 0, set_listing,
	 "print the compiled filter and exit (-dd: as C, -ddd: as numbers)"},
	{'e', NULL, NULL, FLAG, SHOWN(link_header), 0, NULL,
	 "print the link header"},
	{'f', NULL, NULL, FLAG, SHOWN(foreign_numeric), 0, NULL,
	 "print addresses that are not local as numbers"},
	{'h', "help", "[man|bash]", SPECIAL, 0, 0, set_help,
	 "print this help, and exit"},
	{'i', "interface", "INTERFACE", TEXT, OPTION(interface), 0, NULL,
	 "capture on INTERFACE (any: on all)"},
	{'j', "time-stamp-type", "TYPE", SPECIAL, 0, 0, set_time_stamps,
	 "where the times of packets come from: host, others are warned of"},
	{'l', NULL, NULL, FLAG, OPTION(line_buffered), 0, NULL,
	 "write each line out as it is made"},
	{'n', NULL, NULL, FLAG, SHOWN(numeric), 0, NULL,
	 "do not turn addresses and ports into names (but see --names)"},
	{'p', "no-promiscuous-mode", NULL, FLAG, OPTION(not_promiscuous), 0,
	 NULL, "do not put the interface into promiscuous mode"},
	{'q', NULL, NULL, COUNT, SHOWN(quiet), 0, NULL,
	 "print less about each packet"},
	{'r', NULL, "FILE", TEXT, OPTION(read), 0, NULL,
	 "read packets from FILE (-: standard input)"},
	{'s', "snapshot-length", "BYTES", SPECIAL, 0, 0, set_snapshot,
	 "keep so many bytes of a packet (default 262144)"},
	{'t', NULL, NULL, COUNT, SHOWN(time_format), 0, NULL,
	 "no time (2: seconds, 3: since the last, 4: with date, 5: since "
	 "the first)"},
	{'u', NULL, NULL, FLAG, SHOWN(undecoded_nfs), 0, NULL,
	 "print NFS handles undecoded"},
	{'v', NULL, NULL, COUNT, SHOWN(verbose), 0, NULL,
	 "print more about each packet (-vv, -vvv: still more)"},
	{'w', NULL, "FILE", TEXT, OPTION(write), 0, NULL,
	 "write the packets to FILE (-: standard output)"},
	{'x', NULL, NULL, COUNT, SHOWN(hex), 0, NULL,
	 "print each packet in hex (-xx: with its link header)"},
	{'y', "linktype", "TYPE", SPECIAL, 0, 0, set_link_type,
	 "the interface's link type; with -d, what to compile for"},
	{'z', NULL, "COMMAND", TEXT, OPTION(file_command), 0, NULL,
	 "run COMMAND FILE for each file that -C or -G has ended"},
	{0, "any-vlan", NULL, FLAG, OPTION(any_vlan), 0, NULL,
	 "match frames whether they are tagged or not"},
	{0, "by", "connection|host|port|process|container", SPECIAL, 0, 0,
	 set_group, "what a row of the summary's table stands for"},
	{0, "bytecode", "FILE", TEXT, OPTION(bytecode), 0, NULL,
	 "take the filter as `tcpdump -ddd` prints it from FILE"},
	{0, "command-lines", NULL, FLAG, OPTION(command_lines), 0, NULL,
	 "give the command line of each process in the log of connections"},
	{0, "conn-log", "FILE", TEXT, OPTION(conn_log), 0, NULL,
	 "write a JSON object for each connection to FILE (-: standard "
	 "output)"},
	{0, "container", "ID", TEXT, OPTION(container), 0, NULL,
	 "only packets of processes in the container ID, or the beginning of "
	 "one"},
	{0, "count", NULL, FLAG, OPTION(count_only), 0, NULL,
	 "print no packets; with -r, only how many there are"},
	{0, "duration", "SECONDS", SPECIAL, 0, 0, set_duration,
	 "stop after so many seconds"},
	{0, "emit-object", "FILE", SPECIAL, 0, 0, set_object,
	 "write the compiled filter to FILE as an eBPF object, and exit"},
	{0, "events", NULL, FLAG, OPTION(events), 0, NULL,
	 "print a line as a TCP connection opens, is accepted, retransmits, "
	 "closes"},
	{0, "histogram", "rtt|handshake|duration|size", SPECIAL, 0, 0,
	 set_histogram, "draw how that is spread over the connections"},
	{0, "hook", "auto|tcx|tc|socket", SPECIAL, 0, 0, set_hook,
	 "where in the kernel to attach"},
	{0, "explain", "[PASS]", SPECIAL, 0, 0, set_explain,
	 "print the filter in each of its forms (-r: what decided a packet)"},
	{0, "immediate-mode", NULL, FLAG, OPTION(immediate), 0, NULL,
	 "deliver each packet as it comes"},
	{0, "interval", "SECONDS", SPECIAL, 0, 0, set_interval,
	 "print the table of what was new every so many seconds"},
	{0, "json", NULL, FLAG, OPTION(json), 0, NULL,
	 "print a JSON object for each packet"},
	{0, "lengths", NULL, FLAG, SHOWN(lengths), 0, NULL,
	 "print each packet's captured and original length (not tcpdump's)"},
	{0, "micro", NULL, SPECIAL, 0, false, set_micro,
	 "times in microseconds (default)"},
	{0, "names", "dns,sni|none", SPECIAL, 0, 0, set_names,
	 "in tables, the names that seen DNS answers or TLS hellos gave; "
	 "also with -n"},
	{0, "nano", NULL, SPECIAL, 0, true, set_micro, "times in nanoseconds"},
	{0, "netns", "NAMESPACE", TEXT, OPTION(netns), 0, NULL,
	 "capture in the network NAMESPACE, a name or a path"},
	{0, "no-owners", NULL, FLAG, OPTION(no_owners), 0, NULL,
	 "do not look for the processes behind connections"},
	{0, "pcapng", NULL, FLAG, OPTION(pcapng), 0, NULL,
	 "with -w, write pcapng (default when FILE ends in .pcapng)"},
	{0, "pid", "N", NUMBER, OPTION(pid), UINT32_MAX, NULL,
	 "only packets of the process N"},
	{0, "print", NULL, FLAG, OPTION(print), 0, NULL,
	 "print packets even with -w"},
	{0, "process", "NAME", TEXT, OPTION(process), 0, NULL,
	 "only packets of processes called NAME (15 characters of it)"},
	{0, "sample", "N", NUMBER, OPTION(sample), UINT32_MAX, NULL,
	 "copy every Nth matching packet; all are counted"},
	{0, "sort", "bytes|packets|start|duration|rtt|retransmits", SPECIAL, 0,
	 0, set_sort, "what the summary's table is sorted by"},
	{0, "stats", NULL, FLAG, OPTION(stats), 0, NULL,
	 "count connections only: copy and print no packet"},
	{0, "summary", "text|json|none", SPECIAL, 0, 0, set_summary,
	 "connections and counters at the end (default: text when live)"},
	{0, "time-stamp-precision", "micro|nano", SPECIAL, 0, 0, set_precision,
	 "the same as --micro or --nano"},
	{0, "user", "USER", TEXT, OPTION(user), 0, NULL,
	 "only packets of processes of USER, a name or a number"},
	{0, "top", "N", NUMBER, OPTION(top), UINT32_MAX, NULL,
	 "only the first N rows of the summary's table"},
	{0, "version", NULL, VERB, 0, VERB_VERSION, NULL,
	 "print the version, and exit"},

	/* Taken without a word, or with one. */
	{'a', NULL, NULL, SPECIAL, 0, 0, set_nothing, NULL},
	{'m', NULL, "MODULE", SPECIAL, 0, 0, set_nothing, NULL},

	{'E', NULL, "SECRET", REFUSED, 0, 0, NULL, NULL},
	{'H', NULL, NULL, REFUSED, 0, 0, NULL, NULL},
	{'I', "monitor-mode", NULL, REFUSED, 0, 0, NULL, NULL},
	{'M', NULL, "SECRET", REFUSED, 0, 0, NULL, NULL},
	{0, "list-remote-interfaces", "URL", REFUSED, 0, 0, NULL, NULL},
};

const size_t OPTION_COUNT = ARRAY_SIZE(OPTION_ROWS);

_Static_assert(ARRAY_SIZE(OPTION_ROWS) <= OPTIONS_MOST,
	       "room for getopt's tables");
