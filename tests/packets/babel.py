# SPDX-License-Identifier: BSD-3-Clause
from build_routing import babel_frames as packets
