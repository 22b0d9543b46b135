# SPDX-License-Identifier: BSD-3-Clause
"""MACsec: frames that are encrypted, and others, with everything that may
stand in them; short ones, and broken ones."""
from build import *

BYTES = bytes(range(0x40, 0xF0))
CHECK = bytes(range(0xA0, 0xB0))
E, C, S, B, I = 8, 4, 0x40, 0x10, 0x20
VERSION = 0x80


def macsec(flags, body, sl=0, pn=7, check=CHECK, outer=0x88E5):
    channel = MAC_A + b"\0\1" if flags & I else b""
    return eth(outer, bytes([flags, sl]) + struct.pack("!I", pn) + channel +
               body + check)


def typed(type_, body):
    return struct.pack("!H", type_) + body


def inner():
    yield typed(0x0800, ip4(17, udp(b"data")))
    yield typed(0x86DD, ip6(17, udp(b"data", src=A6, dst=B6)))
    yield typed(0x0806, bytes.fromhex("0001080006040001") + MAC_A +
                inet4(A4) + bytes(6) + inet4(B4) + bytes(18))
    yield typed(0x8100, vlan(5, 0x0800, ip4(17, udp(b"tagged"))))
    yield typed(0x88A8, vlan(5, 0x8100, vlan(6, 0x1234, BYTES[:20])))
    yield typed(0x1234, BYTES[:60])
    yield typed(0x88E5, bytes([I, 0]) + BYTES[:60])
    yield typed(0x888E, b"\2\5\0\x04abcd")
    yield typed(38, b"\x42\x42\3\0\0\0\0\0" + BYTES[:30])
    yield typed(50, b"\xaa\xaa\3\0\0\0\x12\x34" + BYTES[:60])
    yield typed(20, b"\xe6\xe6\x13" + BYTES[:60])
    yield typed(0x8870, b"\x42\x42\3\0\0\0\0\0" + BYTES[:30])
    yield typed(0x8100, b"\0\5\x08")
    yield typed(0x8100, b"")


def packets():
    for body in inner():
        yield macsec(0, body)
        yield macsec(I | 1, body, pn=0xFFFFFFFF)
        for sl in (1, 2, 3, 5, 6, 20, 47, 48, 63):
            yield macsec(S | B | 2, body, sl)
    for flags in range(256):
        yield macsec(flags, BYTES[:60], flags & 0x3F)
    for sl in (0x40, 0x80, 0xC0, 0xFF):
        yield macsec(0, BYTES[:60], sl)
        yield macsec(E | C | I, BYTES[:60], sl)
    for flags in (0, I, E | C, E | C | I):
        for size in range(24):
            yield macsec(flags, BYTES[:size], check=b"")
            yield macsec(flags, BYTES[:size], 1, check=b"")
    yield eth(0x8100, vlan(5, 0x88E5, macsec(0, BYTES[:60])[14:]))
    yield eth(0x8100, vlan(5, 0x88E5, macsec(E | C, BYTES[:60])[14:]))
    yield macsec(E | C | I, BYTES[:80]), 1514
    yield macsec(0, typed(0x0800, ip4(17, udp(bytes(100))))), 1514
    yield macsec(0, typed(0x0800, ip4(17, udp(bytes(100)))), 20), 30
    for size in range(7):
        yield eth(0x88E5, b"\x2c\0\0\0\0\7"[:size])
