# SPDX-License-Identifier: BSD-3-Clause
"""Over TCP: PPTP's control connection, MSDP, BEEP."""
from build import *

BYTES = bytes(range(0x40, 0xA0))


def pptp(type_, body, size=None, kind=1, magic=0x1A2B3C4D, reserved=0):
    return eth_tcp(struct.pack("!HHIHH", 12 + len(body) if size is None
                               else size, kind, magic, type_, reserved) + body,
                   40000, 1723)


def pptps():
    usual = b"\1\0\0\0\0\0\0\1\0\0\0\2\0\3\0\4" + b"hostname\0\1\2" + \
        b"\0" * 53 + b"vendor" + b"\0" * 60
    for type_ in range(18):
        yield pptp(type_, usual)
        yield pptp(type_, BYTES * 3)
        for size in (0, 1, 3, 6, 11):
            yield pptp(type_, BYTES[:size])
    for code in range(9):
        yield pptp(2, bytes([1, 0, code, code]) + usual)
        for type_, skip in ((3, 0), (4, 0), (6, 4), (8, 4), (10, 4), (13, 2)):
            yield pptp(type_, bytes(skip) + bytes([code, code]) + usual)
        yield pptp(7, bytes(15) + bytes([code]) + bytes(3) + bytes([code]) +
                   usual)
        yield pptp(1, b"\1\0\0\0\0\0\0" + bytes([code]) + b"\0\0\0" +
                   bytes([code]) + usual)
    yield pptp(1, usual, magic=7)
    yield pptp(1, usual, kind=2)
    yield pptp(1, usual, kind=3)
    yield pptp(1, usual, reserved=5)
    yield pptp(16, usual, reserved=5)
    yield pptp(1, usual, size=5)
    for size in range(1, 12):
        yield eth_tcp(b"\0\x20\0\1\x1a\x2b\x3c\x4d\0\1\0\0"[:size], 1723,
                      40000)


def msdp(type_, body, size=None):
    return bytes([type_]) + struct.pack(
        "!H", len(body) + 3 if size is None else size) + body


def msdps():
    entry = b"\0\0\0\x20" + b"\xe1\1\2\3" + b"\x0a\0\0\2"
    active = b"\1\x0a\0\0\1" + entry
    for type_ in range(8):
        yield msdp(type_, active)
        yield msdp(type_, active + ip4(17, udp(b"x")))
        yield msdp(type_, b"\2" + active[1:] + entry)
        for size in (0, 1, 2, 5):
            yield msdp(type_, active[:size])
    yield msdp(4, b"") + msdp(1, active) + msdp(7, b"")
    yield msdp(1, active) + b"\1\0"
    yield msdp(1, b"abc", 64)
    yield msdp(1, b"", 0)
    yield msdp(1, b"", 2)
    yield msdp(5, b"\0" * 1398)
    yield b"\1"


def packets():
    yield from pptps()
    for body in msdps():
        yield eth_tcp(body, 40000, 639)
    for body in (b"RPY 0 0 . 0 110\r\nabc", b"MSG 0 1 . 52 120\r\nabc",
                 b"ANS 0 1 . 52\r\n", b"ERR 0 1 . 52", b"NUL 0 1",
                 b"SEQ 0 1 99\r\n", b"END\r\n", b"END \r\n", b"hello",
                 b"RPY ", b"MSG", b"MSG ", b"ENDX", b"END\r", b"END",
                 b"ERR ", b"ERR x", b"msg 0 1"):
        yield eth_tcp(body, 40000, 10288)
