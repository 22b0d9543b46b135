// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/summary.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/addr.h"
#include "src/report/summary_recent.h"
#include "src/report/summary_rows.h"
#include "src/report/summary_table.h"
#include "src/report/units.h"

enum { DEFAULT_TOP = 1000 };

const char *const summary_sort_names[] = {
	"bytes", "packets", "start", "duration", "rtt", "retransmits", NULL};
const char *const summary_group_names[] = {"connection", "host",      "port",
					   "process",	 "container", NULL};

struct summary {
	struct summary_options options;
	struct rows rows;
	FILE *records; /* JSON of the connections, comma between them */
	uint64_t record_count;
	struct strbuf line;
	struct recent recent; /* of the interval that goes on */
	struct recent last;   /* of the one before */
};

struct summary *summary_new(const struct summary_options *options)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	if (!summary)
		return NULL;
	summary->options = *options;
	if (!summary->options.top)
		summary->options.top = DEFAULT_TOP;
	if (options->json)
		summary->records = tmpfile();
	if ((options->json && !summary->records) ||
	    rows_init(&summary->rows, options->sort,
		      options->group != SUMMARY_BY_CONNECTION,
		      summary->options.top)) {
		summary_free(summary);
		return NULL;
	}
	return summary;
}

void summary_free(struct summary *summary)
{
	if (!summary)
		return;
	if (summary->records)
		fclose(summary->records);
	rows_free(&summary->rows);
	recent_free(&summary->recent);
	recent_free(&summary->last);
	strbuf_free(&summary->line);
	free(summary);
}

static void copy_text(char *to, size_t size, const char *from)
{
	size_t n = from ? strnlen(from, size - 1) : 0;

	memcpy(to, from ? from : "", n);
	to[n] = 0;
}

void row_make(struct row *row, const struct connection *c,
	      const struct summary_options *options)
{
	int originator = connection_roles(c).originator;
	const char *(*owner)(const struct connection *c, void *context) =
		options->process;
	int64_t server, client;

	*row = (struct row){.key = c->key,
			    .protocol = connection_protocol(c),
			    .connections = 1,
			    .first = c->first,
			    .last = connection_ended(c)};
	if (originator) {
		memcpy(row->key.source, c->key.destination, 16);
		memcpy(row->key.destination, c->key.source, 16);
		row->key.source_port = c->key.destination_port;
		row->key.destination_port = c->key.source_port;
	}
	for (int i = 0; i < 2; i++) {
		const struct connection_side *side =
			&c->side[i ? !originator : originator];

		row->packets[i] = side->packets;
		row->bytes[i] = side->wire_bytes;
		row->retransmits += side->retransmitted;
	}
	if (c->key.protocol == 6 &&
	    !connection_handshake(c, &server, &client)) {
		row->rtt = server + client;
		row->rtt_count = 1;
	}
	copy_text(row->state, sizeof(row->state), connection_state_name(c));
	copy_text(row->service, sizeof(row->service), conn_log_service(c, options->context &&
					     options->context->ports_tell));
	if (options->group == SUMMARY_BY_CONTAINER)
		owner = options->container;
	if (owner)
		copy_text(row->label, sizeof(row->label),
			  owner(c, options->owner_context));
}

static void label_address(struct row *row, const uint8_t *address,
			  struct strbuf *scratch)
{
	strbuf_reset(scratch);
	if (row->key.family == FLOW_IPV4)
		addr_put_ipv4(scratch, address);
	else if (row->key.family == FLOW_IPV6)
		addr_put_ipv6(scratch, address);
	else
		strbuf_puts(scratch, "(no IP)");
	copy_text(row->label, sizeof(row->label), strbuf_text(scratch));
}

/* Seen from the other end. */
static void turn_round(struct row *row)
{
	uint64_t packets = row->packets[0], bytes = row->bytes[0];
	uint8_t source[16];

	memcpy(source, row->key.source, 16);
	memcpy(row->key.source, row->key.destination, 16);
	memcpy(row->key.destination, source, 16);
	row->packets[0] = row->packets[1];
	row->packets[1] = packets;
	row->bytes[0] = row->bytes[1];
	row->bytes[1] = bytes;
}

static int add_host(struct summary *summary, struct row *row)
{
	int result;

	label_address(row, row->key.source, &summary->line);
	result = rows_group(&summary->rows, row);
	if (result || row->key.family == FLOW_NONE ||
	    !memcmp(row->key.source, row->key.destination, 16))
		return result;
	turn_round(row);
	label_address(row, row->key.source, &summary->line);
	return rows_group(&summary->rows, row);
}

