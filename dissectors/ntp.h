/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Times as NTP has them, which others use too.
 */
#ifndef BSNIFF_DISSECTORS_NTP_H
#define BSNIFF_DISSECTORS_NTP_H

#include "dissectors/put.h"

/* 64 bits, seconds since 1900 and their fraction; with the date in UTC. */
void ntp_put_time(struct text *t, uint64_t time);

/* @to - @from with its sign; @to itself if @from is not set. */
void ntp_put_delta(struct text *t, uint64_t from, uint64_t to);

#endif
