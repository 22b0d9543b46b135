# SPDX-License-Identifier: BSD-3-Clause
from build import *


def igmp(type_, code, body, bad=False):
    data = struct.pack("!BBH", type_, code, 0) + body
    total = checksum(data) ^ (1 if bad else 0)
    return eth_ip4(2, data[:2] + struct.pack("!H", total) + data[4:], ttl=1,
                   dst="224.0.0.1", options=b"\x94\x04\0\0")


def packets():
    group = inet4("239.1.2.3")
    yield igmp(0x11, 0, b"\0" * 4)
    yield igmp(0x11, 100, group)
    yield igmp(0x11, 50, group)
    yield igmp(0x11, 50, group[:3])
    yield igmp(0x11, 50, group + b"xx")
    for code in (100, 10, 200, 255):
        yield igmp(0x11, code, group + b"\x0a\x7d\0\1" + inet4(A4))
        yield igmp(0x11, code, group + b"\x0a\x7d\0\2" + inet4(A4))
    yield igmp(0x11, 100, b"\0" * 4 + b"\x0a\x7d\0\0")
    yield igmp(0x11, 100, group + b"\x0a\x7d\0\0x")
    for type_ in (0x12, 0x16, 0x17, 0x99):
        yield igmp(type_, 0, group)
    yield igmp(0x12, 0, group + b"more")
    yield igmp(0x16, 0, group, bad=True)
    record = b"\4\0\0\2" + group + inet4(A4) + inet4(B4)
    yield igmp(0x22, 0, b"\0\0\0\2" + record + b"\1\0\0\0" + group)
    yield igmp(0x22, 0, b"\0\0\0\3" + record)
    yield igmp(0x22, 0, b"\0\0\0\1" + b"\x09\0\0\x09" + group)
    yield igmp(0x22, 0, b"\0\0\0\1xx")
    trace = group + inet4(A4) + inet4(B4) + inet4("224.0.0.5") + b"\x40\0\1\2"
    yield igmp(0x1E, 0, trace)
    yield igmp(0x1F, 0, trace)
    yield igmp(0x1F, 0, trace[:10])