static int add_port(struct summary *summary, struct row *row)
{
	struct strbuf *label = &summary->line;

	strbuf_reset(label);
	if (row->key.family != FLOW_NONE &&
	    (row->key.protocol == 6 || row->key.protocol == 17 ||
	     row->key.protocol == 132))
		strbuf_printf(label, "%u/", ntohs(row->key.destination_port));
	if (row->protocol)
		strbuf_puts(label, row->protocol);
	else if (row->key.family == FLOW_NONE)
		strbuf_printf(label, "0x%04x", ntohs(row->key.source_port));
	else
		strbuf_printf(label, "ip-%u", row->key.protocol);
	copy_text(row->label, sizeof(row->label), strbuf_text(label));
	return rows_group(&summary->rows, row);
}

static int add_row(struct summary *summary, struct row *row)
{
	switch (summary->options.group) {
	case SUMMARY_BY_CONNECTION:
		return rows_add(&summary->rows, row);
	case SUMMARY_BY_HOST:
		return add_host(summary, row);
	case SUMMARY_BY_PORT:
		return add_port(summary, row);
	case SUMMARY_BY_PROCESS:
	case SUMMARY_BY_CONTAINER:
		break;
	}
	if (!row->label[0])
		copy_text(row->label, sizeof(row->label), "(not known)");
	return rows_group(&summary->rows, row);
}

int summary_add(struct summary *summary, const struct connection *c)
{
	struct row row;

	if (summary->records) {
		struct json json = json_begin(&summary->line);

		strbuf_reset(&summary->line);
		if (summary->record_count++)
			strbuf_putc(&summary->line, ',');
		conn_log_put(&json, NULL, c, summary->options.context);
		if (fwrite(summary->line.data, 1, summary->line.length,
			   summary->records) != summary->line.length)
			return -errno;
		return 0;
	}
	row_make(&row, c, &summary->options);
	return add_row(summary, &row);
}

int summary_count(struct summary *summary, const struct connection *c, int side,
		  const struct flow_delta *delta)
{
	return recent_add(&summary->recent, c, side, delta, &summary->options);
}

int summary_count_retransmits(struct summary *summary,
			      const struct connection *c, uint32_t count)
{
	return recent_add_retransmits(&summary->recent, c, count,
				      &summary->options);
}

void summary_set_view(struct summary *summary, enum summary_sort sort,
		      unsigned int top, unsigned int width)
{
	summary->options.sort = summary->rows.sort = sort;
	summary->options.top = top ? top : DEFAULT_TOP;
	summary->options.width = width;
	if (!summary->rows.is_grouped)
		summary->rows.most = summary->options.top;
}

void summary_end_interval(struct summary *summary)
{
	struct recent before = summary->last;

	summary->last = summary->recent;
	summary->recent = before;
	recent_reset(&summary->recent);
}

/* What the interval's table is a part of. */
static void put_recent_totals(const struct recent *recent, uint64_t hidden,
			      struct strbuf *out)
{
	if (recent->is_full)
		strbuf_puts(out, "more than ");
	units_put_number(out, recent->count, "connection");
	strbuf_puts(out, ", ");
	units_put_number(out, recent->packets, "packet");
	strbuf_puts(out, ", ");
	units_put_bytes(out, recent->bytes);
	if (hidden) {
		strbuf_puts(out, "; ");
		units_put_number(out, hidden, "row");
		strbuf_puts(out, hidden == 1 ? " is not shown"
					     : " are not shown");
	}
	strbuf_putc(out, '\n');
}

void summary_put_recent(struct summary *summary, struct strbuf *out)
{
	struct rows *rows = &summary->rows;
	size_t shown;

	rows_reset(rows);
	for (size_t i = 0; i < summary->last.count; i++)
		add_row(summary, &summary->last.rows[i]);
	rows_sort(rows);
	shown = rows->count < summary->options.top ? rows->count
						   : summary->options.top;
	if (shown)
		summary_put_rows(rows, shown, &summary->options, out);
	put_recent_totals(&summary->last, rows->count - shown + rows->dropped,
			  out);
	rows_reset(rows);
}

