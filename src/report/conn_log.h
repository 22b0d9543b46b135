/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A connection as a JSON object: one line of --conn-log, one element of the
 * summary. Fields that Zeek's conn.log has carry its names and meanings, a
 * field that is not known is left out, as Zeek does. See
 * src/report/conn_log.schema.json.
 */
#ifndef BSNIFF_REPORT_CONN_LOG_H
#define BSNIFF_REPORT_CONN_LOG_H

#include "src/base/json.h"
#include "src/flow/connection.h"

/* What a record needs to know that the connection does not. All may be NULL. */
struct conn_log_context {
	/* The name of an interface; NULL: not known. */
	const char *(*interface_name)(uint32_t ifindex, void *context);
	/* Adds fields about the owner of the connection. */
	void (*put_owner)(struct json *json, const struct connection *c,
			  void *owner_context);
	void *owner_context;
	void *names_context; /* of address_name */
	/* A name for an address (4 or 16 bytes) and how it is known ("dns"). */
	const char *(*address_name)(const uint8_t *address, uint8_t family,
				    const char **how, void *context);
	void *context;
	bool ports_tell; /* no payload was looked at: a port tells a service */
};

/* One object. @key as in src/base/json.h. */
void conn_log_put(struct json *json, const char *key,
		  const struct connection *c,
		  const struct conn_log_context *context);

/* The same with a newline behind it: a line of the log. */
void conn_log_put_line(struct strbuf *out, const struct connection *c,
		       const struct conn_log_context *context);

/* An endpoint's address as text: @side's. Nothing when it has none. */
void conn_log_put_address(struct strbuf *out, const struct connection *c,
			  int side);

/* The port of @side (ICMP: type or code), host order. */
uint16_t conn_log_port(const struct connection *c, int side);

/* The protocol's name, made up where it has none. */
void conn_log_put_protocol(struct strbuf *out, const struct connection *c);

/* The service that the connection's payload told, or else (@ports_tell) that
 * the responder's port stands for; or NULL. */
const char *conn_log_service(const struct connection *c, bool ports_tell);

#endif
