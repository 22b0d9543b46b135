/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/if_arp.h>

enum {
	TAG_AT = 12, /* behind the two addresses */
	TAG_LENGTH = 4,
};

/* LINKTYPE_LINUX_SLL2, www.tcpdump.org/linktypes. Network byte order. */
struct sll2_header {
	uint16_t protocol;
	uint16_t reserved;
	uint32_t ifindex;
	uint16_t hardware_type;
	uint8_t packet_type;
	uint8_t address_length;
	uint8_t address[8];
};
_Static_assert(sizeof(struct sll2_header) == 20, "20 bytes on the wire");

int record_decoder_init(struct record_decoder *decoder, enum tap_link link,
			int link_type, uint32_t snapshot)
{
	*decoder = (struct record_decoder){
		.link = link, .link_type = link_type, .snapshot = snapshot};
	decoder->scratch = malloc((size_t)snapshot + RECORD_SCRATCH);
	return decoder->scratch ? 0 : -ENOMEM;
}

void record_decoder_free(struct record_decoder *decoder)
{
	free(decoder->scratch);
	decoder->scratch = NULL;
}

static void put_tag(struct record_decoder *decoder,
		    const struct tap_record *record, struct frame *frame)
{
	uint16_t tag[2] = {htons(record->vlan_protocol),
			   htons(record->vlan_tci)};
	uint8_t *to = decoder->scratch;

	memcpy(to, TAP_RECORD_DATA(record), TAG_AT);
	memcpy(to + TAG_AT, tag, TAG_LENGTH);
	memcpy(to + TAG_AT + TAG_LENGTH, TAP_RECORD_DATA(record) + TAG_AT,
	       record->caplen - TAG_AT);
	frame->data = to;
	frame->caplen += TAG_LENGTH;
	frame->len += TAG_LENGTH;
}

static void put_cooked_header(struct record_decoder *decoder,
			      const struct tap_record *record,
			      uint16_t hardware_type, struct frame *frame)
{
	struct sll2_header header = {
		.protocol = htons(record->protocol),
		.ifindex = htonl(record->ifindex),
		.hardware_type = htons(hardware_type),
		.packet_type = record->packet_type,
	};
	bool has_address = hardware_type == ARPHRD_ETHER ||
			   hardware_type == ARPHRD_LOOPBACK;

	if (has_address) {
		header.address_length = record->address_length;
		memcpy(header.address, record->address,
		       sizeof(record->address));
	}
	memcpy(decoder->scratch, &header, sizeof(header));
	memcpy(decoder->scratch + sizeof(header), TAP_RECORD_DATA(record),
	       record->caplen);
	frame->data = decoder->scratch;
	frame->caplen += (uint32_t)sizeof(header);
	frame->len += (uint32_t)sizeof(header);
}

bool record_decode(struct record_decoder *decoder,
		   const struct tap_record *record, int64_t clock_offset,
		   uint16_t hardware_type, struct frame *frame)
{
	*frame = (struct frame){
		.time = stamp_from_ns((int64_t)record->time + clock_offset),
		.data = TAP_RECORD_DATA(record),
		.caplen = record->caplen,
		.headroom = sizeof(*record),
		.len = record->len,
		.link_type = decoder->link_type,
		.ifindex = record->ifindex,
		.direction = record->direction == TAP_OUT ? DIRECTION_OUT
							  : DIRECTION_IN,
	};
	if (decoder->link == TAP_LINK_COOKED)
		put_cooked_header(decoder, record, hardware_type, frame);
	else if (decoder->link == TAP_LINK_ETHERNET &&
		 (record->flags & TAP_RECORD_VLAN) && record->caplen >= TAG_AT)
		put_tag(decoder, record, frame);
	if (frame->caplen > decoder->snapshot)
		frame->caplen = decoder->snapshot;
	if (frame->data == decoder->scratch)
		frame->headroom = 0;
	return frame->data != decoder->scratch;
}
