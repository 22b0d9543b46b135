// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/summary_table.h"

#include <arpa/inet.h>
#include <string.h>

#include "src/base/addr.h"
#include "src/base/cleanup.h"
#include "src/flow/tunnel.h"
#include "src/report/units.h"

enum { NAME_SIGN = '*' };

struct cell_context {
	const struct summary_options *options;
	int64_t start; /* of the earliest row */
};

typedef void (*put_cell)(struct strbuf *out, const struct row *row,
			 const struct cell_context *context);

static void put_protocol(struct strbuf *out, const struct row *row,
			 const struct cell_context *context)
{
	(void)context;
	if (row->protocol)
		strbuf_puts(out, row->protocol);
	else if (row->key.family == FLOW_NONE)
		strbuf_printf(out, "0x%04x", ntohs(row->key.source_port));
	else
		strbuf_printf(out, "ip-%u", row->key.protocol);
}

/* Puts the name of @address and a sign that it is one; false: it has none. */
static bool put_name(struct strbuf *out, const struct row *row,
		     const struct cell_context *context, const uint8_t *address)
{
	const struct conn_log_context *log = context->options->context;
	const char *name = NULL, *how;

	if (log && log->address_name && row->key.family != FLOW_NONE)
		name = log->address_name(address, row->key.family, &how,
					 log->names_context);
	if (!name)
		return false;
	strbuf_puts(out, name);
	strbuf_putc(out, NAME_SIGN);
	return true;
}

static void put_endpoint(struct strbuf *out, const struct row *row,
			 const struct cell_context *context,
			 const uint8_t *address, uint16_t port)
{
	bool with_port = row->key.protocol != 1 && row->key.protocol != 58;

	if (row->key.family == FLOW_NONE)
		return;
	if (put_name(out, row, context, address)) {
		/* nothing else */
	} else if (row->key.family == FLOW_IPV4) {
		addr_put_ipv4(out, address);
	} else {
		if (with_port)
			strbuf_putc(out, '[');
		addr_put_ipv6(out, address);
		if (with_port)
			strbuf_putc(out, ']');
	}
	if (with_port) {
		strbuf_putc(out, ':');
		strbuf_u32(out, ntohs(port));
	}
}

static void put_originator(struct strbuf *out, const struct row *row,
			   const struct cell_context *context)
{
	put_endpoint(out, row, context, row->key.source, row->key.source_port);
}

static void put_responder(struct strbuf *out, const struct row *row,
			  const struct cell_context *context)
{
	put_endpoint(out, row, context, row->key.destination,
		     row->key.destination_port);
}

#define DEFINE_TEXT_CELL(name, field)                                     \
	static void put_##name(struct strbuf *out, const struct row *row, \
			       const struct cell_context *context)        \
	{                                                                 \
		(void)context;                                            \
		strbuf_puts(out, row->field);                             \
	}
#define DEFINE_CELL(name, put, value)                                     \
	static void put_##name(struct strbuf *out, const struct row *row, \
			       const struct cell_context *context)        \
	{                                                                 \
		(void)context;                                            \
		put(out, value);                                          \
	}

/* Of hosts, the address is the one that is seen from: the source. */
static void put_group(struct strbuf *out, const struct row *row,
		      const struct cell_context *context)
{
	if (context->options->group != SUMMARY_BY_HOST ||
	    !put_name(out, row, context, row->key.source))
		strbuf_puts(out, row->label);
}

DEFINE_TEXT_CELL(label, label)
DEFINE_TEXT_CELL(state, state)
DEFINE_TEXT_CELL(service, service)
DEFINE_CELL(connections, units_put_count, row->connections)
DEFINE_CELL(packets_out, units_put_count, row->packets[0])
DEFINE_CELL(packets_in, units_put_count, row->packets[1])
DEFINE_CELL(bytes_out, units_put_bytes, row->bytes[0])
DEFINE_CELL(bytes_in, units_put_bytes, row->bytes[1])
DEFINE_CELL(duration, units_put_duration, row->last - row->first)
DEFINE_CELL(start, units_put_duration, row->first - context->start)

static void put_rtt(struct strbuf *out, const struct row *row,
		    const struct cell_context *context)
{
	(void)context;
	if (row->rtt_count)
		units_put_duration(out, row->rtt);
}

static void put_retransmits(struct strbuf *out, const struct row *row,
			    const struct cell_context *context)
{
	(void)context;
	if (row->retransmits)
		units_put_count(out, row->retransmits);
}

static void put_tunnel(struct strbuf *out, const struct row *row,
		       const struct cell_context *context)
{
	const char *name = tunnel_name(row->key.tunnel);
	uint32_t id;

	(void)context;
	if (!name)
		return;
	strbuf_puts(out, name);
	if (tunnel_has_id(row->key.tunnel, &id))
		strbuf_printf(out, " %u", id);
}

