/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/pipeline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "dissectors/dissect.h"
#include "dissectors/packet_json.h"
#include "dissectors/text.h"
#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/connections.h"
#include "src/owners.h"
#include "src/privileges.h"
#include "src/request.h"
#include "src/savefile.h"
#include "src/signals.h"
#include "src/source/file.h"
#include "src/source/live.h"

enum {
	OUT_BYTES = 64 * 1024, /* of packet lines before they are written */
	NAP_INTERACTIVE = 5,   /* ms, when somebody watches */
	NAP_BATCH = 50,
	POLL_MS = 100,
	FLUSH_MS = 1000,     /* between looks into the flow caches */
	EVENTS_MS = 50,	     /* the same, when each event is awaited */
	SETTLE_MS = 5,	     /* a cache is quiet after some of these */
};

/* Printing a packet looks things up in memory. So that it need not wait for
 * them, a few packets are decoded before the first of them is printed. */
enum { AHEAD = 8 };

struct printed {
	struct frame frame;
	struct packet packet;
};

struct pipeline {
	const struct options *options;
	struct filter *filter;
	struct source *source;
	struct live_target target; /* live only */
	bool live;
	struct connections *connections; /* NULL: they are not counted */
	struct owners *owners;		 /* NULL: nobody asks whose they are */
	struct text_printer *printer;	 /* NULL: nothing is printed */
	struct dissect_options dissect;
	struct savefile *savefile; /* NULL: nothing is written */
	struct printed ahead[AHEAD];
	unsigned int ahead_count;
	struct strbuf out;	   /* lines for standard output */
	bool watched;		   /* standard output is a terminal, or -l */
	uint64_t handled;	   /* packets printed, written or counted */
	uint64_t deadline;	   /* ms, CLOCK_MONOTONIC; 0: none */
	uint64_t flushed;	   /* the same: when all was flushed last */
	uint64_t looked;	   /* the same: into the flow caches */
	uint64_t counted;	   /* packets that matched until then */
	bool settling;		   /* what was found there comes soon */
	int error;		   /* why it must end; has been said */
	bool quiet_end;		   /* the reader of our output has gone */
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void pipeline_free(struct pipeline *p)
{
	/* They may still be using the source's maps. */
	if (p->owners)
		owners_wait(p->owners);
	savefile_close(p->savefile);
	source_free(p->source);
	live_target_free(&p->target);
	filter_free(p->filter);
	text_printer_free(p->printer);
	connections_free(p->connections);
	owners_free(p->owners);
	strbuf_free(&p->out);
}

/* ---- Standard output ---- */

static void write_out(struct pipeline *p)
{
	size_t done = 0;

	while (done < p->out.length && !p->error) {
		ssize_t n = write(STDOUT_FILENO, p->out.data + done,
				  p->out.length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			p->quiet_end = errno == EPIPE;
			p->error = -errno;
			if (!p->quiet_end)
				log_error("standard output: %s",
					  strerror(errno));
			break;
		}
		done += (size_t)n;
	}
	strbuf_reset(&p->out);
}

/* ---- What the source hands over ---- */

static void fail_savefile(struct pipeline *p, int error)
{
	if (p->error)
		return;
	p->error = error;
	p->quiet_end = error == -EPIPE;
	if (!p->quiet_end)
		log_error("%s: %s (the file holds the %" PRIu64
			  " packets before)",
			  p->options->write, strerror(-error),
			  savefile_count(p->savefile));
}

static void print_packet(struct pipeline *p, const struct packet *packet)
{
	if (p->options->json) {
		packet_put_json(packet, &p->out);
		strbuf_putc(&p->out, '\n');
	} else {
		text_printer_put(p->printer, packet, &p->out);
	}
	if (p->out.length >= OUT_BYTES || p->options->line_buffered)
		write_out(p);
}

static void print_ahead(struct pipeline *p)
{
	for (unsigned int i = 0; i < p->ahead_count && !p->error; i++)
		print_packet(p, &p->ahead[i].packet);
	p->ahead_count = 0;
}

static void print_frame(struct pipeline *p, const struct frame *frame)
{
	struct printed *printed;

	if (p->ahead_count == AHEAD)
		print_ahead(p);
	printed = &p->ahead[p->ahead_count++];
	printed->frame = *frame;
	dissect(&printed->frame, &printed->packet, &p->dissect);
	text_printer_prepare(p->printer, &printed->packet);
}

static void on_release(void *user)
{
	struct pipeline *p = user;
	int error = p->savefile ? savefile_release(p->savefile) : 0;

	if (error)
		fail_savefile(p, error);
	print_ahead(p);
}

static bool on_frame(void *user, const struct frame *source_frame)
{
	struct pipeline *p = user;
	struct frame frame = *source_frame;

	if (p->error || (p->options->count && p->handled >= p->options->count))
		return false;
	frame.number = ++p->handled;
	if (p->live && p->connections)
		connections_peek_frame(p->connections, &frame);
	if (p->savefile) {
		int error = savefile_put(p->savefile, &frame);

		if (error)
			fail_savefile(p, error);
	}
	if (p->printer)
		print_frame(p, &frame);
	return !p->error &&
	       !(p->options->count && p->handled >= p->options->count);
}

static void on_delta(void *user, const struct flow_delta *delta)
{
	struct pipeline *p = user;

	connections_add_delta(p->connections, delta);
}

static void on_settled(void *user)
{
	struct pipeline *p = user;

	p->settling = false;
	connections_set_clock(p->connections, p->source->clock_offset);
	if (p->owners)
		owners_poll(p->owners, false);
	connections_settle(p->connections);
}

static void on_count(void *user, const struct frame *frame)
{
	struct pipeline *p = user;

	if (p->connections)
		connections_add_frame(p->connections, frame);
}

/* ---- Opening ---- */

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
	return wants_frames(options) && !options->count_only &&
	       (!options->write || options->print);
}

