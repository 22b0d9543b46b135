# SPDX-License-Identifier: BSD-3-Clause
from build import *


def packets():
    yield eth_udp(b"data")
    yield eth_udp(b"data", bad=True)
    yield eth_ip4(17, struct.pack("!HHHH", 1, 2, 12, 0) + b"data")
    yield eth_udp(b"data", length=4)
    yield eth_udp(b"data", length=0)
    yield eth_udp(b"data", length=10)
    yield eth_udp(b"data", length=100)
    yield eth_ip4(17, udp(b"data", length=100), frag=0x2000)
    yield eth_udp6(b"data")
    yield eth_ip6(17, udp(b"data", src=A6, dst=B6, bad=True))
    yield eth_ip6(60, b"\x11\0\x01\x04\0\0\0\0" + udp(b"d", src=A6, dst=B6))
    yield eth_ip4(17, b"\0\1\0\2")
