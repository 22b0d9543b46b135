/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a TLS hello says in the clear: RFC 8446, RFC 6066, RFC 7301.
 */
#ifndef BSNIFF_DISSECTORS_TLS_H
#define BSNIFF_DISSECTORS_TLS_H

#include "dissectors/packet.h"

struct tls_extension {
	uint16_t type;
	struct slice value;
};

/* The extensions of the hello at the beginning of a TLS layer; empty if there
 * is none. A hello that goes on in another segment ends where this one does. */
struct cursor tls_extensions(const struct layer *layer);

/* The next of them; false at the end. */
bool tls_extension_next(struct cursor *c, struct tls_extension *extension);

/* The host name that a client asks for; empty if it does not. */
struct slice tls_server_name(const struct layer *layer);

/* The next protocol name of an ALPN extension's value, whose first two bytes
 * have been passed; false at the end. */
bool tls_protocol_next(struct cursor *c, struct slice *name);

#endif
