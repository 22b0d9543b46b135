# SPDX-License-Identifier: BSD-3-Clause
from build_routing import cdp_frames as packets
