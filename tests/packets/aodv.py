# SPDX-License-Identifier: BSD-3-Clause
from build_routing import aodv_frames as packets
