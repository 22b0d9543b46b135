/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line as something happens to a connection: --events, which is bcc's
 * tcpconnect, tcpaccept, tcpretrans, tcptracer and tcplife in one.
 */
#ifndef BSNIFF_REPORT_EVENT_LOG_H
#define BSNIFF_REPORT_EVENT_LOG_H

#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"

/* The line above the others; @has_owners: they have a column of processes. */
void event_log_put_title(struct strbuf *out, bool has_owners);

/* One line, with a newline, but without its owner. @change says what happened,
 * see flow_table_options.on_change. Returns how many bytes of it are in front of
 * where the owner belongs; 0: there is no line. */
size_t event_log_put(struct strbuf *out, const struct connection *c,
		     const struct flow_change *change);

/* What the owner is called ("curl/1234"), as a column; NULL: not known. */
void event_log_put_owner(struct strbuf *out, const char *owner);

#endif
