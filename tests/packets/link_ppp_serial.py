# SPDX-License-Identifier: BSD-3-Clause
from build import *

LINKTYPE = 50


def packets():
    yield b"\xff\x03\0\x21" + ip4(17, udp(b"data"))
    yield b"\xff\x03\xc0\x21\x01\x01\0\x04"
    yield b"\xff\x03\x12\x35unknown"
    yield b"\x77\x03\x08\0data"
    yield b"\xff"