static void put_accounting(const struct summary_counters *n,
			   const struct flow_totals *totals, struct strbuf *out)
{
	if (n->is_live) {
		strbuf_printf(out, "%llu seen = %llu matched + %llu not matched",
			      (unsigned long long)n->seen,
			      (unsigned long long)n->matched,
			      (unsigned long long)(n->seen - n->matched));
		if (n->undecided)
			strbuf_printf(out, " (%llu of these: owner not known)",
				      (unsigned long long)n->undecided);
		strbuf_puts(out, "; ");
	}
	strbuf_printf(out,
		      "%llu matched = %llu in connections + %llu "
		      "unaccounted\n",
		      (unsigned long long)n->matched,
		      (unsigned long long)totals->packets,
		      (unsigned long long)n->unaccounted);
	if (n->is_live && n->matched != n->sampled_out)
		strbuf_printf(out,
			      "%llu matched = %llu copied + %llu sampled out + "
			      "%llu ring full + %llu copy failed\n",
			      (unsigned long long)n->matched,
			      (unsigned long long)n->copied,
			      (unsigned long long)n->sampled_out,
			      (unsigned long long)n->ring_full,
			      (unsigned long long)n->copy_failed);
}

void summary_put_text(struct summary *summary,
		      const struct summary_counters *counters,
		      const struct flow_totals *totals, struct strbuf *out)
{
	struct rows *rows = &summary->rows;
	size_t shown;

	rows_sort(rows);
	shown = rows->count < summary->options.top ? rows->count
						   : summary->options.top;
	if (shown)
		summary_put_rows(rows, shown, &summary->options, out);
	for (size_t i = shown; i < rows->count; i++) {
		rows->dropped++;
		rows->dropped_packets +=
			rows->rows[i].packets[0] + rows->rows[i].packets[1];
		rows->dropped_bytes +=
			rows->rows[i].bytes[0] + rows->rows[i].bytes[1];
	}
	if (rows->dropped) {
		strbuf_printf(out, "and %llu more: ",
			      (unsigned long long)rows->dropped);
		units_put_count(out, rows->dropped_packets);
		strbuf_puts(out, rows->dropped_packets == 1 ? " packet, "
							    : " packets, ");
		units_put_bytes(out, rows->dropped_bytes);
		if (rows->is_partial)
			strbuf_printf(out,
				      "; at most %d are kept, and one that came "
				      "back lacks what it had",
				      GROUPS_MOST);
		strbuf_putc(out, '\n');
	}
	units_put_number(out, totals->connections, "connection");
	strbuf_puts(out, ", ");
	units_put_number(out, totals->packets, "packet");
	strbuf_puts(out, ", ");
	units_put_bytes(out, totals->wire_bytes);
	strbuf_puts(out, " on the wire");
	if (totals->retransmitted)
		strbuf_printf(out, ", %llu retransmitted",
			      (unsigned long long)totals->retransmitted);
	if (totals->evicted)
		strbuf_printf(out, "; %llu evicted for lack of room",
			      (unsigned long long)totals->evicted);
	strbuf_putc(out, '\n');
	put_accounting(counters, totals, out);
}

static void put_counters(struct json *json, const struct summary_counters *n)
{
	json_open_object(json, "counters");
	json_u64(json, "seen", n->seen);
	json_u64(json, "matched", n->matched);
	json_u64(json, "matched_bytes", n->matched_bytes);
	json_u64(json, "matched_segments", n->matched_segments);
	json_u64(json, "sampled_out", n->sampled_out);
	json_u64(json, "copied", n->copied);
	json_u64(json, "ring_full", n->ring_full);
	json_u64(json, "copy_failed", n->copy_failed);
	json_u64(json, "unaccounted", n->unaccounted);
	json_u64(json, "undecided", n->undecided);
	json_u64(json, "too_deep", n->too_deep);
	json_u64(json, "written", n->written);
	json_close_object(json);
}

int summary_write_json(struct summary *summary,
		       const struct summary_counters *counters, FILE *to)
{
	struct json json = json_begin(&summary->line);
	char buffer[65536];
	size_t n;

	strbuf_reset(&summary->line);
	json_open_object(&json, NULL);
	put_counters(&json, counters);
	json_open_array(&json, "connections");
	if (fwrite(summary->line.data, 1, summary->line.length, to) !=
	    summary->line.length)
		return -errno;
	if (fflush(summary->records) || fseek(summary->records, 0, SEEK_SET))
		return -errno;
	while ((n = fread(buffer, 1, sizeof(buffer), summary->records)) > 0)
		if (fwrite(buffer, 1, n, to) != n)
			return -errno;
	if (ferror(summary->records) || fputs("]}\n", to) == EOF || fflush(to))
		return -errno;
	return 0;
}
