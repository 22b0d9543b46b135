# SPDX-License-Identifier: BSD-3-Clause
from build import *


def option(code, data=b""):
    return struct.pack("!HH", code, len(data)) + data


def message(kind, *options):
    return bytes([kind, 0xAB, 0xCD, 0xEF]) + b"".join(options)


ADDRESS = inet6(A6) + b"\0\0\x0e\x10\0\0\x1c\x20"
STATUS = option(13, b"\0\0ok")
OPTIONS = (
    (1, b"\0\1\0\1\0\0\0\7" + MAC_A), (1, b"\0\2\0\0\0\1abcdef"),
    (1, b"\0\3\0\1" + MAC_A), (2, b"\0\4" + b"u" * 16), (2, b"\0"),
    (1, b"\0\1\0"), (3, b"\0\0\0\1\0\0\0\2\0\0\0\3" + option(5, ADDRESS)),
    (3, b"\0"), (4, b"\0\0\0\1" + option(5, ADDRESS + STATUS)), (4, b""),
    (25, b"\0\0\0\1\0\0\0\2\0\0\0\3" +
     option(26, b"\0\0\0\1\0\0\0\2\x38" + inet6(A6) + STATUS)), (26, b"\0"),
    (6, b"\0\x17\0\x18\x03\xe7"), (6, b"\0"), (7, b"\xff"), (7, b""),
    (8, b"\0\x64"), (8, b"\0"), (11, b"\2\1\0" + b"R" * 8),
    (11, b"\2\1\0" + b"R" * 8 + b"realm" + b"K" * 4 + b"M" * 16),
    (11, b"\3\2\1" + b"R" * 8 + b"\1" + b"V" * 16), (11, b"\3\1\0RRRRRRRRx"),
    (11, b"\7\7\7RRRRRRRRxy"), (11, b"\0"), (13, b"\0\2"), (13, b"\1\0"),
    (13, b"\0"), (14, b""), (15, b"user"), (17, b"\0\0\0\1abcd"),
    (18, b"interface-identifier"), (19, b"\5"), (19, b"\x0b"), (19, b"\1"),
    (19, b""), (20, b""), (21, name("sip.example.org")), (22, inet6(A6) * 2),
    (23, inet6(A6)), (23, b"\0"), (24, name("a.example") + name("b.example")),
    (24, b"\x05abc"), (32, b"\0\0\1\0"), (32, b"\0"),
    (37, b"\0\0\0\7remote-identifier"), (37, b"\0"), (38, b"sub"),
    (39, b"\0" + name("host")), (41, b"EST5EDT"), (42, b"Europe/Oslo"),
    (41, b"x"), (44, b"\1" + inet6(A6) + option(1, b"\0\3\0\1" + MAC_A)),
    (44, b"\2" + inet6(A6)), (44, b"\7" + inet6(A6)), (44, b""),
    (45, option(8, b"\0\1")), (46, b"\0\0\0\5"),
    (47, inet6(A6) + b"relayed-data"), (47, b""), (48, inet6(A6)),
    (56, b"\0\1\0\x10" + inet6(A6) + b"\0\3\0\x05" + name("ntp")),
    (56, b"\0\1\0\1x\0\7\0\0"), (56, b"\0\2\0\x20xx"), (56, b""),
    (64, name("aftr.example.org")), (64, b"\x09abc"), (64, b""),
    (112, b"https://mud.example.org"), (999, b"unknown"))


def packets():
    for kind in range(18):
        yield eth_udp6(message(kind, option(14), option(8, b"\0\1")), 546, 547)
    for code, data in OPTIONS:
        yield eth_udp6(message(7, option(code, data), STATUS), 547, 546)
    inner = message(1, option(8, b"\0\1"))
    relay = b"\x0c\1" + inet6(A6) + inet6(B6)
    yield eth_udp6(relay + option(18, b"eth0") + option(9, inner), 547, 547)
    yield eth_udp6(relay + option(9, relay + option(9, inner)), 547, 547)
    yield eth_udp6(relay[:20], 547, 547)
    yield eth_udp6(message(1, b"\0\1\0\x40short"), 546, 547)
    yield eth_udp6(message(1, b"\0"), 546, 547)
    yield eth_udp6(b"\1\2", 546, 547)
