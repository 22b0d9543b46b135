/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which application speaks in a connection, told by what a packet of it holds
 * (not by its ports alone), and what labels a hello gives it.
 */
#ifndef BSNIFF_DISSECTORS_SERVICE_H
#define BSNIFF_DISSECTORS_SERVICE_H

#include <stdbool.h>

#include "dissectors/packet.h"

struct service {
	const char *name;      /* in Zeek's words (TLS is "ssl"); static */
	struct slice host;     /* TLS: the server name asked for */
	struct slice protocol; /* TLS: the first ALPN protocol */
	uint16_t version;      /* TLS: 0x0303, 0x0304...; 0: not known */
};

/*
 * What the TCP or UDP payload of @packet shows. False if it shows nothing, as
 * most packets do: a connection keeps the first answer. Slices are borrowed
 * from the frame. Allocates nothing.
 */
bool service_identify(const struct packet *packet, struct service *service);

#endif
