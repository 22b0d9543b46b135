/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A decoded packet: what dissect() makes of a frame, and the only thing that
 * text, JSON, the flow table and statistics read.
 *
 * A packet is a chain of layers, the link layer first. Each layer is a window
 * on the frame's bytes plus the fields of its fixed header in host order.
 * Parts of variable length (options, records, TLVs) stay in the window and are
 * walked by the iterators that the protocol's header declares. Nothing is
 * owned: all is valid as long as the frame's bytes are.
 */
#ifndef BSNIFF_DISSECTORS_PACKET_H
#define BSNIFF_DISSECTORS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/cursor.h"
#include "src/base/frame.h"

enum {
	PACKET_LAYERS = 16, /* more than these are not looked at */
	LAYER_NONE = 0xff,  /* no such layer, where an index is meant */
};

/* What was wrong with a layer; more than one may be set. */
enum layer_flag {
	LAYER_TRUNCATED = 1 << 0,  /* the snapshot ends inside its header */
	LAYER_BAD_LENGTH = 1 << 1, /* a length field that cannot be */
	LAYER_BAD_VERSION = 1 << 2,
	LAYER_FRAGMENT = 1 << 3, /* of a fragmented datagram */
	LAYER_UNKNOWN_PAYLOAD = 1 << 4,
	LAYER_TOO_DEEP = 1 << 5, /* its payload would be layer 17 */
};

struct ethernet {
	uint8_t destination[6];
	uint8_t source[6];
	uint16_t type; /* or length, up to 1500 */
};

/* One tag of IEEE 802.1Q. */
struct vlan {
	uint16_t tpid; /* the type that announced the tag */
	uint16_t tci;
	uint16_t type; /* of what follows */
};

/* Linux cooked, version 1 and 2. */
struct sll {
	uint8_t version;
	uint16_t address_length;
	uint8_t address[8];
	uint16_t packet_type;
	uint16_t hardware;
	uint16_t protocol;
	uint32_t ifindex; /* version 2 */
};

struct null_link {
	uint32_t family;
};

struct ppp {
	uint16_t protocol;
	uint8_t header_length;
};

struct llc {
	uint8_t dsap, ssap;
	uint16_t control; /* 1 byte for U frames, else 2 in host order */
	uint8_t header_length;
	uint32_t oui;  /* of SNAP */
	uint16_t type; /* of SNAP */
};

struct arp {
	uint16_t hardware, protocol, operation;
	uint8_t hardware_length, protocol_length;
};

struct ipv4 {
	uint8_t source[4], destination[4];
	uint16_t total_length; /* as on the wire */
	uint16_t id;
	uint16_t fragment; /* flags in the upper 3 bits, offset / 8 below */
	uint16_t checksum;
	uint8_t tos, ttl, protocol;
	uint8_t version;
	uint8_t header_length; /* bytes */
};

struct ipv6 {
	uint8_t source[16], destination[16];
	uint32_t flow; /* version, class, label: the first word */
	uint16_t payload_length;
	uint8_t next_header, hop_limit;
	uint32_t jumbo_length; /* of a valid jumbo option, else 0 */
};

/* Hop-by-hop, destination, routing, fragment, mobility header. */
struct ipv6_extension {
	uint8_t next_header;
	uint8_t type;	     /* of routing and mobility */
	uint32_t size;	     /* bytes the header says that it has */
	uint16_t fragment;   /* offset in the upper 13 bits, flags below */
	uint32_t identifier; /* of the fragment */
};

struct icmp {
	uint8_t type, code;
	uint16_t checksum;
	uint32_t rest; /* the second word */
};

struct tcp {
	uint16_t source, destination;
	uint32_t sequence, acknowledgment;
	uint16_t window, checksum, urgent;
	uint8_t flags;
	uint8_t header_length; /* bytes */
};

struct udp {
	uint16_t source, destination;
	uint16_t length, checksum;
};

struct mpls {
	uint32_t stack_length; /* bytes of labels */
};

struct gre {
	uint16_t flags, protocol;
	uint16_t header_length;
};

struct vxlan {
	uint8_t flags;
	uint32_t vni;
};

struct geneve {
	uint8_t version_options, flags;
	uint16_t type;
	uint32_t vni;
	uint16_t header_length;
};

