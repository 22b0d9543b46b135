# SPDX-License-Identifier: BSD-3-Clause
from build import *

LINKTYPE = 113


def sll(kind, proto, payload, address=MAC_A, hardware=1):
    return struct.pack("!HHH", kind, hardware, len(address)) + \
        address.ljust(8, b"\0") + struct.pack("!H", proto) + payload


def packets():
    for kind in range(6):
        yield sll(kind, 0x0800, ip4(17, udp(b"data")))
    yield sll(0, 0x86DD, ip6(17, udp(b"data", src=A6, dst=B6)), address=b"")
    yield sll(0, 0x8100, vlan(5, 0x0800, ip4(17, udp(b"data"))))
    yield sll(0, 0x8100, vlan(5, 0x8100, vlan(6, 40, b"\x06\x06\x03" +
                                              ip4(17, udp(b"data")))))
    yield sll(0, 0x8100, b"\0")
    yield sll(0, 4, b"\x8e\x8e\x03data")
    yield sll(0, 4, b"\xaa\xaa\x03\0\0\0\x08\0" + ip4(17, udp(b"data")))
    yield sll(0, 7, b"what")
    yield sll(4, 0x1234, b"unknown")
    yield sll(4, 0x1234, b"unknown")[:10]
