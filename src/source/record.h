/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A record from a packet ring as the frame that was on the wire: the VLAN tag
 * put back where the kernel took it out, the cooked header made for `any`.
 */
#ifndef BSNIFF_SOURCE_RECORD_H
#define BSNIFF_SOURCE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "src/base/frame.h"

struct record_decoder {
	enum tap_link link;
	int link_type;
	uint32_t snapshot;
	uint8_t *scratch; /* snapshot + RECORD_SCRATCH bytes; owned */
};

enum {
	RECORD_SCRATCH = 32, /* what may stand in front of the packet */
};

int record_decoder_init(struct record_decoder *decoder, enum tap_link link,
			int link_type, uint32_t snapshot);
void record_decoder_free(struct record_decoder *decoder);

/*
 * Fill @frame, but for its number. @clock_offset: ns from the record's clock
 * to the epoch. @hardware_type: ARPHRD_ of the interface, for the cooked
 * header. True: the frame's bytes are the record's; else the decoder's, valid
 * until it is used again.
 */
bool record_decode(struct record_decoder *decoder,
		   const struct tap_record *record, int64_t clock_offset,
		   uint16_t hardware_type, struct frame *frame);

#endif