struct dns {
	uint16_t id, flags;
	uint16_t questions, answers, authorities, additionals;
	bool over_tcp, multicast;
};

struct dhcp {
	uint8_t operation, hardware_type, hardware_length, hops;
	uint32_t transaction;
	uint16_t seconds, flags;
	uint32_t cookie; /* says what options follow */
};

struct dhcp6 {
	uint8_t type;
	uint32_t transaction;
};

struct ntp {
	uint8_t leap, version, mode, stratum;
};

/* AH, ESP, IPComp (whose parameter index is in spi). */
struct ipsec {
	uint8_t next_header;
	uint16_t header_length;
	uint32_t spi, sequence;
};

struct sctp {
	uint16_t source, destination;
	uint32_t tag;
};

struct pppoe {
	uint8_t version_type, code;
	uint16_t session, length;
};

struct radius {
	uint8_t code, id;
	uint16_t length; /* as on the wire */
};

struct isakmp {
	uint64_t initiator, responder; /* cookies or SPIs */
	uint32_t message, length;
	uint8_t next_payload, version, exchange, flags;
};

struct l2tp {
	uint16_t flags, tunnel, session;
	uint32_t length;	/* of the message */
	uint32_t header_length; /* with the padding */
};

/* The record at the beginning of a segment, if one begins there. */
struct tls {
	bool begins_record;
	uint8_t record_type;
	uint8_t handshake_type;
	uint16_t record_version, record_length;
	uint16_t version; /* of the hello */
};

struct quic {
	uint8_t first;
	uint32_t version; /* of a long header */
};

/* PostgreSQL, MySQL. */
struct database {
	uint8_t type;
	uint32_t length, code;
};

struct lwres {
	uint32_t length, serial, operation, result, receive_length;
	uint16_t version, flags, authentication, authentication_length;
};

struct layer {
	const struct dissector *dissector;
	const uint8_t *data; /* first byte; borrowed */
	uint32_t captured;   /* bytes at data that the snapshot holds */
	uint32_t length;     /* bytes there were, as the layer below says */
	uint16_t flags;	     /* enum layer_flag */
	uint8_t next;	     /* index of the payload's layer or LAYER_NONE */
	uint8_t ip;	     /* index of the IP layer around it, or LAYER_NONE */
	union {
		struct ethernet ethernet;
		struct vlan vlan;
		struct sll sll;
		struct null_link null_link;
		struct ppp ppp;
		struct llc llc;
		struct arp arp;
		struct ipv4 ipv4;
		struct ipv6 ipv6;
		struct ipv6_extension extension;
		struct icmp icmp;
		struct tcp tcp;
		struct udp udp;
		struct mpls mpls;
		struct gre gre;
		struct vxlan vxlan;
		struct geneve geneve;
		struct dns dns;
		struct dhcp dhcp;
		struct dhcp6 dhcp6;
		struct ntp ntp;
		struct ipsec ipsec;
		struct sctp sctp;
		struct pppoe pppoe;
		struct tls tls;
		struct quic quic;
		struct database database;
		struct l2tp l2tp;
		struct lwres lwres;
		struct radius radius;
		struct isakmp isakmp;
		uint64_t words[6]; /* for what has no struct of its own */
	};
};

struct packet {
	const struct frame *frame; /* borrowed */
	uint8_t count;		   /* of layers */
	struct layer layers[PACKET_LAYERS];
};

/* The layer that @layer carries; NULL if none was recognised. */
static inline const struct layer *layer_payload(const struct packet *packet,
						const struct layer *layer)
{
	return layer->next == LAYER_NONE ? NULL : &packet->layers[layer->next];
}

/* The IPv4 or IPv6 layer that @layer is in; NULL if it is in none. */
static inline const struct layer *layer_ip(const struct packet *packet,
					   const struct layer *layer)
{
	return layer->ip == LAYER_NONE ? NULL : &packet->layers[layer->ip];
}

/* The first layer that @dissector decoded; NULL if there is none. */
static inline const struct layer *packet_find(const struct packet *packet,
					      const struct dissector *dissector)
{
	for (unsigned int i = 0; i < packet->count; i++)
		if (packet->layers[i].dissector == dissector)
			return &packet->layers[i];
	return NULL;
}

#endif
