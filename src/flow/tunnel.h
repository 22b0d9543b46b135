/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets inside packets. Some outer headers are only an envelope (GRE, IP in
 * IP): the connection is what is inside. UDP tunnels are connections of their
 * own, and what is inside is counted beside them.
 *
 * GRE: RFC 2784, 2890, 2637; ERSPAN: draft-foschiano-erspan; VXLAN: RFC 7348;
 * Geneve: RFC 8926; GTP-U: 3GPP TS 29.281; Teredo: RFC 4380; AYIYA:
 * draft-massar-v6ops-ayiya.
 */
#ifndef BSNIFF_FLOW_TUNNEL_H
#define BSNIFF_FLOW_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/headers.h"

/* flow_key.tunnel: enum flow_tunnel << 24, the network identifier if there is
 * one, and this bit when the outer packet was counted as a connection of its
 * own. */
#define TUNNEL_INNER 0x80000000u

/* The tunnel's name ("vxlan"), or NULL for 0. */
const char *tunnel_name(uint32_t tunnel);

/* Where the inner packet is. */
struct tunnel_inner {
	uint32_t offset;   /* in the outer packet */
	uint32_t tunnel;   /* for flow_key.tunnel */
	uint32_t link;	   /* enum tap_link */
	uint16_t protocol; /* EtherType, for TAP_LINK_COOKED */
};

/*
 * Is there a packet inside the one that was read as @key and @facts? @data are
 * its @caplen bytes. False: none that we know.
 */
bool tunnel_find(const uint8_t *data, size_t caplen, const struct flow_key *key,
		 const struct packet_facts *facts, struct tunnel_inner *inner);

#endif
