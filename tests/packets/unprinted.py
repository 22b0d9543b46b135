# SPDX-License-Identifier: BSD-3-Clause
"""What is in JSON only: TLS, QUIC, LLMNR, PostgreSQL, MySQL."""
from build import *


def extension(type_, data):
    return struct.pack("!HH", type_, len(data)) + data


def hello(kind, body):
    message = bytes([kind]) + struct.pack("!I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack("!H", len(message)) + message


def packets():
    host = b"www.example.org"
    extensions = extension(0, struct.pack("!HBH", len(host) + 3, 0,
                                          len(host)) + host) + \
        extension(16, b"\0\x0c\x02h2\x08http/1.1") + \
        extension(43, b"\x04\x03\x04\x03\x03")
    client = b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\x13\x01" + b"\x01\0" + \
        struct.pack("!H", len(extensions)) + extensions
    server = b"\x03\x03" + bytes(32) + b"\0\x13\x01\0" + b"\0\x06" + \
        extension(43, b"\x03\x04")
    yield eth_tcp(hello(1, client), 40000, 443, flags=0x18, ack=1)
    yield eth_tcp(hello(1, client)[:80], 40000, 443, flags=0x18, ack=1)
    yield eth_tcp(hello(2, server), 443, 40000, flags=0x18, ack=1)
    yield eth_tcp(b"\x17\x03\x03\0\x05data!", 40000, 443, flags=0x18, ack=1)
    yield eth_tcp(b"the middle of a record", 40000, 443, flags=0x18, ack=1)
    yield eth_udp(b"\xc3\0\0\0\1\x08DESTINAT\x04SRCE\0\0", 40000, 443)
    yield eth_udp(b"\x43short header", 40000, 443)
    yield eth_udp(b"\0\1\0\0\0\1\0\0\0\0\0\0" + name("host") + b"\0\1\0\1",
                  40000, 5355)
    yield eth_tcp(b"\0\0\0\x08\x04\xd2\x16\x2f", 40000, 5432, flags=0x18)
    yield eth_tcp(b"Q\0\0\0\x0dselect 1\0", 40000, 5432, flags=0x18)
    yield eth_tcp(b"\x0a\0\0\0\x0a8.0.36\0", 3306, 40000, flags=0x18)
