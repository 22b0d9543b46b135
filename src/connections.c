/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/connections.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "dissectors/service.h"
#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"
#include "src/report/event_log.h"
#include "src/report/event_queue.h"
#include "src/report/histogram.h"
#include "src/report/seen_names.h"
#include "src/report/summary.h"
#include "src/screen.h"
#include "src/signals.h"

#define SECOND 1000000000ll

enum {
	EXPIRE_MOST = 32768, /* records a second: some ms */
};

struct connections {
	const struct options *options;
	enum summary_form form;
	struct conn_log_context context;
	struct flow_table *table;
	struct summary *summary; /* NULL: not wanted */
	struct summary *recent;	 /* of --interval; NULL: not wanted */
	int64_t interval_end;	 /* ns since the epoch; 0: not begun */
	int64_t now;		 /* the latest time heard of, the same */
	char title[16];		 /* when the last ended; "": none has */
	struct screen
		*screen; /* where it is drawn; NULL: one below the other */
	enum summary_sort sort; /* of the screen's table */
	struct histogram histograms[HISTOGRAM_KINDS];
	struct seen_names *names; /* NULL: not wanted */
	struct event_queue *events; /* NULL: not wanted, or of a file */
	FILE *log;		    /* NULL: not wanted */
	struct strbuf line;
	int error;	/* of the log, or of standard output; said, unless */
	bool is_unread; /* nobody reads standard output any more */
};

static enum summary_form form_of(const struct options *options)
{
	if (options->summary != SUMMARY_DEFAULT)
		return options->summary;
	return options->read && !options->stats ? SUMMARY_NONE : SUMMARY_TEXT;
}

bool connections_wanted(const struct options *options)
{
	return options->stats || options->conn_log || options->events ||
	       options->histograms || options->interval ||
	       form_of(options) != SUMMARY_NONE;
}

/* Keep the first error of what is written to @path (NULL: standard output), and
 * say it, unless nobody reads that any more. */
static void keep_error(struct connections *connections, const char *path)
{
	bool is_stdout = !path || !strcmp(path, "-");

	if (connections->error)
		return;
	connections->error = -errno;
	connections->is_unread = errno == EPIPE && is_stdout;
	if (!connections->is_unread)
		log_error("%s: %s", is_stdout ? "standard output" : path,
			  strerror(errno));
}

static void write_log(struct connections *connections,
		      const struct connection *c)
{
	struct strbuf *line = &connections->line;

	strbuf_reset(line);
	conn_log_put_line(line, c, &connections->context);
	if (fwrite(line->data, 1, line->length, connections->log) !=
	    line->length)
		keep_error(connections, connections->options->conn_log);
}

/* Events: connections->line to standard output. */
static void write_event(struct connections *connections)
{
	const struct strbuf *line = &connections->line;

	if (line->length &&
	    fwrite(line->data, 1, line->length, stdout) != line->length)
		keep_error(connections, NULL);
}

static void flush(struct connections *connections)
{
	if (connections->options->events && fflush(stdout))
		keep_error(connections, NULL);
	if (connections->log && fflush(connections->log))
		keep_error(connections, connections->options->conn_log);
}

static void on_end(const struct connection *c, void *context)
{
	struct connections *connections = context;

	if (connections->log)
		write_log(connections, c);
	if (connections->summary)
		summary_add(connections->summary, c);
	for (int i = 0; i < HISTOGRAM_KINDS; i++)
		histogram_add_connection(&connections->histograms[i], c);
}

static void on_change(const struct connection *c,
		      const struct flow_change *change, void *context)
{
	struct connections *connections = context;
	struct strbuf *line = &connections->line;

	if (connections->recent && change->kind == FLOW_CHANGE_RETRANSMIT)
		summary_count_retransmits(connections->recent, c,
					  change->count);
	if (!connections->options->events)
		return;
	if (connections->events) {
		event_queue_add(connections->events, c, change);
		return;
	}
	strbuf_reset(line);
	if (event_log_put(line, c, change))
		write_event(connections);
}

