// SPDX-License-Identifier: BSD-3-Clause
/* The half of connection.h that is Zeek's: roles, states, history. */
#include "src/flow/connection.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>

#include "src/base/cleanup.h"

/* Ports that are a server's wherever they are seen: what Zeek's analyzers
 * register as likely_server_ports. Sorted. */
static const uint16_t server_ports_tcp[] = {
	21,   22,   25,	  53,	80,   81,   88,	  102,	 110,  143,  389,  443,
	445,  502,  514,  563,	585,  587,  614,  631,	 636,  989,  990,  992,
	993,  995,  1080, 1433, 1883, 2811, 3128, 3268,	 3269, 3306, 3389, 5060,
	5061, 5222, 5223, 5269, 5432, 6379, 6660, 6661,	 6662, 6663, 6664, 6665,
	6667, 6668, 6670, 8000, 8080, 8883, 8888, 20000,
};

static const uint16_t server_ports_udp[] = {
	53,   67,   88,	  123,	137,  161,  162,  389,	443,  514,  1812,  2123,
	2152, 3389, 3544, 4011, 4789, 5060, 5072, 5353, 5355, 6081, 20000,
};

static int compare_ports(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static bool is_server_port(uint8_t protocol, uint16_t port)
{
	uint16_t host = ntohs(port);

	if (protocol == 6)
		return bsearch(&host, server_ports_tcp,
			       ARRAY_SIZE(server_ports_tcp), sizeof(host),
			       compare_ports);
	return protocol == 17 &&
	       bsearch(&host, server_ports_udp, ARRAY_SIZE(server_ports_udp),
		       sizeof(host), compare_ports);
}

static bool to_broadcast(const struct connection *c, int sender)
{
	static const uint8_t ones[4] = {255, 255, 255, 255};
	const uint8_t *to = sender ? c->key.source : c->key.destination;

	return c->key.family == FLOW_IPV4 &&
	       __builtin_memcmp(to, ones, sizeof(ones)) == 0;
}

/* Does the sender of a first packet that says nothing look like the server? */
static bool looks_flipped(const struct connection *c, int sender, bool is_syn)
{
	uint16_t from = sender ? c->key.destination_port : c->key.source_port;
	uint16_t to = sender ? c->key.source_port : c->key.destination_port;

	if (!is_server_port(c->key.protocol, from) || to_broadcast(c, sender))
		return false;
	if (!is_server_port(c->key.protocol, to))
		return true;
	return c->key.protocol == 6 && !is_syn && ntohs(from) < ntohs(to);
}

struct connection_roles connection_roles(const struct connection *c)
{
	struct connection_roles roles = {.originator = c->first_side};
	const uint16_t syn = 1u << FLOW_EVENT_SYN;
	bool is_syn_ack = false;
	uint64_t first;

	if (connection_is_tcp(c) &&
	    (c->side[0].events & syn) != (c->side[1].events & syn)) {
		roles.originator = !(c->side[0].events & syn);
		if (!connection_event(c, 0, &first) ||
		    connection_event_side(first) == roles.originator ||
		    connection_event_kind(first) != FLOW_EVENT_SYN_ACK)
			return roles;
		roles.flipped = looks_flipped(c, !roles.originator, true);
		roles.reversed = !roles.flipped;
		return roles;
	}
	if (connection_event(c, 0, &first)) {
		roles.originator = (uint8_t)connection_event_side(first);
		if (connection_event_kind(first) == FLOW_EVENT_SYN)
			return roles;
		is_syn_ack = connection_event_kind(first) == FLOW_EVENT_SYN_ACK;
	}
	if (looks_flipped(c, roles.originator, is_syn_ack)) {
		roles.originator = !roles.originator;
		roles.flipped = true;
	}
	return roles;
}

struct endpoint {
	enum endpoint_state state, before;
	bool opened, closed;
};

static void set_state(struct endpoint *e, enum endpoint_state state)
{
	e->before = e->state;
	e->state = state;
	e->opened |= state == ENDPOINT_ESTABLISHED;
}

static void inactive_syn(struct endpoint *self, struct endpoint *peer,
			 bool is_originator, int event)
{
	if (is_originator) {
		set_state(self, event == FLOW_EVENT_SYN_ACK
					? ENDPOINT_SYN_ACK_SENT
					: ENDPOINT_SYN_SENT);
		return;
	}
	if (peer->state == ENDPOINT_SYN_SENT)
		set_state(peer, ENDPOINT_ESTABLISHED);
	set_state(self, ENDPOINT_ESTABLISHED);
}

static void inactive(struct endpoint *self, struct endpoint *peer,
		     bool is_originator, int event)
{
	switch (event) {
	case FLOW_EVENT_SYN:
	case FLOW_EVENT_SYN_ACK:
		inactive_syn(self, peer, is_originator, event);
		return;
	case FLOW_EVENT_FIN:
		set_state(self, ENDPOINT_CLOSED);
		return;
	case FLOW_EVENT_RST:
	case FLOW_EVENT_FIN_RST:
	case FLOW_EVENT_MULTI:
		set_state(self, ENDPOINT_RESET);
		return;
	}
	if (!is_originator && event == FLOW_EVENT_ACK &&
	    peer->state == ENDPOINT_SYN_SENT)
		return; /* an ACK ahead of its SYN-ACK */
	if (peer->state == ENDPOINT_ESTABLISHED)
		set_state(self, ENDPOINT_ESTABLISHED);
	else
		set_state(self, ENDPOINT_PARTIAL);
}

static bool event_resets(int event)
{
	return event == FLOW_EVENT_RST || event == FLOW_EVENT_FIN_RST;
}

static void open_state(struct endpoint *self, struct endpoint *peer, int event)
{
	if (event == FLOW_EVENT_SYN && self->state == ENDPOINT_PARTIAL &&
	    peer->state == ENDPOINT_INACTIVE)
		set_state(self, ENDPOINT_SYN_SENT);
	if (event == FLOW_EVENT_FIN) {
		set_state(self, ENDPOINT_CLOSED);
		if (peer->state == ENDPOINT_RESET &&
		    peer->before == ENDPOINT_CLOSED)
			set_state(peer, ENDPOINT_CLOSED);
	}
	if (event_resets(event))
		set_state(self, ENDPOINT_RESET);
}

/* Returns whether the connection is complete with this. */
static bool step(struct endpoint *self, struct endpoint *peer,
		 bool is_originator, int event)
{
	switch (self->state) {
	case ENDPOINT_INACTIVE:
		inactive(self, peer, is_originator, event);
		break;
	case ENDPOINT_SYN_SENT:
	case ENDPOINT_SYN_ACK_SENT:
		if (event == FLOW_EVENT_FIN)
			set_state(self, ENDPOINT_CLOSED);
		else if (event_resets(event))
			set_state(self, ENDPOINT_RESET);
		break;
	case ENDPOINT_PARTIAL:
	case ENDPOINT_ESTABLISHED:
		open_state(self, peer, event);
		break;
	case ENDPOINT_CLOSED:
		if (event_resets(event) && peer->state != ENDPOINT_CLOSED)
			set_state(self, ENDPOINT_RESET);
		break;
	case ENDPOINT_RESET:
		break;
	}
	if ((event != FLOW_EVENT_FIN && !event_resets(event)) || self->closed)
		return false;
	self->closed = true;
	return self->state == ENDPOINT_RESET || peer->closed ||
	       peer->state == ENDPOINT_INACTIVE;
}

struct connection_state connection_replay(const struct connection *c)
{
	const struct connection_roles roles = connection_roles(c);
	int64_t complete = -1, both_closed = -1;
	int originator = roles.originator;
	struct endpoint sides[2] = {0};
	uint64_t event;

	for (unsigned int i = 0; connection_event(c, i, &event); i++) {
		int side = connection_event_side(event);
		int kind = connection_event_kind(event);

		if (kind >= FLOW_EVENT_ZERO_WINDOW)
			continue;
		if (step(&sides[side], &sides[!side], side == originator,
			 kind) &&
		    complete < 0)
			complete = (int64_t)(event >> 5);
		if (roles.reversed && kind == FLOW_EVENT_SYN &&
		    sides[side].state == ENDPOINT_SYN_SENT)
			set_state(&sides[side], ENDPOINT_ESTABLISHED);
		if (both_closed < 0 && sides[0].closed && sides[1].closed)
			both_closed = (int64_t)(event >> 5);
	}
	return (struct connection_state){
		.originator = sides[originator].state,
		.responder = sides[!originator].state,
		.closed_originator = sides[originator].closed,
		.closed_responder = sides[!originator].closed,
		.opened = sides[0].opened && sides[1].opened,
		.complete = complete,
		.both_closed = both_closed,
	};
}

static bool never_opened(enum endpoint_state state)
{
	return state == ENDPOINT_INACTIVE || state == ENDPOINT_PARTIAL;
}

/* Did the originator give up on its SYN: nothing but data between it and its
 * RST? */
static bool gave_up(const struct connection *c, int originator)
{
	const uint32_t others =
		1u << FLOW_EVENT_SYN_ACK | 1u << FLOW_EVENT_ACK |
		1u << FLOW_EVENT_FIN | 1u << FLOW_EVENT_FIN_RST |
		1u << FLOW_EVENT_MULTI | 1u << CONNECTION_EVENT_GAP;
	uint64_t event;

	for (unsigned int i = 0; connection_event(c, i, &event); i++) {
		int kind = connection_event_kind(event);

		if (i == 0 && (kind != FLOW_EVENT_SYN ||
			       connection_event_side(event) != originator))
			return false;
		if (connection_event_side(event) != originator)
			continue;
		if (kind == FLOW_EVENT_RST)
			return true;
		if (others & 1u << kind)
			return false;
	}
	return false;
}

static const char *tcp_state_name(const struct connection *c)
{
	struct connection_state s = connection_replay(c);
	enum endpoint_state o = s.originator, r = s.responder;

	if (r == ENDPOINT_RESET) {
		if (o == ENDPOINT_SYN_SENT || o == ENDPOINT_SYN_ACK_SENT ||
		    (o == ENDPOINT_RESET && connection_payload(c, 0) == 0 &&
		     connection_payload(c, 1) == 0))
			return "REJ";
		return never_opened(o) ? "RSTRH" : "RSTR";
	}
	if (o == ENDPOINT_RESET && never_opened(r))
		return gave_up(c, connection_roles(c).originator) ? "RSTOS0"
								  : "OTH";
	if (o == ENDPOINT_RESET)
		return "RSTO";
	if (r == ENDPOINT_CLOSED && o == ENDPOINT_CLOSED)
		return "SF";
	if (o == ENDPOINT_CLOSED)
		return never_opened(r) ? "SH" : "S2";
	if (r == ENDPOINT_CLOSED)
		return never_opened(o) ? "SHR" : "S3";
	if (o == ENDPOINT_SYN_SENT && r == ENDPOINT_INACTIVE)
		return "S0";
	if (o == ENDPOINT_ESTABLISHED && r == ENDPOINT_ESTABLISHED)
		return "S1";
	return "OTH";
}

const char *connection_state_name(const struct connection *c)
{
	const uint16_t data = 1u << FLOW_EVENT_DATA; /* not all was damaged */
	int originator;

	if (connection_is_tcp(c))
		return tcp_state_name(c);
	if (c->key.family == FLOW_NONE || c->key.protocol != 17)
		return "OTH";
	originator = connection_roles(c).originator;
	if (c->side[originator].events & data)
		return c->side[!originator].events & data ? "SF" : "S0";
	return c->side[!originator].events & data ? "SHR" : "OTH";
}

/* The gaps of a side that were acknowledged over and have a letter, as events
 * in order of time. */
struct gap_events {
	uint64_t events[CONNECTION_GAPS + 2];
	unsigned int count, next;
};

static void add_gap(struct gap_events *gaps, uint64_t event)
{
	unsigned int at = gaps->count++;

	for (; at && gaps->events[at - 1] > event; at--)
		gaps->events[at] = gaps->events[at - 1];
	gaps->events[at] = event;
}

/* What is missing at the end has no packet behind it: it is noted before the
 * connection was closed. */
static uint64_t before_the_end(const struct connection *c)
{
	const uint32_t ends = 1u << FLOW_EVENT_FIN | 1u << FLOW_EVENT_RST |
			      1u << FLOW_EVENT_FIN_RST;
	uint64_t event;

	for (unsigned int i = 0; connection_event(c, i, &event); i++)
		if (ends & 1u << connection_event_kind(event))
			return event - 1;
	return UINT64_MAX - 1;
}

/* Zeek notes it with the acknowledgment, of which the time is not known: it
 * goes with the packet behind the gap, or with the peer's first that
 * acknowledges anything if that is later. */
uint64_t connection_gap_time(const struct connection *c, int side,
			     uint64_t seen)
{
	const uint32_t acks = 1u << FLOW_EVENT_ACK | 1u << FLOW_EVENT_DATA |
			      1u << FLOW_EVENT_FIN;
	uint64_t event;

	for (unsigned int i = 0; connection_event(c, i, &event); i++)
		if (connection_event_side(event) != side &&
		    acks & 1u << connection_event_kind(event))
			return event >> 5 > seen ? event >> 5 : seen;
	return seen;
}

static void find_gaps(const struct connection *c, int side,
		      struct gap_events *out)
{
	const struct connection_side *s = &c->side[side],
				     *peer = &c->side[!side];
	const struct connection_gaps *gaps = c->extra ? c->extra->gaps : NULL;
	uint32_t before = gaps ? gaps->before[side] : 0;
	unsigned int kept = 0;
	int64_t ack;

	if (!(s->marks & peer->marks & CONNECTION_SIDE_SEQUENCE) ||
	    !(peer->marks & CONNECTION_SIDE_ACK))
		return;
	ack = connection_relative(s, peer->acknowledgment);
	for (int i = 0; gaps && i < gaps->count[side]; i++) {
		const struct connection_gap *gap = &gaps->gap[side][i];

		if (ack > (int64_t)gap->from)
			add_gap(out,
				connection_gap_time(c, side, gap->seen) << 5 |
					31);
	}
	if (ack > (int64_t)s->sequence_high)
		add_gap(out, before_the_end(c));
	for (unsigned int i = 0; i < out->count; i++)
		if (connection_event_has_letter(before + i + 1))
			out->events[kept++] = out->events[i];
	out->count = kept;
}

/* Windows of zero do not matter to a peer that has sent its FIN, nor from a
 * side that has reset. @seen: the events so far, by side. */
static bool is_boring(int side, int kind, const uint16_t seen[2])
{
	return kind == FLOW_EVENT_ZERO_WINDOW &&
	       (seen[!side] & 1u << FLOW_EVENT_FIN ||
		seen[side] & 1u << FLOW_EVENT_RST);
}

/* What a history is written with. */
struct history {
	struct strbuf *out;
	int upper;	  /* the side whose letters are upper case */
	uint16_t seen[2]; /* events so far, by side */
};

static void put_event(struct history *h, int side, int kind)
{
	static const char letters[16] = "SHFRDAQIW_TGC";
	char letter = letters[kind];

	if (letter == '_' || !letter || is_boring(side, kind, h->seen))
		return;
	h->seen[side] |= (uint16_t)(1u << kind);
	strbuf_putc(h->out,
		    side == h->upper ? letter : (char)tolower(letter));
}

/* Those of both sides that came before @event. */
static void put_gaps(struct history *h, struct gap_events gaps[2],
		     uint64_t event)
{
	for (int side = 0; side < 2; side++)
		for (struct gap_events *g = &gaps[side];
		     g->next < g->count && g->events[g->next] < event;
		     g->next++)
			put_event(h, side, CONNECTION_EVENT_GAP);
}

void connection_put_history(const struct connection *c, struct strbuf *out)
{
	struct connection_roles roles = connection_roles(c);
	struct history h = {.out = out,
			    .upper = roles.originator ^ roles.reversed};
	struct gap_events gaps[2] = {0};
	bool opened;
	uint64_t event;

	if (c->key.family == FLOW_NONE ||
	    (c->key.protocol != 6 && c->key.protocol != 17))
		return;
	/* In others, Zeek does not trust the numbers. */
	opened = connection_is_tcp(c) && connection_replay(c).opened;
	for (int side = 0; opened && side < 2; side++)
		find_gaps(c, side, &gaps[side]);
	if (roles.flipped)
		strbuf_putc(out, '^');
	for (unsigned int i = 0; connection_event(c, i, &event); i++) {
		int side = connection_event_side(event);
		int kind = connection_event_kind(event);

		put_gaps(&h, gaps, event);
		if (kind != CONNECTION_EVENT_GAP || opened)
			put_event(&h, side, kind);
		if (h.upper != roles.originator && kind == FLOW_EVENT_SYN) {
			h.upper = roles.originator;
			strbuf_putc(out, '^');
		}
	}
	put_gaps(&h, gaps, UINT64_MAX);
}
