# SPDX-License-Identifier: BSD-3-Clause
from build_routing import stp_frames as packets
