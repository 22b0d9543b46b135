// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/event_log.h"

#include <time.h>

#include "src/report/units.h"

enum {
	EVENT_WIDTH = 10,
	/* A name of 15 characters, and a number of seven. */
	PROCESS_WIDTH = 23,
	PROTOCOL_WIDTH = 5,
};

static const char *const change_names[] = {
	[FLOW_CHANGE_OPEN] = "open",
	[FLOW_CHANGE_ACCEPT] = "accept",
	[FLOW_CHANGE_RETRANSMIT] = "retransmit",
	[FLOW_CHANGE_CLOSE] = "close",
};

static void put_end(struct strbuf *out, const struct connection *c, int side)
{
	bool is_six = c->key.family == FLOW_IPV6;

	if (is_six)
		strbuf_putc(out, '[');
	conn_log_put_address(out, c, side);
	if (is_six)
		strbuf_putc(out, ']');
	strbuf_putc(out, ':');
	strbuf_u32(out, conn_log_port(c, side));
}

static void put_time(struct strbuf *out, int64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		return;
	strbuf_printf(out, "%02d:%02d:%02d.%06lld", tm.tm_hour, tm.tm_min,
		      tm.tm_sec, (long long)(ns % 1000000000 / 1000));
}

/* Pad what was written since @start to @width columns. */
static void pad(struct strbuf *out, size_t start, size_t width)
{
	if (out->length - start < width)
		strbuf_spaces(out, width - (out->length - start));
	strbuf_putc(out, ' ');
}

void event_log_put_title(struct strbuf *out, bool has_owners)
{
	strbuf_printf(out, "%-15s %-*s ", "TIME", EVENT_WIDTH, "EVENT");
	if (has_owners)
		strbuf_printf(out, "%-*s ", PROCESS_WIDTH, "PROCESS");
	strbuf_printf(out, "%-*s %s\n", PROTOCOL_WIDTH, "PROTO", "CONNECTION");
}

static void put_details(struct strbuf *out, const struct connection *c,
			const struct flow_change *change, int originator)
{
	int64_t server, client;

	switch (change->kind) {
	case FLOW_CHANGE_OPEN:
		break;
	case FLOW_CHANGE_ACCEPT:
		if (connection_handshake(c, &server, &client))
			break;
		strbuf_puts(out, "  server ");
		units_put_duration(out, server);
		strbuf_puts(out, ", client ");
		units_put_duration(out, client);
		break;
	case FLOW_CHANGE_RETRANSMIT:
		strbuf_printf(out, "  %u by the %s, %s", change->count,
			      change->side == originator ? "originator"
							 : "responder",
			      connection_state_name(c));
		break;
	case FLOW_CHANGE_CLOSE:
		strbuf_printf(out, "  %s, ", connection_state_name(c));
		units_put_bytes(out, c->side[originator].wire_bytes);
		strbuf_puts(out, " sent, ");
		units_put_bytes(out, c->side[!originator].wire_bytes);
		strbuf_puts(out, " received, ");
		units_put_duration(out, connection_ended(c) - c->first);
		break;
	}
}

void event_log_put_owner(struct strbuf *out, const char *owner)
{
	strbuf_printf(out, "%-*s ", PROCESS_WIDTH, owner ? owner : "-");
}

size_t event_log_put(struct strbuf *out, const struct connection *c,
		     const struct flow_change *change)
{
	int originator = connection_roles(c).originator;
	size_t line = out->length, start;

	if (c->key.family == FLOW_NONE)
		return 0;
	put_time(out, change->time);
	strbuf_printf(out, " %-*s ", EVENT_WIDTH, change_names[change->kind]);
	start = out->length;
	conn_log_put_protocol(out, c);
	pad(out, start, PROTOCOL_WIDTH);
	line = start - line;
	put_end(out, c, originator);
	strbuf_puts(out, " > ");
	put_end(out, c, !originator);
	put_details(out, c, change, originator);
	strbuf_putc(out, '\n');
	return line;
}
