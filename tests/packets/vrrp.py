# SPDX-License-Identifier: BSD-3-Clause
from build_routing import vrrp_frames as packets
