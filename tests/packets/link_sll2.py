# SPDX-License-Identifier: BSD-3-Clause
from build import *

LINKTYPE = 276


def sll2(kind, proto, payload, address=MAC_A, index=65000):
    return struct.pack("!HHIHBB", proto, 0, index, 1, kind, len(address)) + \
        address.ljust(8, b"\0") + payload


def packets():
    for kind in range(6):
        yield sll2(kind, 0x0800, ip4(17, udp(b"data")))
    yield sll2(0, 0x86DD, ip6(17, udp(b"data", src=A6, dst=B6)), address=b"")
    yield sll2(0, 0x8100, vlan(5, 0x0800, ip4(17, udp(b"data"))))
    yield sll2(0, 4, b"\xaa\xaa\x03\0\0\0\x08\0" + ip4(17, udp(b"data")))
    yield sll2(0, 7, b"what")
    yield sll2(4, 0x1234, b"unknown")
    yield sll2(4, 0x1234, b"unknown")[:10]
