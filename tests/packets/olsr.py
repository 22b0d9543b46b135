# SPDX-License-Identifier: BSD-3-Clause
from build_routing import olsr_frames as packets
