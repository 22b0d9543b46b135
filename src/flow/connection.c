// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/connection.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct connection_extra *connection_need_extra(struct connection *c)
{
	if (!c->extra)
		c->extra = calloc(1, sizeof(*c->extra));
	return c->extra;
}

size_t connection_extra_memory(const struct connection *c)
{
	const struct connection_extra *extra = c->extra;

	if (!extra)
		return 0;
	return sizeof(*extra) + (extra->gaps ? sizeof(*extra->gaps) : 0) +
	       (extra->events ? CONNECTION_MORE_EVENTS * sizeof(*extra->events)
			      : 0);
}

void connection_release(struct connection *c)
{
	if (!c->extra)
		return;
	free(c->extra->gaps);
	free(c->extra->events);
	free(c->extra);
	c->extra = NULL;
}

static bool need_more_events(struct connection *c)
{
	struct connection_extra *extra = connection_need_extra(c);

	if (extra && !extra->events)
		extra->events =
			calloc(CONNECTION_MORE_EVENTS, sizeof(*extra->events));
	return extra && extra->events;
}

static uint64_t *event_at(struct connection *c, unsigned int index)
{
	if (index < CONNECTION_EVENTS)
		return &c->events[index];
	return &c->extra->events[index - CONNECTION_EVENTS];
}

bool connection_event(const struct connection *c, unsigned int index,
		      uint64_t *event)
{
	if (index >= c->event_count)
		return false;
	*event = index < CONNECTION_EVENTS
			 ? c->events[index]
			 : c->extra->events[index - CONNECTION_EVENTS];
	return true;
}

/* Move the event at @index forward to where its time belongs. */
static void event_sift(struct connection *c, unsigned int index)
{
	while (index > 0 && *event_at(c, index - 1) > *event_at(c, index)) {
		uint64_t swap = *event_at(c, index);

		*event_at(c, index) = *event_at(c, index - 1);
		*event_at(c, --index) = swap;
	}
}

static uint64_t event_pack(int side, int event, uint64_t when)
{
	return when << 5 | (uint64_t)side << 4 | (uint64_t)event;
}

void connection_add_event(struct connection *c, int side, int event,
			  uint64_t when)
{
	unsigned int index = c->event_count;

	if (index >= CONNECTION_EVENTS + CONNECTION_MORE_EVENTS)
		return;
	if (index >= CONNECTION_EVENTS && !need_more_events(c))
		return;
	c->side[side].events |= (uint16_t)(1u << event);
	c->event_count++;
	*event_at(c, index) = event_pack(side, event, when);
	event_sift(c, index);
}

bool connection_event_has_letter(uint32_t nth)
{
	while (nth % 10 == 0 && nth)
		nth /= 10;
	return nth == 1;
}

void connection_add_events(struct connection *c, int side, int event,
			   uint32_t before, uint32_t more, uint64_t when)
{
	uint64_t after = (uint64_t)before + more;

	if (!before && more)
		connection_first_event(c, side, event, when);
	for (uint64_t threshold = 10; threshold <= after; threshold *= 10)
		if (threshold > before)
			connection_add_event(c, side, event, when);
}

void connection_first_event(struct connection *c, int side, int event,
			    uint64_t when)
{
	uint64_t packed = event_pack(side, event, when);

	if (!(c->side[side].events & 1u << event)) {
		connection_add_event(c, side, event, when);
		return;
	}
	for (unsigned int i = 0; i < c->event_count; i++) {
		if ((*event_at(c, i) & 31) != (packed & 31))
			continue;
		if (packed < *event_at(c, i)) {
			*event_at(c, i) = packed;
			event_sift(c, i);
		}
		return;
	}
}

int64_t connection_event_time(const struct connection *c, int side, int event)
{
	uint64_t e;

	for (unsigned int i = 0; connection_event(c, i, &e); i++)
		if (connection_event_side(e) == side &&
		    connection_event_kind(e) == event)
			return (int64_t)(e >> 5);
	return -1;
}

struct connection_identity connection_identify(const struct connection *c)
{
	int64_t start = c->first - connection_epoch(c);

	return (struct connection_identity){
		.key = c->key,
		.first = c->first,
		.last = c->last,
		.begins =
			connection_is_tcp(c) &&
			(connection_event_time(c, 0, FLOW_EVENT_SYN) == start ||
			 connection_event_time(c, 1, FLOW_EVENT_SYN) == start),
		.originator = connection_roles(c).originator,
	};
}

