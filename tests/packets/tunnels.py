# SPDX-License-Identifier: BSD-3-Clause
"""GRE, VXLAN, Geneve, MPLS, AH, ESP, IPComp."""
from build import *

INNER = ip4(17, udp(b"inner"))
INNER6 = ip6(17, udp(b"inner", src=A6, dst=B6))


def gre(flags, proto, fields=b"", payload=INNER):
    return eth_ip4(47, struct.pack("!HH", flags, proto) + fields + payload)


def geneve(flags, proto, options=b"", payload=INNER, first=None, reserved=0):
    return eth_udp(bytes([len(options) // 4 if first is None else first,
                          flags]) + struct.pack("!H", proto) + b"\0\x12\x34" +
                   bytes([reserved]) + options + payload, 40000, 6081)


def label(value, bottom, tc=0, ttl=64):
    return struct.pack("!I", value << 12 | tc << 9 | bottom << 8 | ttl)


def packets():
    yield gre(0, 0x0800)
    yield gre(0, 0x86DD, payload=INNER6)
    yield gre(0, 0x6558, payload=eth(0x0800, INNER))
    yield gre(0, 0x8847, payload=label(0, 1) + INNER)
    yield gre(0, 0x1234)
    yield gre(0xB000, 0x0800, b"\xab\xcd\0\0" + b"\0\0\0\7" + b"\0\0\0\x09")
    yield gre(0x4000, 0x0800, b"\0\0\0\0" + b"\x08\0\0\x08" + inet4(A4) +
              inet4(B4) + b"\xff\xfe\x02\x04\0\1\0\2" + b"\0\1\0\2zz" +
              b"\x08\0\1\4abcd" + b"\x08\0\x08\x08abcdefgh" + b"\0\0\0\0")
    yield gre(0x4000, 0x0800, b"\0\0\0\0" + b"\x08\0\0\x40")
    yield gre(0xF8F8, 0x0800, b"\0" * 16)
    yield gre(0x0002, 0x0800)
    yield gre(0x3081, 0x880B, b"\0\x20\0\7\0\0\0\1\0\0\0\2",
              b"\xff\x03\0\x21" + INNER)
    yield gre(0x2081, 0x880B, b"\0\0\0\7\0\0\0\2", b"")
    yield gre(0x3001, 0x0800, b"\0\0\0\7\0\0\0\1")
    yield gre(0x3000, 0x0800, b"\0\0", b"")
    yield eth_udp(b"\x08\0\0\0\0\0\x64\0" + eth(0x0800, INNER), 40000, 4789)
    yield eth_udp(b"\0\0\0\0\0\0\x64\0" + eth(0x0806, b"short"), 40000, 4789)
    yield eth_udp(b"\x08\0\0\0", 40000, 4789)
    yield geneve(0, 0x0800)
    yield geneve(0xC0, 0x6558, payload=eth(0x86DD, INNER6))
    yield geneve(0x3F, 0x1234, reserved=7)
    yield geneve(0, 0x0800, b"\1\2\x81\1abcd" + b"\0\7\1\0" +
                 b"\xff\xf1\2\1data" + b"\x01\x04\x03\x00")
    yield geneve(0, 0x0800, b"\1\2\x81\x1fabcd")
    yield geneve(0, 0x0800, first=0x3F)
    yield geneve(0, 0x0800, first=0x40)
    yield eth_udp(b"\0\0\x08\0", 40000, 6081)
    for stack in (label(16, 1), label(16, 0, 5) + label(17, 1),
                  label(0, 1), label(3, 1), label(1, 1), label(9, 1)):
        yield eth(0x8847, stack + INNER)
        yield eth(0x8848, stack + INNER6)
    yield eth(0x8847, label(2, 1) + INNER6)
    yield eth(0x8847, label(99, 1) + b"\x01\x02pseudowire")
    yield eth(0x8847, label(99, 1))
    yield eth(0x8847, label(99, 0))
    yield eth(0x8847, b"\0\0")
    yield eth_udp(label(100, 1) + INNER, 40000, 6635)
    yield eth_ip4(51, b"\x11\4\0\0\0\0\0\1\0\0\0\2" + b"I" * 12 + udp(b"data"))
    yield eth_ip4(51, b"\x11\4\0\7\0\0\0\1\0\0\0\2" + b"I" * 12 + udp(b"data"))
    yield eth_ip4(51, b"\x11\0\0\0\0\0\0\1\0\0\0\2" + udp(b"data"))
    yield eth_ip4(51, b"\x11\x40\0\0\0\0\0\1\0\0\0\2")
    yield eth_ip4(50, b"\0\0\x12\x34\0\0\0\7" + b"ciphertext")
    yield eth_ip4(50, b"\0\0\x12\x34\0\0\0\7")
    yield eth_ip4(108, b"\4\0\0\2compressed")
