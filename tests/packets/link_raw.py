# SPDX-License-Identifier: BSD-3-Clause
from build import *

LINKTYPE = 101


def packets():
    yield ip4(17, udp(b"data"))
    yield ip6(17, udp(b"data", src=A6, dst=B6))
    yield b"\x55data"
    yield b"\x45"