/* @now: ns since the epoch; INT64_MAX: nothing waits any longer. */
static void put_events(struct connections *connections, int64_t now)
{
	struct strbuf *lines = &connections->line;

	if (!connections->options->events)
		return;
	if (connections->events) {
		strbuf_reset(lines);
		event_queue_put(connections->events, lines, now);
		write_event(connections);
	}
}

static int open_events(struct connections *connections)
{
	struct owners *owners = connections->context.owner_context;
	const struct event_queue_options events = {
		.owner = owners ? owners_event : NULL,
		.owner_may_come = owners ? owners_may_come : NULL,
		.context = owners,
	};

	if (!connections->options->events)
		return 0;
	event_log_put_title(&connections->line, owners != NULL);
	write_event(connections);
	if (connections->options->read)
		return 0;
	connections->events = event_queue_new(&events);
	return connections->events ? 0 : -ENOMEM;
}

static void on_delta(const struct connection *c, int side,
		     const struct flow_delta *delta, void *context)
{
	struct connections *connections = context;

	summary_count(connections->recent, c, side, delta);
}

static uint8_t on_payload(const struct flow_key *key, struct slice payload,
			  void *context)
{
	struct connections *connections = context;
	const struct service_payload from = {
		.bytes = payload,
		.source = ntohs(key->source_port),
		.destination = ntohs(key->destination_port),
		.is_tcp = key->protocol == IPPROTO_TCP,
	};
	struct service service;

	if (connections->names)
		seen_names_read(connections->names, key, payload);
	service_identify_payload(&from, &service);
	return (uint8_t)service.kind;
}

static const char *name_address(const uint8_t *address, uint8_t family,
				const char **how, void *context)
{
	return seen_names_find(context, address, family, how);
}

static int open_names(struct connections *connections)
{
	const struct options *options = connections->options;

	if (!options->names || (options->text.numeric && !options->names_said))
		return 0;
	connections->names = seen_names_new(options->names);
	if (!connections->names)
		return -ENOMEM;
	connections->context.address_name = name_address;
	connections->context.names_context = connections->names;
	return 0;
}

static unsigned int terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 80)
		return 80;
	return size.ws_col;
}

static int open_log(struct connections *connections)
{
	const char *path = connections->options->conn_log;

	if (!path)
		return 0;
	connections->log = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (connections->log)
		return 0;
	log_error("%s: %s", path, strerror(errno));
	return -EIO;
}

static int open_summary(struct connections *connections)
{
	const struct options *options = connections->options;
	struct owners *owners = connections->context.owner_context;
	struct summary_options summary = {
		.sort = options->sort,
		.group = options->group,
		.top = (unsigned int)options->top,
		.width = terminal_width(),
		.context = &connections->context,
		.process = !owners ? NULL
			   : options->group == SUMMARY_BY_PROCESS
				   ? owners_one_process
				   : owners_process,
		.container = owners ? owners_container : NULL,
		.owner_context = owners,
	};

	if (options->interval)
		connections->recent = summary_new(&summary);
	summary.json = connections->form == SUMMARY_JSON;
	if (connections->form != SUMMARY_NONE)
		connections->summary = summary_new(&summary);
	if ((connections->summary || connections->form == SUMMARY_NONE) &&
	    (connections->recent || !options->interval))
		return 0;
	log_error("summary: %s", strerror(errno));
	return -ENOMEM;
}