int connection_handshake(const struct connection *c, int64_t *server,
			 int64_t *client)
{
	static const int answers[] = {FLOW_EVENT_ACK, FLOW_EVENT_DATA,
				      FLOW_EVENT_FIN};
	int originator = connection_roles(c).originator;
	int64_t syn, syn_ack, first = -1;

	syn = connection_event_time(c, originator, FLOW_EVENT_SYN);
	syn_ack = connection_event_time(c, !originator, FLOW_EVENT_SYN_ACK);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		int64_t t = connection_event_time(c, originator, answers[i]);

		if (t >= syn_ack && (first < 0 || t < first))
			first = t;
	}
	if (syn < 0 || syn_ack < syn || first < 0)
		return -1;
	*server = syn_ack - syn;
	*client = first - syn_ack;
	return 0;
}

void connection_cited_key(const struct flow_delta *delta, struct flow_key *key)
{
	const struct flow_cited *cited = &delta->cited;

	*key = (struct flow_key){.source_port = cited->source_port,
				 .destination_port = cited->destination_port,
				 .ifindex = delta->key.ifindex,
				 .vlan = delta->key.vlan,
				 .protocol = cited->protocol,
				 .family = cited->family,
				 .tunnel = delta->key.tunnel};
	memcpy(key->source, cited->source, sizeof(key->source));
	memcpy(key->destination, cited->destination, sizeof(key->destination));
}

uint64_t connection_payload(const struct connection *c, int side)
{
	const struct connection_side *s = &c->side[side],
				     *peer = &c->side[!side];
	int64_t high = (int64_t)s->sequence_high;

	if (c->key.protocol != 6)
		return s->payload_bytes;
	if (!(s->marks & CONNECTION_SIDE_SEQUENCE))
		return 0;
	if (peer->marks & CONNECTION_SIDE_ACK &&
	    connection_relative(s, peer->acknowledgment) > high)
		high = connection_relative(s, peer->acknowledgment);
	high--;
	if (s->events & 1u << FLOW_EVENT_FIN)
		high--;
	return high > 0 ? (uint64_t)high : 0;
}

int64_t connection_ended(const struct connection *c)
{
	const unsigned int ends = 1u << FLOW_EVENT_FIN | 1u << FLOW_EVENT_RST |
				  1u << FLOW_EVENT_FIN_RST;
	int64_t both;

	if (!connection_is_tcp(c) || !(c->side[0].events & ends) ||
	    !(c->side[1].events & ends))
		return c->last;
	both = connection_replay(c).both_closed;
	if (both < 0)
		return c->last;
	both += connection_epoch(c);
	return both < c->last ? both : c->last;
}

uint64_t connection_missed(const struct connection *c, int side)
{
	const struct connection_side *s = &c->side[side],
				     *peer = &c->side[!side];
	const struct connection_gaps *gaps = c->extra ? c->extra->gaps : NULL;
	uint64_t missed = 0;
	int64_t ack;

	if (!(s->marks & CONNECTION_SIDE_SEQUENCE) ||
	    !(peer->marks & CONNECTION_SIDE_ACK))
		return 0;
	if (gaps)
		missed = gaps->missed[side];
	ack = connection_relative(s, peer->acknowledgment);
	for (int i = 0; gaps && i < gaps->count[side]; i++) {
		const struct connection_gap *gap = &gaps->gap[side][i];

		if ((int64_t)gap->from < ack)
			missed += gap->to - gap->from;
	}
	if (ack > (int64_t)s->sequence_high && s->sequence_high > 0)
		missed += (uint64_t)ack - s->sequence_high;
	return missed;
}

const char *connection_protocol(const struct connection *c)
{
	if (c->key.family == FLOW_NONE) {
		switch (ntohs(c->key.source_port)) {
		case 0x0004:
			return "llc";
		case 0x0806:
			return "arp";
		case 0x88cc:
			return "lldp";
		}
		return NULL;
	}
	switch (c->key.protocol) {
	case 1:
	case 58:
		return "icmp";
	case 2:
		return "igmp";
	case 6:
		return "tcp";
	case 17:
		return "udp";
	case 33:
		return "dccp";
	case 47:
		return "gre";
	case 50:
		return "esp";
	case 51:
		return "ah";
	case 89:
		return "ospf";
	case 112:
		return "vrrp";
	case 132:
		return "sctp";
	case 136:
		return "udplite";
	}
	return NULL;
}