struct column {
	const char *title;
	put_cell put;
	uint8_t priority; /* the highest is left out first */
	bool is_text;	  /* to the left */
	bool may_shrink;
	uint8_t sort; /* 1 << enum summary_sort: what is sorted by stays */
};

enum {
	BY_PACKETS = 1 << SUMMARY_SORT_PACKETS,
	BY_START = 1 << SUMMARY_SORT_START,
	BY_DURATION = 1 << SUMMARY_SORT_DURATION,
	BY_RTT = 1 << SUMMARY_SORT_RTT,
	BY_RETRANSMITS = 1 << SUMMARY_SORT_RETRANSMITS,
};

static const struct column connection_columns[] = {
	{"PROTO", put_protocol, 0, true, false, 0},
	{"TUNNEL", put_tunnel, 2, true, false, 0},
	{"ORIGINATOR", put_originator, 0, true, true, 0},
	{"RESPONDER", put_responder, 0, true, true, 0},
	{"STATE", put_state, 4, true, false, 0},
	{"SERVICE", put_service, 8, true, false, 0},
	{"PKTS>", put_packets_out, 3, false, false, BY_PACKETS},
	{"PKTS<", put_packets_in, 3, false, false, BY_PACKETS},
	{"BYTES>", put_bytes_out, 0, false, false, 0},
	{"BYTES<", put_bytes_in, 0, false, false, 0},
	{"START", put_start, 9, false, false, BY_START},
	{"TIME", put_duration, 5, false, false, BY_DURATION},
	{"RTT", put_rtt, 6, false, false, BY_RTT},
	{"RETR", put_retransmits, 7, false, false, BY_RETRANSMITS},
	{"PROCESS", put_label, 1, true, true, 0},
};

static const struct column group_columns[] = {
	{"GROUP", put_group, 0, true, true, 0},
	{"CONNS", put_connections, 1, false, false, 0},
	{"PKTS>", put_packets_out, 2, false, false, BY_PACKETS},
	{"PKTS<", put_packets_in, 2, false, false, BY_PACKETS},
	{"BYTES>", put_bytes_out, 0, false, false, 0},
	{"BYTES<", put_bytes_in, 0, false, false, 0},
	{"START", put_start, 8, false, false, BY_START},
	{"TIME", put_duration, 4, false, false, BY_DURATION},
	{"RTT", put_rtt, 5, false, false, BY_RTT},
	{"RETR", put_retransmits, 6, false, false, BY_RETRANSMITS},
};

enum {
	COLUMNS_MAX = ARRAY_SIZE(connection_columns),
	ADDRESS_WHOLE = 21, /* an IPv4 address and a port */
	NAME_LEAST = 13,
	PROCESS_LEAST = 11,
	NARROWEST = 9,
};

struct layout {
	const struct column *columns;
	size_t count;
	size_t widths[COLUMNS_MAX]; /* 0: left out */
	bool has_names[COLUMNS_MAX];
};

/* Characters, not bytes: what is not ASCII is UTF-8. */
static size_t text_width(const struct strbuf *text)
{
	size_t width = 0;

	for (size_t i = 0; i < text->length; i++)
		width += ((uint8_t)text->data[i] & 0xc0) != 0x80;
	return width;
}

static size_t total_width(const struct layout *layout)
{
	size_t total = 0;

	for (size_t i = 0; i < layout->count; i++)
		if (layout->widths[i])
			total += layout->widths[i] + (total ? 2 : 0);
	return total;
}

static void measure(struct layout *layout, const struct rows *rows,
		    size_t count, const struct cell_context *context)
{
	_cleanup_(strbuf_free) struct strbuf cell = STRBUF_INIT;

	for (size_t i = 0; i < layout->count; i++) {
		size_t widest = 0;

		for (size_t k = 0; k < count; k++) {
			strbuf_reset(&cell);
			layout->columns[i].put(&cell, &rows->rows[k], context);
			if (text_width(&cell) > widest)
				widest = text_width(&cell);
			if (memchr(cell.data, NAME_SIGN, cell.length))
				layout->has_names[i] = true;
		}
		/* A column without content has nothing to say. */
		layout->widths[i] = widest;
		if (widest && widest < strlen(layout->columns[i].title))
			layout->widths[i] = strlen(layout->columns[i].title);
	}
}

/* How far columns may shrink. */
enum shrinking {
	SHRINK_LITTLE, /* as far as an address is whole */
	SHRINK_NAMES, /* of addresses the same; names, and processes, further */
	SHRINK_ALL,
};

