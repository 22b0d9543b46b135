# SPDX-License-Identifier: BSD-3-Clause
from build import *

LINKTYPE = 0


def packets():
    for order in "<>":
        yield struct.pack(order + "I", 2) + ip4(17, udp(b"data"))
        for family in (24, 28, 30):
            yield struct.pack(order + "I", family) + \
                ip6(17, udp(b"data", src=A6, dst=B6))
        yield struct.pack(order + "I", 99) + b"unknown"
    yield b"\2\0"
