/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Did TCP or UDP arrive as it was sent? For frames of files: of those that a
 * tap sees on their way out, the checksum is not there yet.
 */
#ifndef BSNIFF_FLOW_FRAME_CHECKSUM_H
#define BSNIFF_FLOW_FRAME_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/headers.h"

/*
 * Of the packet at @bytes, which headers_read() read as @key and @facts. It
 * cannot be told of fragments, of what was not captured whole, behind IPv4
 * options and IPv6 extension headers (they may say that it goes elsewhere), and
 * where the field was left to the network card: it holds zero, or the sum of
 * the pseudo header alone (CHECKSUM_PARTIAL in <linux/skbuff.h>).
 */
enum frame_checksum {
	FRAME_CHECKSUM_UNKNOWN,
	FRAME_CHECKSUM_RIGHT,
	FRAME_CHECKSUM_WRONG,
};

enum frame_checksum
frame_checksum(const uint8_t *bytes, size_t caplen,
			  const struct flow_key *key,
			  const struct packet_facts *facts);

#endif