static int open_file(struct pipeline *p)
{
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;
	const struct options *options = p->options;
	const char *name, *description;
	int result = say(&error, file_open(&p->source, options->read, &error));

	if (result)
		return result;
	name = pcap_datalink_val_to_name(p->source->link_type);
	description =
		pcap_datalink_val_to_description_or_dlt(p->source->link_type);
	log_line("reading from file %s, link-type %s (%s), snapshot length %u",
		 options->read, name ? name : "UNKNOWN", description,
		 p->source->snapshot);
	result = request_compile(&p->filter, options, p->source->link_type,
				 NULL, 0);
	if (!result)
		file_set_filter(
			p->source, p->filter,
			wants_frames(options) ? (uint32_t)options->sample : 0);
	return result;
}

static struct live_options live_options_of(const struct pipeline *p)
{
	const struct options *options = p->options;
	bool interactive = options->immediate || options->packet_buffered ||
			   options->events ||
			   (p->printer && p->watched);

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
	};
}

static void say_listening(const struct pipeline *p)
{
	const struct options *options = p->options;
	int type = p->source->link_type;
	bool terse = p->printer && !options->write && !options->text.verbose;

	if (terse)
		log_line("bsniff: verbose output suppressed, use -v[v]... for "
			 "full protocol decode");
	log_line("%slistening on %s, link-type %s (%s), snapshot length %u "
		 "bytes, hook %s",
		 terse ? "" : "bsniff: ",
		 p->target.interface.name, pcap_datalink_val_to_name(type),
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

	if (!result)
		result = request_compile(&p->filter, p->options,
					 p->target.link_type, name,
					 p->target.interface.netmask);
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
	/* Without CAP_PERFMON the verifier refuses what it takes from others. */
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
	say_listening(p);
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

/* ---- Running ---- */

static void put_plural(struct strbuf *out, uint64_t count, const char *rest)
{
	strbuf_printf(out, "%" PRIu64 " packet%s %s\n", count,
		      count == 1 ? "" : "s", rest);
}

/* Packets of which the filter cannot say whether they match. */
static const char TOO_DEEP[] =
	"not matched: more headers than the filter follows";

static void say_counters(struct pipeline *p)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	struct tap_counters counters;

	source_counters(p->source, &counters);
	put_plural(&text, p->handled, "captured");
	put_plural(&text, counters.matched, "received by filter");
	put_plural(&text, counters.ring_full + counters.copy_failed,
		   "dropped by kernel");
	if (counters.too_deep)
		put_plural(&text, counters.too_deep, TOO_DEEP);
	strbuf_text(&text);
	log_line("%.*s", (int)text.length - 1, text.data);
}

static void say_too_deep(struct pipeline *p)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	struct tap_counters counters;

	source_counters(p->source, &counters);
	if (!counters.too_deep)
		return;
	put_plural(&text, counters.too_deep, TOO_DEEP);
	log_warning("%.*s", (int)text.length - 1, text.data);
}

static void flush_all(struct pipeline *p)
{
	int error = p->savefile ? savefile_flush(p->savefile) : 0;

	if (error)
		fail_savefile(p, error);
	write_out(p);
}

/* How often to look into the flow caches, ms; 0: FLUSH_MS will do. */
static uint64_t look_pause(const struct pipeline *p)
{
	uint64_t quarter = p->options->interval / 4;

	if (!p->live || !p->connections)
		return 0;
	if (p->options->events || (quarter && quarter < EVENTS_MS))
		return EVENTS_MS;
	return quarter < FLUSH_MS ? quarter : 0;
}

