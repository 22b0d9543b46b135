// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/connection_life.h"

#include <arpa/inet.h>

#include "bpf/headers.h"

#define SECOND 1000000000ll

enum {
	EVENT_SYN = 1 << FLOW_EVENT_SYN,
	EVENT_FIN = 1 << FLOW_EVENT_FIN,
	EVENT_RESETS = 1 << FLOW_EVENT_RST | 1 << FLOW_EVENT_FIN_RST,
	EVENT_ENDS = EVENT_FIN | EVENT_RESETS,
};

static unsigned int events_of(const struct connection *c)
{
	return c->side[0].events | c->side[1].events;
}

/* Zeek's: five minutes for TCP, one for the rest, ten seconds for DNS. */
static int64_t timeout_of(const struct connection *c)
{
	const uint16_t dns = htons(53);

	if (c->key.family == FLOW_NONE)
		return INT64_MAX;
	if (connection_is_tcp(c))
		return 300 * SECOND;
	if (c->key.protocol == HEADERS_UDP &&
	    (c->key.source_port == dns || c->key.destination_port == dns))
		return 10 * SECOND;
	return 60 * SECOND;
}

/* Is the TCP connection complete for five seconds, or a SYN without an answer
 * for as long? @now in ns since its epoch. */
static bool tcp_ended(const struct connection *c, int64_t now)
{
	unsigned int events = events_of(c);
	int64_t complete;

	if (events & EVENT_ENDS) {
		complete = connection_replay(c).complete;
		return complete >= 0 && now - complete > 5 * SECOND;
	}
	return events == EVENT_SYN &&
	       (!c->side[0].packets || !c->side[1].packets) &&
	       now - (int64_t)(c->events[0] >> 5) > 5 * SECOND;
}

enum connection_end connection_life_ended(const struct connection *c,
					  int64_t now)
{
	if (connection_is_tcp(c) && tcp_ended(c, now - connection_epoch(c)))
		return CONNECTION_CLOSED;
	if (now - c->last > timeout_of(c))
		return CONNECTION_IDLE;
	return CONNECTION_OPEN;
}

bool connection_life_begins_anew(const struct connection *c,
				 const struct flow_delta *delta, int side,
				 int64_t first)
{
	const struct connection_side *s = &c->side[side];

	if (!connection_is_tcp(c) || !(delta->events & EVENT_SYN) ||
	    first < c->last)
		return false;
	if (events_of(c) & (EVENT_FIN | 1u << FLOW_EVENT_RST))
		return true;
	return s->marks & CONNECTION_SIDE_SYN &&
	       s->sequence_start != delta->syn;
}

bool connection_life_closed(const struct connection *c)
{
	unsigned int events = events_of(c);
	struct connection_state state;

	if (!connection_is_tcp(c) || !(events & EVENT_ENDS))
		return false;
	state = connection_replay(c);
	return events & EVENT_RESETS ||
	       (state.closed_originator && state.closed_responder);
}

int64_t connection_life_worth(const struct connection *c)
{
	bool is_answered = c->side[0].packets && c->side[1].packets;

	return c->last + (is_answered ? 60 * SECOND : 0);
}
