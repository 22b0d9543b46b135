/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who decodes what: (table, key) -> dissector, all of it const.
 */
#ifndef BSNIFF_DISSECTORS_REGISTRY_H
#define BSNIFF_DISSECTORS_REGISTRY_H

#include "dissectors/dissector.h"

enum registry {
	REGISTRY_LINK,	    /* DLT_ value */
	REGISTRY_ETHERTYPE, /* also of SNAP, GRE, Geneve, SLL */
	REGISTRY_IP,	    /* protocol or next header */
	REGISTRY_TCP,	    /* port */
	REGISTRY_UDP,	    /* port */
	REGISTRY_LLC,	    /* SAP, both alike */
	REGISTRY_PPP,	    /* protocol */
	REGISTRY_CISCO,	    /* SNAP type under Cisco's OUI */
	REGISTRY_AS,	    /* enum dissect_as */
};

/* The dissector of @key; NULL if there is none. */
const struct dissector *registry_find(enum registry table, uint32_t key);

/* The first row of @table that either port matches, and that takes a payload
 * which begins as @data does; NULL if there is none. */
const struct dissector *registry_find_ports(enum registry table,
					    uint16_t source,
					    uint16_t destination,
					    struct slice data);

#endif
