# SPDX-License-Identifier: BSD-3-Clause
from build_routing import ldp_frames as packets
