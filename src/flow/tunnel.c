// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/tunnel.h"

#include <stddef.h>

const char *tunnel_name(uint32_t tunnel)
{
	static const char *const names[FLOW_TUNNELS] = {
		[FLOW_TUNNEL_IP] = "ip",       [FLOW_TUNNEL_GRE] = "gre",
		[FLOW_TUNNEL_VXLAN] = "vxlan", [FLOW_TUNNEL_GENEVE] = "geneve",
		[FLOW_TUNNEL_GTP] = "gtpv1",   [FLOW_TUNNEL_TEREDO] = "teredo",
		[FLOW_TUNNEL_AYIYA] = "ayiya", [FLOW_TUNNEL_MPLS] = "mpls",
		[FLOW_TUNNEL_PPPOE] = "pppoe",
	};
	uint32_t type = tunnel >> 24 & 0x7f;

	return type < FLOW_TUNNELS ? names[type] : NULL;
}

bool tunnel_has_id(uint32_t tunnel, uint32_t *id)
{
	uint32_t type = tunnel >> 24 & 0x7f;

	*id = tunnel & 0xffffff;
	return type == FLOW_TUNNEL_VXLAN || type == FLOW_TUNNEL_GENEVE;
}
