# SPDX-License-Identifier: BSD-3-Clause
from build_routing import rip_frames as packets
