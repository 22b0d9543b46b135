# SPDX-License-Identifier: BSD-3-Clause
"""PGM: every message, with addresses of both families, and every option with
good and bad lengths."""
from build import *

BYTES = bytes(range(0x40, 0xA0))
FOUR = b"\0\1\0\0\x0a\0\0\1"
SIX = b"\0\2\0\0" + BYTES[:16]
NEITHER = b"\0\3\0\0abcd"
DATA = b"\0\0\0\7\0\0\0\x08"


def pgm(type_, body, flags=0, size=77, bad=False, six=False, summed_=True):
    whole = struct.pack("!HHBBH", 1000, 2000, type_, flags, 0) + \
        b"\1\2\3\4\5\6" + struct.pack("!H", size) + body
    total = checksum(whole) ^ (1 if bad else 0) if summed_ else 0
    whole = whole[:6] + struct.pack("!H", total) + whole[8:]
    return (eth_ip6 if six else eth_ip4)(113, whole)


def option(type_, value, size=None):
    return bytes([type_, len(value) + 2 if size is None else size]) + value


def optioned(*values, total=None, tail=b"", first=0, flags=1):
    value = b"".join(values)
    size = len(value) + 4 if total is None else total
    return pgm(4, DATA + option(first, struct.pack("!H", size)) + value +
               tail, flags)


def options():
    for type_ in list(range(0x16)) + [0x7F]:
        for size in (2, 4, 6, 10, 14):
            yield optioned(option(type_ | 0x80, b"\0\0" + BYTES[:size - 2]))
        for value in (b"\0\0\0\1\0\0" + BYTES[:4], b"\0\0\0\2\0\0" +
                      BYTES[:16], b"\0\0\0\1\0\0" + BYTES[:5],
                      b"\0\0\0\0\0\5\0\1\0\0" + BYTES[:4],
                      b"\0\0\0\0\0\5\0\2\0\0" + BYTES[:16],
                      b"\0\0\0\0\0\5\0\2\0\0" + BYTES[:15]):
            yield optioned(option(type_ | 0x80, value))
    syn, fin, last = option(13, b"ab"), option(14, b"ab"), option(0x8E, b"ab")
    for all_ in ((syn, last), (syn, fin), (syn,), ()):
        yield optioned(*all_)
        yield optioned(*all_, tail=b"hello")
        yield optioned(*all_, total=20)
        yield optioned(*all_, total=3)
        yield optioned(*all_, total=6)
        yield optioned(*all_, first=1)
    for tail in (b"\1\4\0\4", b"\0\5\0\4", b"", b"\0\4\0\x08\x8d\3\0\0",
                 b"\0\4\0\x08\x8d\x09\0\0", b"\0\4\0\x08\x8d"):
        yield pgm(4, DATA + tail, 1)


def packets():
    for type_ in range(14):
        yield pgm(type_, DATA + b"\0\0\0\x09" + FOUR + FOUR + BYTES[:8])
        yield pgm(type_, DATA[:2])
    for address in (FOUR, SIX, NEITHER):
        yield pgm(0, DATA + b"\0\0\0\x09" + address)
        yield pgm(1, b"\0\0\0\7\0\5\0\6" + address + BYTES[:12])
        for type_ in (8, 9, 10):
            yield pgm(type_, b"\0\0\0\7" + address + FOUR)
            yield pgm(type_, b"\0\0\0\7" + address + b"\0\1\0\0\0\1\2\3")
            yield pgm(type_, b"\0\0\0\7" + address + b"\0\2\0\0\0\2" +
                      BYTES[:16])
    yield from options()
    yield pgm(4, DATA, bad=True)
    yield pgm(4, DATA, summed_=False)
    yield pgm(4, DATA, six=True)
    yield eth_ip6(0, bytes([113, 0, 1, 4, 0, 0, 0, 0]) + pgm(4, DATA)[34:])
    for size in range(25):
        yield eth_ip4(113, pgm(4, DATA)[34:34 + size])
