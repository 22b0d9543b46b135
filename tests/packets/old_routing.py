# SPDX-License-Identifier: BSD-3-Clause
"""EGP, IGRP, mobile IP's encapsulation, Cisco's VQP and Auto-RP."""
from build import *

BYTES = bytes(range(0x40, 0xA0))


def egp(type_, code, status, body=b"\0\1\0\2\x0a\0\0\0" + BYTES[:10],
        version=2):
    return eth_ip4(8, bytes([version, type_, code, status]) + b"\0\0" +
                   struct.pack("!HH", 7, 9) + body)


def updates():
    for net, hosts in ((b"\x0a\0\0\0", (b"\1\2\3", b"\4\5\6")),
                       (b"\x80\1\0\0", (b"\1\2", b"\3\4")),
                       (b"\xc0\1\2\0", (b"\1", b"\2")),
                       (b"\xe0\1\2\0", (b"\1", b"\2"))):
        lists = b"\2" b"\0\3" b"\x0b" b"\x81\2" b"\xc1\2\3" b"\4\1" b"\x0c"
        body = b"\1\1" + net + hosts[0] + lists + hosts[1] + lists
        for status in (0, 1, 0x82, 9):
            yield egp(1, 0, status, body)
        yield egp(1, 0, 0, b"\0\0" + net)


def igrp(version, operation, counts, body, total=None):
    whole = bytes([version << 4 | operation, 3]) + \
        struct.pack("!HHHHH", 100, *counts, 0) + body
    return eth_ip4(9, whole[:10] + struct.pack(
        "!H", checksum(whole) if total is None else total) + whole[12:])


def igrps():
    route = b"\x0a\1\2\0\0\7\0\1\2\5\xdc\xff\1\3"
    yield igrp(1, 1, (1, 1, 1), route * 3)
    yield igrp(1, 2, (0, 0, 0), b"")
    yield igrp(1, 3, (1, 0, 0), route)
    yield igrp(1, 1, (1, 1, 1), route * 2)
    yield igrp(0, 1, (1, 0, 0), route + b"abc")
    yield igrp(1, 1, (1, 0, 0), route, 7)
    yield igrp(1, 1, (0, 0, 0), b"abc")
    yield igrp(1, 1, (0, 1, 0), b"\0" * 14)
    yield igrp(1, 1, (0, 1, 0), b"\xff" * 14)
    yield eth_ip4(9, b"\x11\3\0")


def mobile(protocol, flags, body, total=None):
    whole = bytes([protocol, flags]) + b"\0\0" + body
    size = 12 if flags & 0x80 else 8
    return eth_ip4(55, whole[:2] + struct.pack(
        "!H", checksum(whole[:size]) if total is None else total) + whole[4:])


def mobiles():
    for flags in (0x80, 0, 0xFF, 0x7F):
        for tail in (b"", b"zzzz", b"zz"):
            yield mobile(17, flags, BYTES[:8] + tail)
            yield mobile(6, flags, BYTES[:4] + tail)
            yield mobile(6, flags, BYTES[:8], 7)


def item(type_, value):
    return struct.pack("!IH", type_, len(value)) + value


def vqp(type_, code, items, body, version=1):
    return eth_udp(bytes([version, type_, code, items]) + b"\0\0\0\7" + body,
                   40000, 1589)


def vqps():
    values = (b"\x0a\0\0\1", b"Fa0/1", b"vlan", b"dom", BYTES[:14],
              b"\1\2\3\4\5\6", b"zz", b"\1\2\3\4\5\6")
    body = b"".join(item(0xC01 + i, v) for i, v in enumerate(values))
    for type_, code in ((1, 0), (2, 3), (3, 4), (4, 5), (5, 9)):
        yield vqp(type_, code, 8, body)
    yield vqp(1, 0, 2, body)
    yield vqp(1, 0, 9, body)
    yield vqp(1, 0, 1, b"", 2)
    for type_ in list(range(0xC01, 0xC09)) + [0x99]:
        for value in (b"abc", b"", b"a\0b\xe9cdefg"):
            yield vqp(1, 0, 2, item(type_, value) + item(0xC02, b"x"))
    yield vqp(1, 0, 2, item(0xC02, b"abc")[:-1])


def auto_rp(type_, points, hold, body):
    return eth_udp(bytes([type_, points]) + struct.pack("!H", hold) +
                   b"\0\0\0\0" + body, 496, 496)


def auto_rps():
    for type_, hold, version in ((0x11, 180, 2), (0x12, 0, 1),
                                 (0x13, 65535, 3), (0x21, 1, 0),
                                 (0x31, 90, 0xF2)):
        point = b"\x0a\0\0\1" + bytes([version])
        yield auto_rp(type_, 2, hold, point + b"\2\0\x04\xe0\0\0\0"
                      b"\1\x18\xef\1\2\0" + point +
                      b"\1\2\x20\xe1\1\1\1")
        yield auto_rp(type_, 2, hold, point + b"\1\xff\x04\xe0\0\0\0")


def packets():
    for type_ in range(10):
        for code in range(7):
            for status in (0, 1, 2, 5, 9):
                yield egp(type_, code, status)
    for status in range(10):
        for code in (0, 2):
            yield egp(3, code, status)
    for reason in range(9):
        yield egp(8, 0, 0x81, bytes([0, reason]))
    yield egp(3, 0, 0, version=1)
    yield from updates()
    yield from igrps()
    yield from mobiles()
    yield from vqps()
    yield from auto_rps()
