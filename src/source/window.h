/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a ring of deltas holds: deltas, and packets that the kernel did not count
 * by itself (struct flow_window, struct flow_plain), which are counted here as
 * it would.
 */
#ifndef BSNIFF_SOURCE_WINDOW_H
#define BSNIFF_SOURCE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"

struct window_counter;

/* @link: enum tap_link of the tap. NULL: no memory. */
struct window_counter *window_counter_new(uint32_t link);
void window_counter_free(struct window_counter *counter); /* NULL is allowed */

typedef void window_delta_fn(void *user, const struct flow_delta *delta);

/* Hand over what @window counts for, a delta for each layer of it. Fragments of
 * one datagram must come through one counter. False: the packet is in none of
 * them, its headers were too long for a window. */
bool window_count(struct window_counter *counter,
		  const struct flow_window *window, window_delta_fn *fn,
		  void *user);

/* The same of a plain packet: one delta. False: it is not plain. */
bool window_count_plain(const struct flow_plain *plain, window_delta_fn *fn,
			void *user);

/* Hand over what a record of @length bytes stands for. False: it cannot be
 * counted. */
bool window_take(struct window_counter *counter, const void *record,
		 size_t length, window_delta_fn *fn, void *user);

#endif
