/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line as something happens to a connection: --events, which is bcc's
 * tcpconnect, tcpaccept, tcpretrans and tcplife in one.
 */
#ifndef BSNIFF_REPORT_EVENT_LOG_H
#define BSNIFF_REPORT_EVENT_LOG_H

#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"

/* What the owner is called in a line ("1234 curl"); NULL or a result of NULL:
 * not known. */
typedef const char *(*event_log_owner)(const struct connection *c,
				       void *context);

/* The line above the others. */
void event_log_put_title(struct strbuf *out);

/* One line, with a newline. @change says what happened, see
 * flow_table_options.on_change. */
void event_log_put(struct strbuf *out, const struct connection *c,
		   const struct flow_change *change, event_log_owner owner,
		   void *context);

#endif
