# SPDX-License-Identifier: BSD-3-Clause
from build import *


def ntp(first, stratum=2, poll=6, precision=0xEC, reference=b"\x7f\x7f\1\1",
        times=(0xE0000000 << 32, 0xE0000001 << 32 | 0x80000000,
               0xE0000001 << 32 | 0xC0000000, 0xE0000002 << 32), more=b""):
    return struct.pack("!BBBBII", first, stratum, poll & 255, precision,
                       0x00012345, 0x00ABCDEF) + reference + \
        struct.pack("!QQQQ", *times) + more


def packets():
    for mode in range(8):
        for leap in range(4):
            yield eth_udp(ntp(leap << 6 | 4 << 3 | mode), 123, 123)
    for stratum in (0, 1, 3, 15, 16, 62, 63, 200):
        yield eth_udp(ntp(0x24, stratum, reference=b"GPS\0"), 123, 123)
    for poll in (-6, 0, 31, 40, -40):
        yield eth_udp(ntp(0x24, poll=poll), 123, 123)
    yield eth_udp(ntp(0x23, times=(0, 0, 0, 0xE0000000 << 32)), 123, 123)
    yield eth_udp(ntp(0x23, times=(1, 5 << 32, 4 << 32, 5 << 32)), 123, 123)
    yield eth_udp(ntp(0x23, times=(1, 5 << 32 | 7, 4 << 32 | 9, 5 << 32 | 5)),
                  123, 123)
    for more in (b"\0\0\0\1", b"\0\0\0\1" + b"D" * 16, b"\0\0\0\1" + b"D" * 20,
                 b"xx", b"x" * 40):
        yield eth_udp(ntp(0x24, more=more), 123, 123)
    yield eth_udp(ntp(0x24)[:30], 123, 123)
    yield eth_udp(b"\x16\x82\0\1\x06\x15\0\0\0\0\0\4data", 123, 123)
    yield eth_udp(b"\x16\xe2\0\1\0\0\0\0\0\0\0\0", 123, 123)
    yield eth_udp(b"\x16\x02\0\1\0\0\0\0\0\0\0\x40", 123, 123)
    yield eth_udp(b"\x16\x02\0\1", 123, 123)
