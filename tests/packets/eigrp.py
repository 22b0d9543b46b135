# SPDX-License-Identifier: BSD-3-Clause
from build_routing import eigrp_frames as packets
