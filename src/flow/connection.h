/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A connection: both directions of a flow, as far as they were seen.
 *
 * Side 0 and side 1 are told apart by the canonical key (the smaller endpoint
 * is side 0), which does not depend on what was seen first. Who originated the
 * connection is worked out when somebody asks (connection_originator()), so
 * deltas may come in any order.
 *
 * All TCP facts follow Zeek's (scripts/base/protocols/conn, and
 * src/packet_analysis/protocol/tcp), so that the letters mean what its users
 * know.
 */
#ifndef BSNIFF_FLOW_CONNECTION_H
#define BSNIFF_FLOW_CONNECTION_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "src/base/strbuf.h"

/* What a history holds beside enum flow_event. */
enum connection_event {
	CONNECTION_EVENT_RETRANSMIT = 10, /* T */
	CONNECTION_EVENT_GAP = 11,	  /* G; most are made up when asked for */
	CONNECTION_EVENT_CORRUPT = 12,	  /* C */
};

/* Why a connection's record was closed. */
enum connection_end {
	CONNECTION_OPEN,     /* it is still in the table */
	CONNECTION_CLOSED,   /* by FIN or RST */
	CONNECTION_IDLE,     /* nothing was seen for long enough */
	CONNECTION_REPLACED, /* the same addresses began anew */
	CONNECTION_EVICTED,  /* the table was full, and this one the idlest */
	CONNECTION_AT_EXIT,  /* the capture ended */
};

/* TCP options that a SYN brought. */
enum connection_option {
	CONNECTION_OPTION_MSS = 1 << 0,
	CONNECTION_OPTION_SCALE = 1 << 1,
	CONNECTION_OPTION_SACK = 1 << 2,
	CONNECTION_OPTION_TIMESTAMP = 1 << 3,
};

enum connection_side_mark {
	CONNECTION_SIDE_SEQUENCE = 1 << 0, /* sequence_start is known */
	CONNECTION_SIDE_ACK = 1 << 1,	   /* acknowledgment is known */
	CONNECTION_SIDE_FRAGMENT = 1 << 2, /* some packet was a fragment */
	CONNECTION_SIDE_SYN = 1 << 3,	   /* sequence_start is a SYN's */
	CONNECTION_SIDE_SUMS = 1 << 4,	   /* checksums have been right */
};

/* What was told of a connection already (flow_table_options.on_change). */
enum connection_announced {
	CONNECTION_ACCEPT_TOLD = 1 << 0,
	CONNECTION_CLOSE_TOLD = 1 << 1,
};

/* One direction: what this side sent. */
struct connection_side {
	uint64_t packets;  /* at the tap; a joined one counts once */
	uint64_t segments; /* packets on the wire */
	uint64_t wire_bytes;
	uint64_t ip_bytes;	/* Zeek's *_ip_bytes */
	uint64_t payload_bytes; /* counted; repeated bytes count again */

	/* TCP from here on; sequence numbers relative to sequence_start. */
	uint64_t sequence_high; /* one past the highest seen, SYN and FIN too */
	uint32_t sequence_start;
	uint32_t acknowledgment; /* the highest, absolute */
	uint32_t ack_last;	 /* of the latest packet */
	uint32_t fin;		 /* sequence number at the FIN */
	uint32_t retransmitted; /* segments whose payload, SYN or FIN had been
				   seen; as many to a packet that is larger than
				   one as the MSS says */
	uint16_t window_last;
	uint16_t mss;
	uint8_t window_scale;
	uint8_t options; /* enum connection_option */
	uint8_t flags;	 /* TCP flags, all together */
	uint8_t ttl_min;
	uint8_t ttl_max;
	uint8_t marks;	 /* enum connection_side_mark */
	uint16_t events; /* 1 << enum flow_event: what has happened */
};

/* What few sides have sent: packets. */
struct connection_rare {
	uint32_t out_of_order;	 /* that filled a gap soon */
	uint32_t duplicate_acks;
	uint32_t zero_windows;
	uint32_t congestion_marks; /* ECN's CE */
	uint32_t repeated; /* of retransmitted: without payload */
};

/* Round-trip times of one side, ns: from its payload to the ACK of it. */
struct connection_rtt {
	uint64_t sum;
	uint32_t count;
	uint32_t min; /* capped at 4.29 s */
	uint32_t max;
};

/* A hole in a side's payload, relative sequence numbers. */
struct connection_gap {
	uint64_t from, to;
	uint64_t seen; /* when the packet behind it came, as an event */
};

enum { CONNECTION_GAPS = 8, CONNECTION_MORE_EVENTS = 22 };

