/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/pipeline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dissectors/packet_json.h"
#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/pipeline_private.h"
#include "src/signals.h"

enum {
	OUT_BYTES = 64 * 1024, /* of packet lines before they are written */
	FLUSH_MS = 1000,       /* between flushes of what is written */
	OWNERS_MS = 250,       /* what is told of processes may wait so long, */
	KEYS_MS = 100,	       /* and a key that is pressed */
	CACHES_MS = 3000,      /* between looks into the flow caches, if none is
				  awaited */
	EVENTS_MS = 50,	       /* the same, when each event is */
	SETTLE_MS = 5,	       /* a cache is quiet after some of these */
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
	source_free(p->first);
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
	if (error == SAVEFILE_FULL)
		p->is_full = true;
	if (p->error || p->is_full)
		return;
	p->error = error < 0 ? error : -EIO;
	if (error == SAVEFILE_STUCK)
		return;
	p->quiet_end = error == -EPIPE;
	if (!p->quiet_end)
		log_error("%s: %s (the file holds the %" PRIu64
			  " packet%s before)",
			  savefile_path(p->savefile), strerror(-error),
			  savefile_count(p->savefile),
			  savefile_count(p->savefile) == 1 ? "" : "s");
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

/* -c is for each file, as with tcpdump. */
static bool has_enough(const struct pipeline *p)
{
	return p->options->count &&
	       p->handled - p->counted_from >= p->options->count;
}

static bool on_frame(void *user, struct frame *frame)
{
	struct pipeline *p = user;

	if (p->error || p->is_full || has_enough(p))
		return false;
	frame->number = ++p->handled;
	if (p->live && p->connections)
		connections_peek_frame(p->connections, frame);
	if (p->savefile) {
		int error = savefile_put(p->savefile, frame);

		if (error)
			fail_savefile(p, error);
	}
	if (p->printer && !p->is_full)
		print_frame(p, frame);
	return !p->error && !p->is_full && !has_enough(p);
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

/* ---- Running ---- */

static void put_plural(struct strbuf *out, uint64_t count, const char *rest)
{
	strbuf_printf(out, "%" PRIu64 " packet%s %s", count,
		      count == 1 ? "" : "s", rest);
}

/* Packets of which the filter cannot say whether they match. */
static const char TOO_DEEP[] =
	"not matched: more headers than the filter follows";

/* In a line each at the end; when asked for, in one. */
static void say_counters(struct pipeline *p, bool is_end)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	const char *between = is_end ? "\n" : ", ";
	struct tap_counters counters;

	pipeline_counters(p, &counters);
	put_plural(&text, p->handled, "captured");
	strbuf_puts(&text, between);
	put_plural(&text, counters.matched, "received by filter");
	strbuf_puts(&text, between);
	put_plural(&text, counters.ring_full + counters.copy_failed,
		   "dropped by kernel");
	if (counters.too_deep) {
		strbuf_puts(&text, between);
		put_plural(&text, counters.too_deep, TOO_DEEP);
	}
	log_line("%s%s", is_end ? "" : "bsniff: ", strbuf_text(&text));
}

static void say_too_deep(struct pipeline *p)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	struct tap_counters counters;

	pipeline_counters(p, &counters);
	if (!counters.too_deep)
		return;
	put_plural(&text, counters.too_deep, TOO_DEEP);
	log_warning("%s", strbuf_text(&text));
}

/* With -v and -w, how many there are: once a second, when there are more. */
static void say_progress(struct pipeline *p)
{
	const struct options *options = p->options;

	if (!options->text.verbose || !options->write || options->print ||
	    p->told == p->handled)
		return;
	p->told = p->handled;
	fprintf(stderr, "Got %" PRIu64 "\r", p->handled);
	fflush(stderr);
}

static void flush_all(struct pipeline *p)
{
	int error = p->savefile ? savefile_flush(p->savefile) : 0;

	if (error)
		fail_savefile(p, error);
	write_out(p);
}