/* When the loop must look again at the latest, ms from now. */
static int poll_timeout(const struct pipeline *p)
{
	uint64_t now = now_ms(), until = now + POLL_MS;

	if (look_pause(p))
		until = p->settling ? now + SETTLE_MS
				    : p->looked + look_pause(p);
	if (until > now + POLL_MS)
		until = now + POLL_MS;
	if (p->deadline && p->deadline < until)
		until = p->deadline;
	return until > now ? (int)(until - now) : 0;
}

/* Have the flow caches emptied, if anything was counted since. */
static void look_into_caches(struct pipeline *p, uint64_t now)
{
	struct tap_counters counters;

	source_counters(p->source, &counters);
	p->looked = now;
	/* An interval ends when nothing has happened, too. */
	if (p->settling ||
	    (counters.matched == p->counted && !p->options->interval))
		return;
	p->counted = counters.matched;
	p->settling = !source_flush(p->source);
}

/* So that who looks into the file sees it grow, and a full disk is noticed
 * soon; and for the timeouts of connections, at any rate. */
static void flush_in_time(struct pipeline *p)
{
	uint64_t now = now_ms();

	if (now - p->flushed >= FLUSH_MS) {
		flush_all(p);
		source_flush(p->source);
		p->flushed = now;
	}
	if (look_pause(p) && now - p->looked >= look_pause(p))
		look_into_caches(p, now);
}

static int run_loop(struct pipeline *p, const struct source_sink *sink)
{
	p->flushed = p->looked = now_ms();
	if (p->options->duration)
		p->deadline = p->flushed + p->options->duration;
	while (!signals_stop_asked()) {
		int state = source_poll(p->source, sink, poll_timeout(p));

		if (p->owners)
			owners_poll(p->owners, false);
		if (p->live) {
			write_out(p);
			flush_in_time(p);
			if (p->connections)
				connections_tend_screen(p->connections);
		}
		if (signals_counters_asked())
			say_counters(p);
		if (signals_flush_asked())
			flush_all(p);
		if (state < 0)
			return state;
		if (p->error)
			return p->quiet_end ? 0 : p->error;
		if (state == SOURCE_STOPPED)
			return -ENODEV;
		if (state == SOURCE_END ||
		    (p->deadline && now_ms() >= p->deadline))
			break;
	}
	return 0;
}

static void put_count(struct pipeline *p)
{
	strbuf_printf(&p->out, "%" PRIu64 " packet%s\n", p->handled,
		      p->handled == 1 ? "" : "s");
}

static int report(struct pipeline *p)
{
	struct run_counters counters = {
		.written = p->savefile ? savefile_count(p->savefile) : 0,
		.live = p->live,
	};

	source_counters(p->source, &counters.tap);
	return connections_report(p->connections, &counters);
}

static void finish_savefile(struct pipeline *p)
{
	struct tap_counters counters;
	int error;

	if (!p->savefile)
		return;
	source_counters(p->source, &counters);
	error = savefile_finish(p->savefile, &counters);
	if (error)
		fail_savefile(p, error);
}

static int finish(struct pipeline *p, const struct source_sink *sink,
		  int result)
{
	int error = 0;

	if (p->owners)
		owners_poll(p->owners, true);
	source_stop(p->source, sink);
	if (p->owners) {
		owners_poll(p->owners, true);
		owners_say_lost(p->owners);
	}
	finish_savefile(p);
	if (p->options->count_only)
		put_count(p);
	flush_all(p);
	if (p->error && !p->quiet_end)
		error = p->error;
	if (p->live)
		say_counters(p);
	else
		say_too_deep(p);
	if (p->connections && !error)
		error = connections_finish(p->connections);
	if (p->connections && !p->quiet_end && !error)
		error = report(p);
	return result ? result : error;
}

int pipeline_run(const struct options *options)
{
	_cleanup_(pipeline_free) struct pipeline p = {
		.options = options,
		.live = !options->read,
	};
	const struct source_sink sink = {
		.user = &p,
		.frame = on_frame,
		.release = on_release,
		.delta = on_delta,
		.settled = on_settled,
		.count = on_count,
	};
	int result;

	signals_install();
	result = open_outputs(&p);
	if (!result)
		result = p.live ? open_live(&p) : open_file(&p);
	if (!result)
		result = open_savefile(&p);
	if (result)
		return 1;
	result = run_loop(&p, &sink);
	result = finish(&p, &sink, result);
	return result ? 1 : 0;
}
