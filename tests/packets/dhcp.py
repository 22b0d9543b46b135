# SPDX-License-Identifier: BSD-3-Clause
from build import *


def bootp(op=1, htype=1, hlen=6, hops=0, secs=0, flags=0, addresses=b"\0" * 16,
          sname=b"", file=b"", vendor=b""):
    return struct.pack("!BBBBIHH", op, htype, hlen, hops, 0xABCD1234, secs,
                       flags) + addresses + MAC_A + b"\0" * 10 + \
        sname.ljust(64, b"\0") + file.ljust(128, b"\0") + vendor


def dhcp(*options, end=b"\xff", **more):
    return bootp(vendor=b"\x63\x82\x53\x63" + b"".join(options) + end, **more)


def option(code, data=b""):
    return bytes([code, len(data)]) + data


SPECIAL = (
    (46, b"\x08"), (46, b""), (52, b"\x03"), (52, b"\x09"), (61, b""),
    (61, b"\x01" + MAC_A), (61, b"\0name"), (61, b"\x63id"),
    (77, b"\x03abc\x02de"), (77, b"\x01"), (77, b"\0\0"), (77, b"\x09abc"),
    (81, b"\x05\x01\x02host.example.org"), (81, b"\xf0\0\0h"), (81, b"\0"),
    (82, b"\x01\x04port\x02\x03mac\x06\x01s\x09\x02zz"), (82, b"\x01\x20x"),
    (121, b"\x00" + inet4(A4) + b"\x18\x0a\x01\x02" + inet4(B4)),
    (121, b"\x21\0\0\0\0"), (121, b"\x20\0\0\0\0"), (249, b"\x08\x0a\0\0"),
    (1, b"\xff\xff\xff\0"), (2, b"\xff\xff\xf1\xf0"), (3, inet4(A4) * 2 + b"x"),
    (21, inet4(A4) + inet4(B4)), (19, b"\1\0\2"), (26, b"\x05\xdc"),
    (51, b"\0\0\x0e\x10"), (12, b"host\x01"), (43, b"\1\2\3"), (93, b"\0\7"),
    (200, b"x"), (200, b"xy"), (200, b"wxyz"), (200, b""), (108, b"\0\0\7\x08"),
    (150, inet4(A4)), (161, b"https://mud.example.org/"), (57, b"\5\xdc"))


def packets():
    addresses = inet4(A4) + inet4("192.0.2.9") + inet4(B4) + \
        inet4("203.0.113.1")
    for kind in range(1, 15):
        yield eth_udp(dhcp(option(53, bytes([kind]))), 68, 67)
    yield eth_udp(dhcp(option(53, b"\1"), option(55, bytes(range(1, 30))),
                       flags=0x8000, secs=3, hops=2, addresses=addresses), 68,
                  67)
    yield eth_udp(dhcp(option(53, b"\2"), op=2, sname=b"server",
                       file=b"boot/file", addresses=addresses), 67, 68)
    for code, data in SPECIAL:
        yield eth_udp(dhcp(option(53, b"\5"), option(code, data), op=2), 67, 68)
    yield eth_udp(dhcp(b"\0" * 9, option(53, b"\1"), b"\0", end=b"\xff\0\0"),
                  68, 67)
    yield eth_udp(dhcp(b"\x0c\x20short", end=b""), 68, 67)
    yield eth_udp(dhcp(b"\x0c", end=b""), 68, 67)
    yield eth_udp(bootp(vendor=b"CMU\0\3\0\0\0" + addresses * 2), 68, 67)
    yield eth_udp(bootp(vendor=b"\1\2\3\4"), 68, 67)
    yield eth_udp(bootp(op=3, htype=6, hlen=16, sname=b"x" * 64), 68, 67)
    yield eth_udp(bootp()[:60], 68, 67)
    yield eth_udp(bootp()[:5], 68, 67)
