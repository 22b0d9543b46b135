# SPDX-License-Identifier: BSD-3-Clause
from build_routing import bgp_frames as packets
