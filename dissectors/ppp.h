/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PPP's control protocols.
 */
#ifndef BSNIFF_DISSECTORS_PPP_H
#define BSNIFF_DISSECTORS_PPP_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

enum ppp_protocol {
	PPP_IPCP = 0x8021,
	PPP_OSICP = 0x8023,
	PPP_IPV6CP = 0x8057,
	PPP_BACP = 0xc02b,
	PPP_CCP = 0x80fd,
	PPP_MPLSCP = 0x8281,
	PPP_LCP = 0xc021,
	PPP_PAP = 0xc023,
	PPP_CHAP = 0xc223,
};

extern const struct label ppp_protocol_labels[];

/* LCP and those that are like it; PAP; CHAP. @c holds what was captured of
 * @length bytes behind the protocol field; @start is where the dump with -vv
 * begins: the protocol field. */
void ppp_text_control(struct text *t, uint16_t protocol, struct cursor c,
		      uint32_t length, const uint8_t *start);
void ppp_text_pap(struct text *t, struct cursor c, uint32_t length);
void ppp_text_chap(struct text *t, struct cursor c, uint32_t length);

#endif
