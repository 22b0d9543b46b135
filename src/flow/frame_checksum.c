// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/frame_checksum.h"

#include <stdbool.h>

#include "dissectors/checksum.h"
#include "src/base/cursor.h"

/* Bytes from the transport header to the packet's end; 0: not all are there, or
 * more than a plain header stands before them. */
static uint32_t covered(const uint8_t *bytes, size_t caplen,
			const struct flow_key *key,
			const struct packet_facts *facts)
{
	uint32_t header = key->family == FLOW_IPV4 ? 20 : 40;
	uint32_t total;

	if (facts->fragment || facts->transport != facts->network + header ||
	    caplen < facts->transport)
		return 0;
	total = key->family == FLOW_IPV4
			? load_be16(bytes + facts->network + 2)
			: load_be16(bytes + facts->network + 4) + 40u;
	/* (The kernel leaves a length of 0 in what it has joined.) */
	if (total <= header || total != facts->ip_length ||
	    caplen - facts->network < total)
		return 0;
	return total - header;
}

static uint64_t pseudo_header(const struct flow_key *key, uint32_t length)
{
	size_t n = key->family == FLOW_IPV4 ? 4 : 16;
	uint64_t sum = (uint64_t)key->protocol + length;

	sum = checksum_add(sum, key->source, n);
	return checksum_add(sum, key->destination, n);
}

enum frame_checksum frame_checksum(const uint8_t *bytes, size_t caplen,
				   const struct flow_key *key,
				   const struct packet_facts *facts)
{
	bool is_udp = facts->kind == PACKET_PORTS &&
		      key->protocol == HEADERS_UDP;
	uint16_t field, partial;
	const uint8_t *at;
	uint32_t length;
	uint64_t sum;

	if (facts->kind != PACKET_TCP && !is_udp)
		return FRAME_CHECKSUM_UNKNOWN;
	length = covered(bytes, caplen, key, facts);
	if (length < (is_udp ? 8 : 20))
		return FRAME_CHECKSUM_UNKNOWN;
	at = bytes + facts->transport;
	field = load_be16(at + (is_udp ? 6 : 16));
	if (!field || (is_udp && load_be16(at + 4) != length))
		return FRAME_CHECKSUM_UNKNOWN;
	sum = pseudo_header(key, length);
	partial = (uint16_t)~checksum_fold(sum);
	if (field == partial)
		return FRAME_CHECKSUM_UNKNOWN;
	return checksum_fold(checksum_add(sum, at, length))
		       ? FRAME_CHECKSUM_WRONG
		       : FRAME_CHECKSUM_RIGHT;
}
