# SPDX-License-Identifier: BSD-3-Clause
from build_routing import lspping_frames as packets
