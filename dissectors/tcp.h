/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TCP's flags and options.
 */
#ifndef BSNIFF_DISSECTORS_TCP_H
#define BSNIFF_DISSECTORS_TCP_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80,
};

/* One option; its value is what the snapshot holds of it. */
struct tcp_option {
	uint8_t kind;
	uint8_t length; /* with kind and length octets */
	bool bad;	/* the length cannot be; no more follow */
	struct slice value;
};

/* The options of a TCP layer, and the next of them; false at the end. */
struct cursor tcp_options(const struct layer *layer);
bool tcp_option_next(struct cursor *c, struct tcp_option *option);

/* Have at hand what printing the layer will look up. */
void tcp_text_prepare(const struct text_printer *printer,
		      const struct packet *packet, const struct layer *layer);

/* ", options [...]": SACK blocks count from @sack_origin. False where the
 * packet ends in them. */
bool tcp_text_options(struct text *t, const struct layer *layer,
		      uint32_t sack_origin);

void tcp_json_options(struct json *json, const struct layer *layer);

/* The MPTCP option (RFC 8684) behind kind and length octets. False if it is
 * not of a form that its subtype can have. */
bool mptcp_text(struct text *t, struct cursor c, uint8_t length,
		uint8_t tcp_flags);

#endif
