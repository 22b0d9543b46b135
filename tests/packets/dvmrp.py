# SPDX-License-Identifier: BSD-3-Clause
"""What is spoken inside IGMP: DVMRP and PIM version 1."""
from build import *

BYTES = bytes(range(0x40, 0x80))
DVMRP, PIM = 0x13, 0x14
VERSION_3, VERSION_1 = b"\0\0\3\xff", b"\x10\0\0\0"


def message(type_, code, body, bad=False):
    data = struct.pack("!BBH", type_, code, 0) + body
    total = checksum(data) ^ (0x101 if bad else 0)
    return eth_ip4(2, data[:2] + struct.pack("!H", total) + data[4:], ttl=1)


def dvmrp(code, body):
    return message(DVMRP, code, VERSION_3 + body)


def pim(code, body, version=VERSION_1):
    return message(PIM, code, version + body)


def reports():
    for body in (b"\xff\xff\0" b"\x0a\1\5\3" b"\x0a\2\0\x86",
                 b"\xff\xff\xff" b"\x0a\1\2\3\x85",
                 b"\xff\0\0" b"\x0a\1\5" b"\x0b\1\x85" b"\xff\xff\xff"
                 b"\x0a\1\2\3\xa0",
                 b"\0\0\0" b"\x0a\5" b"\x0b\x85" b"\0\0\xff" b"\0\0\0\0\x81",
                 b"\0\xff\0" b"\1\2\3\x81", b"\xff\xff\0" b"\x0a\1",
                 b"\xff\xff\0" b"\x0a\1\2", b"\xff\xff", b"\xff\xff\0", b""):
        yield dvmrp(2, body)


def neighbors():
    for flags in (0, 1, 2, 4, 8, 16, 32, 64, 128, 255):
        yield dvmrp(6, b"\1\2\3\4\1\2" + bytes([flags, 2]) + b"\0" * 4 +
                    b"\5\6\7\x08")
    for body in (b"\1\2\3\4\1\2\0\3\5\6\7\x08", b"\1\2\3\4\1\2\0",
                 b"\1\2\3\4\1\2\0\3\5\6\7", b"\1\2\3\4\1\2\0\0", b""):
        yield dvmrp(6, body)
    for body in (b"\1\2\3\4\1\2\3" + b"\0" * 8 + b"\5\6\7\x08",
                 b"\1\2\3\4\1\2", b"\1\2\3\4\1\2\0\5\6\7\x08",
                 b"\1\2\3\4\1\2\1\5\6", b"\1\2\3\4\1\2\1", b""):
        yield dvmrp(4, body)


def joins():
    group = b"\xe1\2\3\4" + b"\xff" * 4
    sources = b"\7\x20\x0a\0\0\1" b"\0\x18\x0a\0\1\0" b"\2\x20\x0a\0\0\2"
    head = b"\x0a\0\0\x09\0\0\0\x69"
    for code in (3, 6, 7):
        yield pim(code, head + b"\0\4\0\2" + group + b"\0\2\0\1" + sources +
                  group[:4] + b"\xff\0\0\0" + b"\0\0\0\1" + sources[:6])
        yield pim(code, head + b"\0\4\0\2" + group + b"\0\2\0\1" +
                  sources[:14])
        yield pim(code, head + b"\0\4\0\2" + group[:6])
        yield pim(code, head + b"\0\4")
        yield pim(code, head[:7])


def packets():
    for code in range(12):
        for body in (BYTES[:40], b"", BYTES[:8], BYTES[:15]):
            yield dvmrp(code, body)
            yield pim(code, body)
    yield dvmrp(1, b"\0\0\0\7" b"\1\2\3\4" b"\5\6\7\x08")
    yield dvmrp(1, b"\0\0\0\7" b"\1\2\3\4" b"\5\6")
    yield dvmrp(1, b"\0\0\0")
    yield message(DVMRP, 6, b"\0\0\3")
    yield message(DVMRP, 1, b"")
    yield message(DVMRP, 7, VERSION_3 + BYTES[:12], bad=True)
    yield from reports()
    yield from neighbors()
    for mode in (0, 0x10, 0x20, 0x30):
        yield pim(0, bytes([mode]) + b"\0\0\x69")
    yield pim(0, b"\0", VERSION_3)
    yield pim(5, b"\xe1\2\3\4" + b"\xff" * 4 + b"\x0a\0\0\1" + b"\x80\0\0\1" +
              b"\0\0\0\5")
    yield pim(4, b"\xe1\2\3\4" + b"\xff" * 4 + b"\x0a\0\0\1" + b"\0\0\0\x50")
    yield from joins()
    yield message(PIM, 3, b"\x10\0\0")
    yield message(PIM, 0, b"")
