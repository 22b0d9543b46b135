# SPDX-License-Identifier: BSD-3-Clause
from build_routing import bfd_frames as packets
