/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line as something happens to a connection: --events, which is bcc's
 * tcpconnect, tcpaccept, tcpretrans, tcptracer and tcplife in one.
 */
#ifndef BSNIFF_REPORT_EVENT_LOG_H
#define BSNIFF_REPORT_EVENT_LOG_H

#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"

/* What the owner is called in a line ("curl/1234"); NULL: not known. */
typedef const char *(*event_log_owner)(const struct connection *c,
				       void *context);

/* The line above the others; @has_owners: they have a column of processes. */
void event_log_put_title(struct strbuf *out, bool has_owners);

/* One line, with a newline. @change says what happened, see
 * flow_table_options.on_change. Without @owner there is no column for it. */
void event_log_put(struct strbuf *out, const struct connection *c,
		   const struct flow_change *change, event_log_owner owner,
		   void *context);

#endif
