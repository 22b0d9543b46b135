# SPDX-License-Identifier: BSD-3-Clause
from build_routing import lldp_frames as packets
