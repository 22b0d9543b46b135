/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rows as an aligned table that fits the width: columns that do not fit are
 * left out, the least telling first; then addresses are shortened ("~").
 */
#ifndef BSNIFF_REPORT_SUMMARY_TABLE_H
#define BSNIFF_REPORT_SUMMARY_TABLE_H

#include "src/report/summary_rows.h"

void summary_put_rows(const struct rows *rows, size_t count,
		      const struct summary_options *options,
		      struct strbuf *out);

#endif