/* How often to look into the flow caches, ms; 0: seldom (caches_are_due()). */
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
	uint64_t now = now_ms(), until = p->flushed + FLUSH_MS;

	if (look_pause(p))
		until = p->settling ? now + SETTLE_MS
				    : p->looked + look_pause(p);
	if (p->owners && until > now + OWNERS_MS)
		until = now + OWNERS_MS;
	if (p->options->interval && until > now + KEYS_MS)
		until = now + KEYS_MS;
	if (p->deadline && p->deadline < until)
		until = p->deadline;
	return until > now ? (int)(until - now) : 0;
}

/* Have the flow caches emptied, if anything was counted since. */
static void look_into_caches(struct pipeline *p, uint64_t now)
{
	struct tap_counters counters;

	pipeline_counters(p, &counters);
	p->looked = now;
	/* An interval ends when nothing has happened, too. */
	if (p->settling ||
	    (counters.matched == p->counted && !p->options->interval))
		return;
	p->counted = counters.matched;
	p->settling = !source_flush(p->source);
}

/*
 * Must the flow caches be emptied, though nothing may have been counted: for
 * the timeouts of connections? What it costs grows with the flows and not with
 * the packets. So where nobody sees the result before the end, it is done as
 * seldom as fits into the time of a delta; but soon, if deltas were spilled,
 * for what is in the caches may have come before them.
 */
static bool caches_are_due(struct pipeline *p, uint64_t now)
{
	const struct options *options = p->options;
	struct tap_counters counters;
	uint64_t spilled = p->spilled;

	pipeline_counters(p, &counters);
	p->spilled = counters.spilled;
	return options->conn_log || options->interval || options->events ||
	       p->spilled != spilled || now - p->emptied >= CACHES_MS;
}

/* So that who looks into the file sees it grow, and a full disk is noticed
 * soon. */
static void flush_in_time(struct pipeline *p)
{
	uint64_t now = now_ms();

	if (now - p->flushed >= FLUSH_MS) {
		flush_all(p);
		say_progress(p);
		p->flushed = now;
		if (p->connections && caches_are_due(p, now)) {
			source_flush(p->source);
			p->emptied = now;
		}
	}
	if (look_pause(p) && now - p->looked >= look_pause(p))
		look_into_caches(p, now);
}

static int run_loop(struct pipeline *p, const struct source_sink *sink)
{
	p->flushed = p->looked = p->emptied = now_ms();
	p->told = UINT64_MAX;
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
			say_counters(p, false);
		if (signals_flush_asked())
			flush_all(p);
		if (state < 0)
			return state;
		if (p->connections && connections_are_unread(p->connections))
			p->quiet_end = true;
		if (p->error || p->quiet_end)
			return p->quiet_end ? 0 : p->error;
		if (state == SOURCE_STOPPED)
			return -ENODEV;
		if (p->deadline && now_ms() >= p->deadline)
			break;
		if (state == SOURCE_END) {
			state = p->is_full ? 0 : pipeline_open_next(p);
			if (state <= 0)
				return state;
		}
	}
	return 0;
}

static void put_count(struct pipeline *p)
{
	strbuf_printf(&p->out, "%" PRIu64 " packet%s\n", p->handled,
		      p->handled == 1 ? "" : "s");
}

/* tcpdump ends the line that ^C may have cut, whatever it is written to. */
static void end_line(struct pipeline *p)
{
	if (signals_stop_asked() && !p->options->write && !p->options->stats &&
	    !p->options->json)
		strbuf_putc(&p->out, '\n');
}

static int report(struct pipeline *p)
{
	struct run_counters counters = {
		.written = p->savefile ? savefile_count(p->savefile) : 0,
		.live = p->live,
	};

	pipeline_counters(p, &counters.tap);
	return connections_report(p->connections, &counters);
}

static void finish_savefile(struct pipeline *p)
{
	struct tap_counters counters;
	int error;

	if (!p->savefile)
		return;
	pipeline_counters(p, &counters);
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
	end_line(p);
	if (p->options->count_only && !p->live)
		put_count(p);
	flush_all(p);
	if (p->error && !p->quiet_end)
		error = p->error;
	if (p->live)
		say_counters(p, true);
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
	if (pipeline_open(&p))
		return 1;
	result = run_loop(&p, &sink);
	result = finish(&p, &sink, result);
	return result ? 1 : 0;
}
