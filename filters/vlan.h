/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --any-vlan: a program that judges an Ethernet frame as if the tags in its
 * bytes were not there.
 */
#ifndef BSNIFF_FILTERS_VLAN_H
#define BSNIFF_FILTERS_VLAN_H

#include "filters/classic.h"
#include "filters/lists.h"

/*
 * @program becomes three copies of itself behind a test for tags (802.1Q,
 * 802.1ad and 0x9100, one or two): in the copies for tagged frames, loads from
 * the EtherType on lie 4 or 8 bytes further. The addresses before it, and
 * `len', stay what they are. Tags that the kernel took out of the frame need
 * nothing. @sites (may be NULL) is copied along. 0 or -ENOMEM.
 */
enum { VLAN_PROLOGUE = 11 }; /* instructions before the three copies */
int vlan_spread(struct classic *program, struct list_site **sites);

#endif
