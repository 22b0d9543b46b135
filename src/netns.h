/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BSNIFF_NETNS_H
#define BSNIFF_NETNS_H

/*
 * Make the network namespace @name (ip-netns(8); or a path that contains '/')
 * the one of this process. 0, or a negative errno after having said why.
 */
int netns_enter(const char *name);

#endif
