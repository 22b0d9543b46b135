/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names for addresses and ports, as tcpdump finds them without -n: addresses
 * through the resolver, ports from the services database, Ethernet addresses
 * from /etc/ethers or with the organisation behind them.
 *
 * Nothing waits for the resolver when the capture is live: an address is asked
 * for in the background, and printed as a number until the answer is there.
 */
#ifndef BSNIFF_DISSECTORS_NAMES_H
#define BSNIFF_DISSECTORS_NAMES_H

#include <stdint.h>

#include "dissectors/text.h"
#include "src/base/strbuf.h"

struct names;

/* NULL when memory ran out. */
struct names *names_new(const struct text_options *options);
void names_free(struct names *names);

/* For -f, as in struct text_options. Before anything is put. */
void names_set_network(struct names *names, uint32_t network, uint32_t netmask);

void names_put_ipv4(struct names *names, const uint8_t address[4],
		    struct strbuf *out);
void names_put_ipv6(struct names *names, const uint8_t address[16],
		    struct strbuf *out);
void names_put_mac(struct names *names, const uint8_t address[6],
		   struct strbuf *out);
void names_put_tcp_port(struct names *names, uint16_t port,
			struct strbuf *out);
void names_put_udp_port(struct names *names, uint16_t port,
			struct strbuf *out);

/* The name of an IP protocol as /etc/protocols spells it; NULL if none. */
const char *names_ip_protocol(uint8_t protocol);

#endif
