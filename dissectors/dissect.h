/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bytes -> struct packet.
 */
#ifndef BSNIFF_DISSECTORS_DISSECT_H
#define BSNIFF_DISSECTORS_DISSECT_H

#include <stdbool.h>

#include "dissectors/packet.h"

/* tcpdump's -T: what the payload of UDP (TCP) is, whatever the ports say. */
enum dissect_as {
	DISSECT_AS_PORTS,
	DISSECT_AS_AODV,
	DISSECT_AS_CARP,
	DISSECT_AS_CNFP,
	DISSECT_AS_DOMAIN,
	DISSECT_AS_LMP,
	DISSECT_AS_PGM,
	DISSECT_AS_PGM_ZMTP1,
	DISSECT_AS_PTP,
	DISSECT_AS_RADIUS,
	DISSECT_AS_RESP,
	DISSECT_AS_RPC,
	DISSECT_AS_RTCP,
	DISSECT_AS_RTP,
	DISSECT_AS_SNMP,
	DISSECT_AS_SOMEIP,
	DISSECT_AS_TFTP,
	DISSECT_AS_VAT,
	DISSECT_AS_VXLAN,
	DISSECT_AS_WB,
	DISSECT_AS_ZMTP1,
};

struct dissect_options {
	enum dissect_as as;
};

/*
 * Decode @frame into @packet, which borrows from it. Never fails: what cannot
 * be decoded is left to the layer that carries it. @options may be NULL.
 * Allocates nothing and keeps nothing: it may run in any thread.
 */
void dissect(const struct frame *frame, struct packet *packet,
	     const struct dissect_options *options);

/* The value of -T NAME (case does not count). False if there is no such. */
bool dissect_as_from_name(const char *name, enum dissect_as *as);

/* Is there a dissector for this DLT_ value? */
bool dissect_supports(int link_type);

#endif
