/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When a connection is over: Zeek's rules, for records that are looked at from
 * time to time and when another delta comes.
 */
#ifndef BSNIFF_FLOW_CONNECTION_LIFE_H
#define BSNIFF_FLOW_CONNECTION_LIFE_H

#include "src/flow/connection.h"

/* Is it over at @now (ns since the epoch)? CONNECTION_OPEN: no. */
enum connection_end connection_life_ended(const struct connection *c,
					  int64_t now);

/* Does @delta, of side @side and beginning at @first, begin the same addresses'
 * next connection? */
bool connection_life_begins_anew(const struct connection *c,
				 const struct flow_delta *delta, int side,
				 int64_t first);

/* Have both sides ended it, or one reset it? Its record may stay a while. */
bool connection_life_closed(const struct connection *c);

/* How long it has been idle when another must go to make room: the one with the
 * least of these goes first, one that never had an answer before others. */
int64_t connection_life_worth(const struct connection *c);

#endif
