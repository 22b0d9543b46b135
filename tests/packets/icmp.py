# SPDX-License-Identifier: BSD-3-Clause
from build import *


def icmp(type_, code, body, bad=False):
    data = struct.pack("!BBH", type_, code, 0) + body
    total = checksum(data) ^ (0x101 if bad else 0)
    return eth_ip4(1, data[:2] + struct.pack("!H", total) + data[4:])


def packets():
    inner = ip4(17, udp(b"data of the datagram"))
    yield icmp(8, 0, b"\x12\x34\0\1" + b"ping" * 4)
    yield icmp(0, 0, b"\x12\x34\0\1" + b"ping" * 4)
    yield icmp(8, 0, b"\x12\x34\0\2" + b"ping" * 4, bad=True)
    for code in range(18):
        yield icmp(3, code, b"\0\0\x05\xdc" + inner)
    yield icmp(3, 3, b"\0\0\0\0" + ip4(6, tcp(b"x", 1024, 443)))
    yield icmp(3, 3, b"\0\0\0\0" + ip4(132, b"\x04\0\x01\xbb\0\0\0\0"))
    yield icmp(3, 4, b"\0\0\0\0" + inner)
    yield icmp(4, 0, b"\0\0\0\0" + inner)
    for code in range(6):
        yield icmp(5, code, inet4("192.0.2.254") + inner)
    for code in range(3):
        yield icmp(11, code, b"\0\0\0\0" + inner)
    yield icmp(12, 0, b"\x14\0\0\0" + inner)
    yield icmp(12, 1, b"\0\0\0\0" + inner)
    for seconds in (30, 90, 9000):
        yield icmp(9, 0, b"\x02\x02" + struct.pack("!H", seconds) +
                   (inet4(A4) + b"\0\0\0\1") * 2)
    yield icmp(9, 0, b"\x02\x03\0\x1e")
    yield icmp(9, 0, b"\x09\x02\0\x1e" + inet4(A4) + b"\0\0\0\1")
    yield icmp(10, 0, b"\0\0\0\0")
    yield icmp(13, 0, b"\0\1\0\2" + b"\0" * 12)
    yield icmp(14, 0, b"\0\1\0\2" + struct.pack("!III", 1234567, 2345678, 3))
    yield icmp(15, 0, b"\0\1\0\2")
    yield icmp(17, 0, b"\0\1\0\2" + b"\0" * 4)
    yield icmp(18, 0, b"\0\1\0\2" + b"\xff\xff\xff\0")
    yield icmp(42, 0, b"\0\1\0\2")
    quoted = inner + b"\0" * (128 - len(inner))
    objects = b"\0\x08\1\1" + b"\x00\x01\x01\x40" + b"\0\x08\2\1abcd"
    extension = b"\x20\0\0\0" + objects
    extension = b"\x20\0" + struct.pack("!H", checksum(extension)) + objects
    yield icmp(11, 0, b"\0\x20\0\0" + quoted + extension)
    yield icmp(11, 0, b"\0\0\0\0" + quoted + extension)
    yield icmp(11, 0, b"\0\x20\0\0" + quoted + b"\x10\0\0\0" + objects)
    yield icmp(11, 0, b"\0\x20\0\0" + quoted + b"\x20\0\0\0\0\x02\1\1")
