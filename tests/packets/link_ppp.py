# SPDX-License-Identifier: BSD-3-Clause
from build import *

LINKTYPE = 9


def packets():
    yield b"\xff\x03\0\x21" + ip4(17, udp(b"data"))
    yield b"\x21" + ip4(17, udp(b"data"))
    yield b"\x00\x03\0\x21" + ip4(17, udp(b"data"))
    yield b"\x01\x03\0\x57" + ip6(17, udp(b"data", src=A6, dst=B6))
    yield b"\xff\x03\xc0\x21\x01\x01\0\x04"
    yield b"\xff\x03\x12\x35unknown"
    yield b"\xff\x03"