int connections_open(struct connections **out, const struct options *options,
		     struct owners *owners,
		     const char *(*interface_name)(uint32_t index,
						   void *context),
		     void *context)
{
	struct connections *connections = calloc(1, sizeof(*connections));
	const struct flow_table_options table = {
		.trust_checksums = options->text.no_checksum,
		.on_end = on_end,
		.on_change =
			options->events || options->interval ? on_change : NULL,
		.on_delta = options->interval ? on_delta : NULL,
		.on_payload = on_payload,
		.context = connections,
	};
	int error;

	if (!connections)
		return -ENOMEM;
	connections->options = options;
	connections->form = form_of(options);
	for (int i = 0; i < HISTOGRAM_KINDS; i++)
		connections->histograms[i].kind = (enum histogram_kind)i;
	/* Of a part of the packets, or of none, no service can be told. */
	connections->context.ports_tell =
		!options->read && (options->stats || options->sample > 1);
	connections->context.interface_name = interface_name;
	connections->context.context = context;
	connections->context.put_owner = owners ? owners_put_json : NULL;
	connections->context.owner_context = owners;
	connections->table = flow_table_new(&table);
	error = connections->table ? open_names(connections) : -ENOMEM;
	if (!error)
		error = open_log(connections);
	if (!error)
		error = open_summary(connections);
	if (!error)
		error = open_events(connections);
	if (error) {
		connections_free(connections);
		return error;
	}
	connections->sort = options->sort;
	if (options->interval && options->stats && !options->read &&
	    !options->events)
		connections->screen = screen_open();
	*out = connections;
	return 0;
}

void connections_free(struct connections *connections)
{
	if (!connections)
		return;
	flow_table_free(connections->table);
	summary_free(connections->summary);
	summary_free(connections->recent);
	seen_names_free(connections->names);
	event_queue_free(connections->events);
	screen_close(connections->screen);
	if (connections->log && connections->log != stdout)
		fclose(connections->log);
	strbuf_free(&connections->line);
	free(connections);
}

void connections_set_clock(struct connections *connections, int64_t offset)
{
	flow_table_set_offset(connections->table, offset);
}

void connections_add_delta(struct connections *connections,
			   const struct flow_delta *delta)
{
	flow_table_merge(connections->table, delta);
}

void connections_peek_frame(struct connections *connections,
			    const struct frame *frame)
{
	flow_table_peek_frame(connections->table, frame);
}

/* What the keys of the screen sort by. */
static const struct {
	char key;
	enum summary_sort sort;
} sort_keys[] = {
	{'b', SUMMARY_SORT_BYTES}, {'p', SUMMARY_SORT_PACKETS},
	{'s', SUMMARY_SORT_START}, {'d', SUMMARY_SORT_DURATION},
	{'r', SUMMARY_SORT_RTT},   {'t', SUMMARY_SORT_RETRANSMITS},
};

/* Title, table, and as much of it as the terminal holds now. */
static void draw_interval(struct connections *connections)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	struct screen *screen = connections->screen;
	unsigned int columns = terminal_width(), rows = 0;

	if (screen) {
		screen_size(screen, &columns, &rows);
		strbuf_printf(&text,
			      "%s  sorted by %s (b, p, s, d, r, t: other; "
			      "q: end)\n",
			      connections->title,
			      summary_sort_names[connections->sort]);
		rows -= 4;
	} else {
		strbuf_printf(&text, "--- %s\n", connections->title);
	}
	if (connections->options->top &&
	    (!rows || connections->options->top < rows))
		rows = (unsigned int)connections->options->top;
	summary_set_view(connections->recent, connections->sort, rows, columns);
	summary_put_recent(connections->recent, &text);
	if (screen)
		screen_draw(screen, &text);
	else
		fwrite(text.data, 1, text.length, stderr);
}

static void put_interval(struct connections *connections)
{
	time_t seconds = (time_t)(connections->now / SECOND);
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(connections->title, sizeof(connections->title),
			 "%H:%M:%S", &tm);
	summary_end_interval(connections->recent);
	draw_interval(connections);
}

