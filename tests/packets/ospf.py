# SPDX-License-Identifier: BSD-3-Clause
from build_routing import ospf_frames as packets