/* The holes of both sides: the latest, which may be filled yet, and the number
 * and bytes of those before, which were acknowledged. */
struct connection_gaps {
	struct connection_gap gap[2][CONNECTION_GAPS];
	uint8_t count[2];
	uint32_t before[2];
	uint64_t missed[2];
};

/* The owner of a socket, filled in by src/owner when it is known. */
struct connection_owner;

/* What few connections have; what very few have is one step farther. */
struct connection_extra {
	struct connection_rtt rtt[2];
	struct connection_rare rare[2]; /* by side */
	struct connection_gaps *gaps;	/* NULL, or owned */
	uint64_t *events;		/* CONNECTION_MORE_EVENTS behind
					   connection.events; NULL, or owned */
	struct connection_owner *owner; /* owned by src/owner */
	uint32_t kernel_srtt;		/* us; 0: not known */
	uint32_t kernel_retransmits;
	uint32_t corrupt[2]; /* packets with a wrong checksum, by side */
	uint32_t icmp_errors;
	uint8_t icmp_type; /* of the latest ICMP error about this connection */
	uint8_t icmp_code;
};

enum { CONNECTION_EVENTS = 8 };

/* What connection.epoch counts in, ns. */
#define CONNECTION_EPOCH_UNIT 8000000000ll

/* Five cache lines: the first finds it, a packet touches two or three more. */
struct connection {
	struct flow_key key; /* from side 0 to side 1 */
	union {
		uint32_t hash;
		uint32_t next_free; /* not in use: the next that is not */
	};
	int32_t epoch; /* what the times of events count from: units since the
			  epoch; see connection_epoch() */
	uint8_t event_count;
	uint8_t first_side; /* which side's packet is at `first` */
	uint8_t in_use;
	uint8_t end;	   /* enum connection_end */
	uint8_t announced; /* enum connection_announced */
	uint8_t service;   /* enum service_kind, told by its payload */
	uint16_t reserved;

	int64_t first; /* ns since the epoch */
	int64_t last;
	struct connection_extra *extra; /* NULL, or owned */
	struct connection_side side[2];
	uint32_t rst[2]; /* by side: sequence number of the RST */

	/* Sorted: (ns since the epoch above) << 5 | side << 4 | event. */
	uint64_t events[CONNECTION_EVENTS];
};
_Static_assert(sizeof(struct connection) == 320, "a million in 400 MB");

/* What the times of events count from, ns since the epoch. */
static inline int64_t connection_epoch(const struct connection *c)
{
	return c->epoch * CONNECTION_EPOCH_UNIT;
}

static inline const struct connection_rare *
connection_rare(const struct connection *c, int side)
{
	static const struct connection_rare none;

	return c->extra ? &c->extra->rare[side] : &none;
}

/* Zeek's states of a TCP endpoint. */
enum endpoint_state {
	ENDPOINT_INACTIVE,
	ENDPOINT_PARTIAL,
	ENDPOINT_SYN_SENT,
	ENDPOINT_SYN_ACK_SENT,
	ENDPOINT_ESTABLISHED,
	ENDPOINT_CLOSED,
	ENDPOINT_RESET,
};

