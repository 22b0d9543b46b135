/* SPDX-License-Identifier: BSD-3-Clause */
/* The ends of the pipeline: what it reads from, and what it hands on to. */
#include "src/pipeline_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/privileges.h"
#include "src/request.h"
#include "src/signals.h"
#include "src/source/file.h"

enum {
	NAP_INTERACTIVE = 5, /* ms, when somebody watches */
	NAP_BATCH = 50,
};

static int say(struct strbuf *error, int result)
{
	if (result)
		log_error("%s", error->length ? strbuf_text(error)
					      : strerror(-result));
	return result;
}

static bool wants_frames(const struct options *options)
{
	return !options->stats;
}

static bool wants_text(const struct options *options)
{
	return wants_frames(options) &&
	       (options->write ? options->print : !options->count_only);
}

static int open_file(struct pipeline *p)
{
	const struct options *options = p->options;
	struct request_subject subject = {0};
	int result = request_file(&p->source, options->read, true);

	if (result)
		return result;
	subject.link_type = p->source->link_type;
	subject.snapshot = p->source->snapshot;
	result = request_compile(&p->filter, options, &subject);
	if (!result)
		file_set_filter(
			p->source, p->filter,
			wants_frames(options) ? (uint32_t)options->sample : 0);
	return result;
}

void pipeline_counters(struct pipeline *p, struct tap_counters *counters)
{
	source_counters(p->source, counters);
#define ADD(name, what) counters->name += p->before.name;
	TAP_COUNTERS(ADD)
#undef ADD
}

/* As for the first file; what is written has one link type, though. */
static int check_link_type(struct pipeline *p, const struct source *source)
{
	struct request_subject subject = {.link_type = source->link_type,
					  .snapshot = source->snapshot};
	struct filter *filter;
	int result;

	if (source->link_type == p->source->link_type)
		return 0;
	if (p->options->write) {
		log_error("%s: new dlt does not match original", p->reading);
		return -EINVAL;
	}
	result = request_compile(&filter, p->options, &subject);
	if (result)
		return result;
	filter_free(p->filter);
	p->filter = filter;
	return 0;
}

/* The first goes last: it says what a file that is written is like. */
static void change_source(struct pipeline *p, struct source *source)
{
	pipeline_counters(p, &p->before);
	p->counted_from = p->handled;
	if (p->first)
		source_free(p->source);
	else
		p->first = p->source;
	p->source = source;
	file_set_filter(source, p->filter,
			wants_frames(p->options) ? (uint32_t)p->options->sample
						 : 0);
}

int pipeline_open_next(struct pipeline *p)
{
	struct source *source;
	int result;

	if (!p->options->list_names)
		return 0;
	if (!p->reading)
		p->reading = p->options->list_names;
	p->reading += strlen(p->reading) + 1;
	if (!*p->reading)
		return 0;
	result = request_file(&source, p->reading, false);
	if (result)
		return result;
	result = check_link_type(p, source);
	if (result) {
		source_free(source);
		return result;
	}
	request_say_file(source, p->reading);
	change_source(p, source);
	return 1;
}

static struct live_options live_options_of(const struct pipeline *p)
{
	const struct options *options = p->options;
	bool interactive = options->immediate || options->packet_buffered ||
			   options->events || (p->printer && p->watched);

	return (struct live_options){
		.hook = options->hook,
		.directions = options->directions,
		.promiscuous = !options->not_promiscuous,
		.snapshot =
			wants_frames(options) ? (uint32_t)options->snapshot : 0,
		.sample = (uint32_t)options->sample,
		.count_flows = p->connections != NULL,
		.tell_senders = p->owners && !owners_filter(options),
		.filter_owners = owners_filter(options),
		.owners = owners_filter(options) ? owners_map(p->owners) : -1,
		.ring = options->buffer * 1024,
		.verbose = options->text.verbose > 0,
		.latency = options->immediate ? 1
			   : interactive      ? NAP_INTERACTIVE
					      : NAP_BATCH,
		.wake = signals_fd(),
	};
}

static void say_listening(const struct pipeline *p)
{
	const struct options *options = p->options;
	int type = p->source->link_type;
	bool terse =
		!options->stats && !options->write && !options->text.verbose;

	if (terse)
		log_line("bsniff: verbose output suppressed, use -v[v]... for "
			 "full protocol decode");
	log_line("%slistening on %s, link-type %s (%s), snapshot length %u "
		 "bytes, hook %s",
		 terse ? "" : "bsniff: ", p->target.interface.name,
		 pcap_datalink_val_to_name(type),
		 pcap_datalink_val_to_description_or_dlt(type),
		 (uint32_t)options->snapshot, hook_name(live_hook(p->source)));
}

static int try_live(struct pipeline *p, struct strbuf *error)
{
	struct live_options options = live_options_of(p);

	return live_open(&p->source, &p->target, &options, p->filter, error);
}

