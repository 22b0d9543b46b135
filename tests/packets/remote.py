# SPDX-License-Identifier: BSD-3-Clause
"""Telnet, PPTP's control connection, MSDP."""
import struct

from build import *

IAC = b"\xff"
NUMBERS = bytes(range(1, 145)) + b"host" + bytes(60)


def telnet(data):
    return eth_tcp(data, 4000, 23)


def sub(data):
    return IAC + b"\xfa" + data + IAC + b"\xf0"


def pptp(kind, body, message=1, magic=0x1a2b3c4d, length=None, reserved=0):
    return eth_tcp(struct.pack("!HHIHH", 12 + len(body) if length is None
                               else length, message, magic, kind, reserved) +
                   body, 4000, 1723)


def msdp(*messages):
    return eth_tcp(b"".join(struct.pack("!BH", kind, 3 + len(body)) + body
                            for kind, body in messages), 4000, 639)


def telnet_frames():
    for command in range(235, 256):
        yield telnet(IAC + bytes([command]))
        yield telnet(IAC + bytes([command, 24]) + IAC + b"\xf1")
    for option in list(range(42)) + [255]:
        yield telnet(IAC + b"\xfd" + bytes([option]))
        yield telnet(sub(bytes([option, 0]) + b"xterm"))
    for verb in range(10):
        for option in (24, 37, 38):
            yield telnet(sub(bytes([option, verb, 0])))
    for kind in range(17):
        yield telnet(sub(bytes([37, 0, kind, 1])))
        yield telnet(sub(bytes([38, 1, kind, 0])))
    for data in (b"hello", b"a" + IAC + b"\xf1", IAC, IAC + b"\xfd",
                 IAC + b"\xf1" + IAC + b"\xfb\1text", IAC + IAC + b"x",
                 IAC + b"\xfa\x18\0abc", sub(b""), sub(b"\x18"),
                 sub(b"\x25"), sub(b"\x26\1"), sub(b"\x18\0a\xff\xffb"),
                 IAC + b"\xf1" + sub(b"\x18\1") + IAC + b"\xfe\3\r\n"):
        yield telnet(data)


def pptp_frames():
    for kind in range(18):
        yield pptp(kind, NUMBERS)
        yield pptp(kind, b"\0\1\0\1\1\1\0\0\0\0\0\1\0\0\0\1host" + bytes(200))
        for value in range(9):
            yield pptp(kind, bytes([value, value, value, value, value, value,
                                    0, value, 0, 0, 0, value, 0, 0, 0, value,
                                    0, 3]) + b"phone\n\xff" + bytes(180))
    yield pptp(5, b"\0\0\0\1", message=2)
    yield pptp(5, b"\0\0\0\1", message=3, reserved=7)
    yield pptp(5, b"\0\0\0\1", magic=5, length=9)


def msdp_frames():
    active = bytes([1]) + inet4(A4) + bytes(12)
    for kind in range(10):
        for size in (0, 1, 5, 6, 9, 17, 20):
            yield msdp((kind, bytes(range(1, size + 1))))
    yield msdp((1, active), (4, b""), (3, active), (2, active))
    yield msdp((4, b""), (0, b""))
    inner = ip4(17, udp(b"data", 1, 2))
    yield msdp((1, active + inner))
    for length in (2, 200, 1500, 1501):
        yield eth_tcp(struct.pack("!BH", 4, length) + bytes(1500), 4000, 639)


def packets():
    yield from telnet_frames()
    yield from pptp_frames()
    yield from msdp_frames()
