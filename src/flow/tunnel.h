/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the host knows of tunnels beside bpf/tunnel.h.
 */
#ifndef BSNIFF_FLOW_TUNNEL_H
#define BSNIFF_FLOW_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/tunnel.h"

/* The name of flow_key.tunnel ("vxlan"), or NULL for 0. */
const char *tunnel_name(uint32_t tunnel);

/* Has such a tunnel a network identifier (VNI)? Then it is put into *@id. */
bool tunnel_has_id(uint32_t tunnel, uint32_t *id);

#endif