static size_t least_width(const struct layout *layout, size_t column,
			  enum shrinking how)
{
	if (how == SHRINK_ALL)
		return NARROWEST;
	if (how == SHRINK_LITTLE)
		return ADDRESS_WHOLE;
	if (layout->columns[column].put == put_label)
		return PROCESS_LEAST;
	return layout->has_names[column] ? NAME_LEAST : ADDRESS_WHOLE;
}

/* Take from the widest that may shrink, until it fits. True when it does. */
static bool shrink(struct layout *layout, size_t width, enum shrinking how)
{
	while (total_width(layout) > width) {
		size_t *widest = NULL;

		for (size_t i = 0; i < layout->count; i++)
			if (layout->columns[i].may_shrink &&
			    layout->widths[i] > least_width(layout, i, how) &&
			    (!widest || layout->widths[i] > *widest))
				widest = &layout->widths[i];
		if (!widest)
			return false;
		--*widest;
	}
	return true;
}

/* The tunnel and the process, which go last, stay for as long as names can be
 * cut instead. */
enum { LAST_TO_GO = 2, FIRST_TO_GO = 9 };

/* An IPv4 address and a port stay whole for as long as there is another
 * column to leave out. */
static void fit(struct layout *layout, size_t width, enum summary_sort sort)
{
	for (int priority = FIRST_TO_GO; priority > 0; priority--) {
		size_t widths[COLUMNS_MAX];

		memcpy(widths, layout->widths, sizeof(widths));
		if (shrink(layout, width,
			   priority > LAST_TO_GO ? SHRINK_LITTLE
						 : SHRINK_NAMES))
			return;
		memcpy(layout->widths, widths, sizeof(widths));
		for (size_t i = 0; i < layout->count; i++)
			if (layout->columns[i].priority == priority &&
			    !(layout->columns[i].sort & 1 << sort))
				layout->widths[i] = 0;
	}
	shrink(layout, width, SHRINK_ALL);
}

/* The bytes of @text's first @width characters. */
static size_t text_bytes(const struct strbuf *text, size_t width)
{
	size_t i;

	for (i = 0; i < text->length; i++)
		if (((uint8_t)text->data[i] & 0xc0) != 0x80 && !width--)
			break;
	return i;
}

static void put_padded(struct strbuf *out, const struct strbuf *cell,
		       size_t width, bool is_text, bool is_last)
{
	size_t has = text_width(cell);

	if (has > width) {
		/* Cut in the middle: both ends tell most. */
		size_t head = (width - 1) / 2, tail = width - 1 - head;
		size_t behind = text_bytes(cell, has - tail);

		strbuf_add(out, cell->data, text_bytes(cell, head));
		strbuf_putc(out, '~');
		strbuf_add(out, cell->data + behind, cell->length - behind);
		return;
	}
	if (!is_text)
		strbuf_spaces(out, width - has);
	strbuf_add(out, cell->data, cell->length);
	if (is_text && !is_last)
		strbuf_spaces(out, width - has);
}

static void put_line(const struct layout *layout, const struct row *row,
		     const struct cell_context *context, struct strbuf *out)
{
	_cleanup_(strbuf_free) struct strbuf cell = STRBUF_INIT;
	bool is_first = true;

	for (size_t i = 0; i < layout->count; i++) {
		bool is_last = true;

		if (!layout->widths[i])
			continue;
		for (size_t k = i + 1; k < layout->count; k++)
			is_last &= !layout->widths[k];
		strbuf_reset(&cell);
		if (row)
			layout->columns[i].put(&cell, row, context);
		else
			strbuf_puts(&cell, layout->columns[i].title);
		if (!is_first)
			strbuf_spaces(out, 2);
		is_first = false;
		put_padded(out, &cell, layout->widths[i],
			   layout->columns[i].is_text, is_last);
	}
	while (out->length && out->data[out->length - 1] == ' ')
		out->length--;
	strbuf_putc(out, '\n');
}

void summary_put_rows(const struct rows *rows, size_t count,
		      const struct summary_options *options, struct strbuf *out)
{
	struct layout layout = {.columns = connection_columns,
				.count = ARRAY_SIZE(connection_columns)};
	struct cell_context context = {.options = options, .start = INT64_MAX};

	if (rows->is_grouped) {
		layout.columns = group_columns;
		layout.count = ARRAY_SIZE(group_columns);
	}
	for (size_t i = 0; i < rows->count; i++)
		if (rows->rows[i].first < context.start)
			context.start = rows->rows[i].first;
	measure(&layout, rows, count, &context);
	fit(&layout, options->width ? options->width : 80, options->sort);
	put_line(&layout, NULL, &context, out);
	for (size_t i = 0; i < count; i++)
		put_line(&layout, &rows->rows[i], &context, out);
}
