/* SPDX-License-Identifier: BSD-3-Clause */
/* Quantities for people: at most six characters, three figures. */
#ifndef BSNIFF_REPORT_UNITS_H
#define BSNIFF_REPORT_UNITS_H

#include <stdint.h>

#include "src/base/strbuf.h"

/* 999, 1.23k, 45.6M: powers of 1000. */
void units_put_count(struct strbuf *out, uint64_t n);

/* 999B, 1.23kB, 45.6MB: powers of 1000. */
void units_put_bytes(struct strbuf *out, uint64_t n);

/* 12us, 3.45ms, 6.7s, 2m03s, 1h02m, 3d04h; from nanoseconds. */
void units_put_duration(struct strbuf *out, int64_t ns);

/* "1 packet", "3 packets": whole numbers of @noun. */
void units_put_number(struct strbuf *out, uint64_t n, const char *noun);

#endif
