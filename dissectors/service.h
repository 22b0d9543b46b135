/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which application speaks in a connection, told by what a packet of it holds
 * (not by its ports alone), and what labels a hello gives it.
 */
#ifndef BSNIFF_DISSECTORS_SERVICE_H
#define BSNIFF_DISSECTORS_SERVICE_H

#include <stdbool.h>

#include "dissectors/packet.h"
#include "dissectors/service_kind.h"

struct service {
	enum service_kind kind;
	const char *name;      /* of the kind; static */
	struct slice host;     /* TLS: the server name asked for */
	struct slice protocol; /* TLS: the first ALPN protocol */
	uint16_t version;      /* TLS: 0x0303, 0x0304...; 0: not known */
};

/* A TCP or UDP payload, as far as it was captured. Ports in host order. */
struct service_payload {
	struct slice bytes;
	uint16_t source, destination;
	bool is_tcp;
};

/*
 * What a payload shows. False if it shows nothing, as most do: a connection
 * keeps the first answer. Slices are borrowed from the payload. Allocates
 * nothing. (Tunnels are not told by this, see src/flow/tunnel.h.)
 */
bool service_identify_payload(const struct service_payload *payload,
			      struct service *service);

/* The same of a dissected packet's TCP or UDP payload. */
bool service_identify(const struct packet *packet, struct service *service);

#endif
