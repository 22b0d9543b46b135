# SPDX-License-Identifier: BSD-3-Clause
"""AHCP: every message and option, of good and bad lengths."""
from build import *

BYTES = bytes(range(0x40, 0x80))
HEADER = b"\2\5\0\0\0\7" + BYTES[:16]


def option(type_, value):
    return bytes([type_, len(value)]) + value


def message(type_, options, version=1, unused=0, length=None, magic=43):
    return eth_udp6(bytes([magic, version]) + HEADER +
                    struct.pack("!BBH", type_, unused, len(options)
                                if length is None else length) + options,
                    5359, 5359)


def packets():
    for type_ in range(7):
        yield message(type_, b"\0" + b"\1" + option(5, BYTES[:4]))
    for type_ in range(2, 16):
        for length in (0, 1, 4, 5, 8, 10, 16, 17, 18, 34):
            yield message(1, option(type_, BYTES[:length]) + b"\0")
    yield message(1, option(2, b"\xff\0\0\0"))
    yield message(0, b"", version=2)
    yield message(0, b"", magic=42)
    yield message(0, b"", unused=9)
    yield message(0, BYTES[:4], length=9)
    yield message(0, BYTES[:4], length=2)
    yield message(0, option(4, BYTES[:4])[:-1])
    yield message(0, b"\0\4")
    for size in (0, 1, 2, 3, 8, 23, 24, 26):
        yield eth_udp((b"\x2b\1" + HEADER + b"\0\0\0")[:size], 40000, 5359)
