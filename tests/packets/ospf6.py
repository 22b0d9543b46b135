# SPDX-License-Identifier: BSD-3-Clause
from build_routing import ospf6_frames as packets