/* Some filters can only be answered by a socket. */
static int choose_backend(struct pipeline *p)
{
	if (p->target.backend != FILTER_BACKEND_TC ||
	    !filter_wants_direction(p->filter))
		return 0;
	if (p->options->hook != HOOK_AUTO) {
		log_error("--hook=%s: inbound and outbound can only be had "
			  "with --hook=socket (or use -Q in, -Q out)",
			  hook_name(p->options->hook));
		return -EINVAL;
	}
	p->target.backend = FILTER_BACKEND_SOCKET;
	return 0;
}

/* For -f. An interface without a network has no foreign addresses. */
static void set_network(struct pipeline *p)
{
	char error[PCAP_ERRBUF_SIZE];
	bpf_u_int32 network, netmask;

	if (p->printer && p->options->text.foreign_numeric &&
	    !pcap_lookupnet(p->target.interface.name, &network, &netmask,
			    error))
		text_printer_set_network(p->printer, network, netmask);
}

static void begin_owners(struct pipeline *p)
{
	struct owner_tap tap = {
		.works = live_sender_map(p->source, "works"),
		.stages = live_sender_map(p->source, "stages"),
	};

	tap.tells = tap.works >= 0 && tap.stages >= 0;
	if (p->owners)
		owners_begin(p->owners, &tap);
}

static int open_live(struct pipeline *p)
{
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;
	char name[64];
	int result = request_target(&p->target, p->options, name, sizeof(name));

	if (!result) {
		const struct request_subject subject = {
			.link_type = p->target.link_type,
			.snapshot = (uint32_t)p->options->snapshot,
			.device = name,
			.netmask = p->target.interface.netmask,
		};

		if (p->options->time_stamps)
			log_line("bsniff: WARNING: When trying to set "
				 "timestamp type '%s' on %s: That type of time "
				 "stamp is not supported by that device",
				 p->options->time_stamps, name);
		request_say_link_type(p->options, &p->target);
		result = request_compile(&p->filter, p->options, &subject);
	}
	if (!result)
		result = choose_backend(p);
	if (result)
		return result;
	if (owners_filter(p->options) &&
	    p->target.backend != FILTER_BACKEND_TC) {
		log_error("%s: packets can be told apart by their owners on "
			  "one interface, with --hook=tcx or tc",
			  name);
		return -EINVAL;
	}
	result = try_live(p, &error);
	if (result == -EOPNOTSUPP && p->options->hook == HOOK_AUTO &&
	    p->target.backend == FILTER_BACKEND_TC &&
	    !owners_filter(p->options)) {
		strbuf_reset(&error);
		p->target.backend = FILTER_BACKEND_SOCKET;
		result = try_live(p, &error);
	}
	/* Without CAP_PERFMON the verifier refuses what it takes from others.
	 */
	if (result == -EPERM || result == -EACCES ||
	    (result == -EINVAL && privileges_lack())) {
		privileges_say(name);
		return result;
	}
	if (say(&error, result))
		return result;
	if (p->connections)
		connections_set_clock(p->connections, p->source->clock_offset);
	set_network(p);
	begin_owners(p);
	return 0;
}

static bool name_interface(void *context, uint32_t index, char *name)
{
	const struct pipeline *p = context;
	const char *known = live_interface_name(p->source, index);

	if (known)
		snprintf(name, 16, "%s", known);
	return known;
}

static const char *interface_name_of(uint32_t index, void *context)
{
	const struct pipeline *p = context;

	return p->live ? live_interface_name(p->source, index) : NULL;
}

static int open_outputs(struct pipeline *p)
{
	const struct options *options = p->options;
	struct text_options text = options->text;
	int error;

	if (!p->live && owners_filter(options)) {
		log_error("%s: packets in a file have no processes, -r goes "
			  "without --pid, --process, --user and --container",
			  options->read);
		return -EINVAL;
	}
	if (p->live && owners_wanted(options)) {
		error = owners_open(&p->owners, options);
		if (error)
			return error;
	}
	if (connections_wanted(options)) {
		error = connections_open(&p->connections, options, p->owners,
					 interface_name_of, p);
		if (error)
			return error;
	}
	p->watched = options->line_buffered || isatty(STDOUT_FILENO);
	p->dissect.as = text.as;
	if (!wants_text(options))
		return 0;
	text.wait_for_names = !p->live;
	if (p->live) {
		text.interface_name = name_interface;
		text.context = p;
	}
	p->printer = text_printer_new(&text);
	return p->printer ? 0 : -ENOMEM;
}

static int open_savefile(struct pipeline *p)
{
	const struct savefile_input input = {
		.options = p->options,
		.source = p->source,
		.target = p->live ? &p->target : NULL,
		.filter = p->filter,
		.owners = p->owners,
	};

	return p->options->write ? savefile_open(&p->savefile, &input) : 0;
}

int pipeline_open(struct pipeline *p)
{
	int result = open_outputs(p);

	if (!result)
		result = p->live ? open_live(p) : open_file(p);
	if (!result)
		result = open_savefile(p);
	if (!result && p->live)
		say_listening(p);
	return result;
}