/* The table of what was new, when its time has come. */
static void end_interval(struct connections *connections, int64_t now)
{
	int64_t length = (int64_t)connections->options->interval * 1000000;

	connections->now = now;
	if (now < connections->interval_end)
		return;
	if (!connections->interval_end) {
		connections->interval_end = now + length;
		return;
	}
	flow_table_settle(connections->table);
	connections->interval_end +=
		(now - connections->interval_end) / length * length + length;
	put_interval(connections);
}

/* True: the screen must be drawn anew. */
static bool take_key(struct connections *connections, char key)
{
	if (key == 'q')
		raise(SIGINT);
	for (size_t i = 0; i < ARRAY_SIZE(sort_keys); i++) {
		if (sort_keys[i].key == key) {
			connections->sort = sort_keys[i].sort;
			return true;
		}
	}
	return false;
}

void connections_tend_screen(struct connections *connections)
{
	struct screen *screen = connections->screen;
	bool changed = signals_draw_asked();
	char key;

	if (!screen)
		return;
	if (changed)
		screen_resume(screen);
	while ((key = screen_key(screen)) != 0)
		changed |= take_key(connections, key);
	if (changed && connections->title[0])
		draw_interval(connections);
}

void connections_add_frame(struct connections *connections,
			   const struct frame *frame)
{
	if (connections->recent)
		end_interval(connections, stamp_to_ns(frame->time));
	flow_table_add_frame(connections->table, frame);
}

void connections_settle(struct connections *connections)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	flow_table_settle(connections->table);
	/* What was seen before is in: whether a late packet belongs to what has
	 * ended is told by its time, and not by when this is called. */
	flow_table_expire(connections->table,
			  (int64_t)(now.tv_sec - 1) * SECOND + now.tv_nsec,
			  EXPIRE_MOST);
	if (connections->recent)
		end_interval(connections,
			     (int64_t)now.tv_sec * SECOND + now.tv_nsec);
	put_events(connections, (int64_t)now.tv_sec * SECOND + now.tv_nsec);
	flush(connections);
}

bool connections_are_unread(const struct connections *connections)
{
	return connections->is_unread;
}

int connections_finish(struct connections *connections)
{
	flow_table_finish(connections->table);
	/* The last one, which is shorter: so that all add up. */
	if (connections->recent && !connections->screen && connections->now)
		put_interval(connections);
	screen_close(TAKE_PTR(connections->screen));
	put_events(connections, INT64_MAX);
	flush(connections);
	return connections->is_unread ? 0 : connections->error;
}

static void put_histograms(const struct connections *connections)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;

	for (int i = 0; i < HISTOGRAM_KINDS; i++)
		if (connections->options->histograms & 1u << i)
			histogram_put(&connections->histograms[i], &text);
	if (text.length)
		fwrite(text.data, 1, text.length, stderr);
}

int connections_report(struct connections *connections,
		       const struct run_counters *run)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	const struct flow_totals totals = flow_table_totals(connections->table);
	const struct summary_counters counters = {
		.seen = run->tap.seen,
		.matched = run->tap.matched,
		.matched_bytes = run->tap.matched_bytes,
		.matched_segments = run->tap.matched_segments,
		.sampled_out = run->tap.sampled_out,
		.copied = run->tap.copied,
		.ring_full = run->tap.ring_full,
		.copy_failed = run->tap.copy_failed,
		.unaccounted = run->tap.unaccounted,
		.undecided = run->tap.undecided,
		.too_deep = run->tap.too_deep,
		.written = run->written,
		.is_live = run->live,
	};
	int error;

	put_histograms(connections);
	if (!connections->summary)
		return 0;
	if (connections->form == SUMMARY_JSON) {
		error = summary_write_json(connections->summary, &counters,
					   stdout);
		if (!error && fflush(stdout))
			error = -errno;
		if (error)
			log_error("standard output: %s", strerror(-error));
		return error;
	}
	summary_put_text(connections->summary, &counters, &totals, &text);
	fwrite(text.data, 1, text.length, stderr);
	return 0;
}
