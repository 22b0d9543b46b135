# SPDX-License-Identifier: BSD-3-Clause
from build import *


def header(flags, *counts, ident=0x1234):
    return struct.pack("!HHHHHH", ident, flags, *counts)


def question(text, type_=1, class_=1):
    return name(text) + struct.pack("!HH", type_, class_)


def record(type_, data, class_=1, ttl=3600, owner=b"\xc0\x0c"):
    return owner + struct.pack("!HHIH", type_, class_, ttl, len(data)) + data


RECORDS = (
    (1, inet4(A4)), (2, name("ns.example.org")), (5, b"\x03www\xc0\x0c"),
    (6, name("ns.example.org") + name("host") + bytes(range(20))),
    (12, name("ptr.example.org")), (15, b"\0\x0a" + name("mx.example.org")),
    (16, b"\x05hello\x05world\0"), (28, inet6(A6)),
    (33, b"\0\1\0\2\0\x50" + name("srv.example.org")),
    (38, b"\x00" + inet6(A6)), (38, b"\x40" + b"\0" * 8 + name("prefix")),
    (38, b"\x80" + name("prefix")), (38, b"\x90"), (39, name("d.example")),
    (43, b"ds"), (48, b"key"), (99, b"spf"), (104, b"unspec\x01"),
    (250, name("hmac-sha256") + b"\0" * 6 + b"\x01\x2c\0\x04MACS\x12\x34\0\0"
     b"\0\0"), (256, b"\0\1\0\2https://example.org/"), (999, b"unknown"))

EDNS = (b"", b"\0\x03\0\x04nsid", b"\0\x0a\0\x08COOKIE12",
        b"\0\x0a\0\x10COOKIE12SERVERCO", b"\0\x0a\0\x03abc",
        b"\0\x08\0\x07\0\1\x18\0\xc0\0\x02", b"\0\x08\0\x04\0\2\0\0",
        b"\0\x08\0\x02\0\1", b"\0\x0b\0\x02\0\x19", b"\0\x0b\0\1x",
        b"\0\x09\0\x04\0\0\0\x3c", b"\0\x0c\0\x03\0\0\0",
        b"\0\x0d\0\x0d" + name("example.org"), b"\0\x0e\0\x04\0\1\0\2",
        b"\0\x05\0\x03\x08\x0d\x63", b"\0\x06\0\2\1\2", b"\0\x07\0\2\1\2",
        b"\0\x10\0\2ab", b"\x77\x77\0\2zz", b"\0\x05\0\x30\x08")


def packets():
    q = question("www.example.org")
    for type_ in (1, 28, 255, 65):
        yield eth_udp(header(0x0100, 1, 0, 0, 0) +
                      question("www.example.org", type_), 40000, 53)
    yield eth_udp(header(0x0110, 1, 1, 1, 1) + q, 40000, 53)
    yield eth_udp(header(0x0910, 2, 0, 0, 0) + q + question(".", 2, 3), 1, 53)
    for operation in range(16):
        yield eth_udp(header(operation << 11 | 0x40, 1, 0, 0, 0) + q, 1, 53)
    for code in range(16):
        yield eth_udp(header(0x8180 | code, 1, 0, 0, 0) + q, 53, 1)
    yield eth_udp(header(0x8620, 0, 0, 0, 0), 53, 1)
    for type_, data in RECORDS:
        yield eth_udp(header(0x8180, 1, 1, 0, 0) + q + record(type_, data), 53,
                      40000)
    yield eth_udp(header(0x8180, 1, 2, 1, 1) + q + record(1, inet4(A4)) +
                  record(1, inet4(B4), class_=3) + record(2, b"\xc0\x0c") +
                  record(28, inet6(A6), ttl=90061), 53, 40000)
    for options in EDNS:
        opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, len(options)) + \
            options
        yield eth_udp(header(0x0120, 1, 0, 0, 1) + q + opt, 40000, 53)
        yield eth_udp(header(0x8183, 1, 0, 0, 1) + q + opt, 53, 40000)
    for bad in (b"\xc0\xff", b"\xc0", b"\x80", b"\x41\x08\xab",
                b"\x41\x03\xa0\0", b"\x42", b"\x3fshort", b"\xc0\x0c",
                (b"\x3f" + b"x" * 63) * 5 + b"\0"):
        yield eth_udp(header(0x0100, 1, 0, 0, 0) + bad + b"\0\1\0\1", 1, 53)
        yield eth_udp(header(0x8180, 0, 1, 0, 0) + bad + b"\0\1\0\1", 53, 1)
    yield eth_udp(b"\0\1\2", 1, 53)
    message = header(0x0100, 1, 0, 0, 0) + q
    yield eth_tcp(struct.pack("!H", len(message)) + message, 40000, 53,
                  flags=0x18)
    yield eth_tcp(b"\0\x05" + message, 40000, 53, flags=0x18)
    yield eth_tcp(b"\0", 40000, 53, flags=0x18)
    yield eth_udp(header(0, 2, 0, 0, 0, ident=0) + question("_http._tcp.local",
                  12) + question("host.local", 255, 0x8001), 5353, 5353,
                  dst="224.0.0.251")
    yield eth_udp(header(0x8400, 0, 1, 0, 1, ident=0) +
                  record(1, inet4(A4), 0x8001, 120, name("host.local")) +
                  record(47, b"\xc0\x0c\0\1", 0x8001, 120), 5353, 5353)
    yield eth_udp6(message, 40000, 53)
    yield eth_udp(message, 40000, 5355)