/* The bytes of an address as a number, so that the larger compares larger. */
static inline uint64_t connection_half(const uint8_t *half)
{
	uint64_t v;

	__builtin_memcpy(&v, half, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/* Is the key's source the larger endpoint? (What is not IP has none.) */
static inline int connection_key_side(const struct flow_key *key)
{
	uint64_t from = connection_half(key->source);
	uint64_t to = connection_half(key->destination);

	if (from == to) {
		from = connection_half(key->source + 8);
		to = connection_half(key->destination + 8);
	}
	if (from == to) {
		from = ntohs(key->source_port);
		to = ntohs(key->destination_port);
	}
	return from > to && key->family != FLOW_NONE;
}

/* The key of the packet that the ICMP error in @delta cites. */
void connection_cited_key(const struct flow_delta *delta, struct flow_key *key);

/* The key with the smaller endpoint first, so that both directions have one.
 * Returns which side the sender is. */
static inline int connection_canonical_key(const struct flow_key *key,
					   struct flow_key *out)
{
	int side = connection_key_side(key);

	*out = *key;
	if (!side)
		return 0;
	__builtin_memcpy(out->source, key->destination, sizeof(out->source));
	__builtin_memcpy(out->destination, key->source,
			 sizeof(out->destination));
	out->source_port = key->destination_port;
	out->destination_port = key->source_port;
	return 1;
}

/* Which side originated it, and whether that is a guess against the order of
 * the packets (Zeek's '^'). */
struct connection_roles {
	uint8_t originator; /* 0 or 1 */
	bool flipped;
	bool reversed; /* the SYN came behind its SYN-ACK, and nothing else told
			  who is the server */
};

struct connection_roles connection_roles(const struct connection *c);

/* What connection_replay() tells of a TCP connection. */
struct connection_state {
	enum endpoint_state originator;
	enum endpoint_state responder;
	bool closed_originator; /* it ended its half, by FIN or RST */
	bool closed_responder;
	bool opened; /* both sides were established */
	/* When nothing more was to be expected (ns since its epoch): both
	 * closed, one reset, or one closed while the other was silent. -1: not
	 * yet. */
	int64_t complete;
	int64_t both_closed; /* the same, of both only */
};

/* Run the events through Zeek's state machine. */
struct connection_state connection_replay(const struct connection *c);

/* Zeek's conn_state: "SF", "S0", … Static text. */
const char *connection_state_name(const struct connection *c);

/* When Zeek would note a gap of @side's, behind which a packet came at @seen,
 * as nearly as it is known. All on the clock of events. */
uint64_t connection_gap_time(const struct connection *c, int side,
			     uint64_t seen);

/* Zeek's history: "ShADadFf"; nothing where it has none (ICMP). */
void connection_put_history(const struct connection *c, struct strbuf *out);

/* The lower-case name that Zeek gives the protocol ("tcp"), ours where it has
 * none ("sctp", "arp"); for others NULL. */
const char *connection_protocol(const struct connection *c);

static inline bool connection_is_tcp(const struct connection *c)
{
	return c->key.family != FLOW_NONE && c->key.protocol == 6;
}

/* What it takes to find a connection's owners, also when its record is gone. */
struct connection_identity {
	struct flow_key key;
	int64_t first, last; /* ns since the epoch */
	bool begins;	     /* its first packet was a SYN */
	uint8_t originator;  /* 0 or 1, of key's ends */
};

struct connection_identity connection_identify(const struct connection *c);

/* Both directions were not accounted for twice: packets inside a tunnel whose
 * outer packets are a connection of their own are counted there. */
static inline bool connection_is_inner(const struct connection *c)
{
	return c->key.tunnel & FLOW_TUNNEL_INNER;
}

/* Payload bytes as Zeek counts them: TCP by sequence numbers. */
uint64_t connection_payload(const struct connection *c, int side);

/* Payload that was acknowledged and never seen: Zeek's missed_bytes. */
uint64_t connection_missed(const struct connection *c, int side);

/* When it ended, ns since the epoch: its last packet, but those that came
 * after both sides had closed it do not count (as in Zeek's duration). */
int64_t connection_ended(const struct connection *c);

/* When an event happened, ns since its epoch, or -1. */
int64_t connection_event_time(const struct connection *c, int side, int event);

/* The times of a TCP handshake, ns: SYN to SYN-ACK, and SYN-ACK to the first
 * packet of the originator after it. 0, or -1 when not all was seen. */
int connection_handshake(const struct connection *c, int64_t *server,
			 int64_t *client);

/* Where sequence number @sequence lies: relative to side->sequence_start, at
 * most 2^31 away from the highest seen. */
static inline int64_t connection_relative(const struct connection_side *side,
					  uint32_t sequence)
{
	uint32_t high = side->sequence_start + (uint32_t)side->sequence_high;

	return (int64_t)side->sequence_high + (int32_t)(sequence - high);
}

/* Take an event out of its packed form. */
static inline int connection_event_kind(uint64_t event)
{
	return (int)(event & 15);
}

static inline int connection_event_side(uint64_t event)
{
	return (int)(event >> 4 & 1);
}

/* The events in order of time: the @index-th, or false. */
bool connection_event(const struct connection *c, unsigned int index,
		      uint64_t *event);

/* Record that @event happened at @when (ns since its epoch), though it may have
 * happened before. */
void connection_add_event(struct connection *c, int side, int event,
			  uint64_t when);

/* The same of an event that has happened @before times, and @more times now:
 * Zeek has a letter for the 1st, the 10th, the 100th… */
void connection_add_events(struct connection *c, int side, int event,
			   uint32_t before, uint32_t more, uint64_t when);

/* Does the @nth of such an event have a letter? */
bool connection_event_has_letter(uint32_t nth);

/* Record the first time of @event: only the earliest stays. */
void connection_first_event(struct connection *c, int side, int event,
			    uint64_t when);

/* extra, allocated when it was not there; NULL: no memory. */
struct connection_extra *connection_need_extra(struct connection *c);

/* Bytes of what hangs on the record (but its owner). */
size_t connection_extra_memory(const struct connection *c);

/* Free what hangs on the record. */
void connection_release(struct connection *c);

#endif
