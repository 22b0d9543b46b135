# SPDX-License-Identifier: BSD-3-Clause
from build_routing import hsrp_frames as packets
