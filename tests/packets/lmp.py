# SPDX-License-Identifier: BSD-3-Clause
"""LMP: every message, every object with bodies that fit it and others."""
import struct

from build import *

BODY = bytes(range(1, 61))
BANDWIDTHS = struct.pack("!ff", 1e6, 2e6)


def lmp(kind, *objects, version=1, flags=0, length=None):
    body = b"".join(objects)
    return eth_udp(struct.pack("!HBBHH", version << 12, flags, kind,
                               8 + len(body) if length is None else length,
                               0) + body, 701, 701)


def obj(class_, type_, body, negotiable=0, length=None):
    return struct.pack("!BBH", negotiable << 7 | type_, class_,
                       4 + len(body) if length is None else length) + body


FITS = [(1, (1, 2), 4), (2, (1, 2), 4), (3, (1, 2, 5, 6), 4), (3, (3, 4), 16),
        (4, (1, 2, 5, 6), 4), (4, (3, 4), 16), (5, (1, 2), 4), (6, (1,), 4),
        (7, (1,), 8), (8, (1,), 20), (9, (1,), 4), (10, (1,), 4),
        (11, (1, 3), 12), (11, (2,), 36), (12, (1, 3), 12), (12, (2,), 36),
        (13, (1, 3), 24), (13, (2,), 40), (14, (1, 3), 12), (14, (2,), 32),
        (20, (1, 2), 4), (51, (1, 4), 4), (51, (2,), 16), (51, (3,), 8)]


def subobjects():
    yield b"\1\x0c\1\2" + BANDWIDTHS
    yield b"\1\x10\5\1" + BANDWIDTHS + bytes(4)
    yield b"\2\x08\0\0" + BODY[:4] + b"\1\x0c\x64\5" + BANDWIDTHS
    yield b"\3\x08\0\0" + BODY[:4] + b"\2\x08\0\0" + BODY[:4]
    for length in (0, 1, 5, 32):
        yield bytes([2, length]) + BODY[:10]


def packets():
    for kind in list(range(22)) + [49, 50, 51, 52]:
        yield lmp(kind, obj(1, 1, BODY[:4]))
    for flags in range(4):
        yield lmp(1, flags=flags)
    yield lmp(1, version=2)
    for length in (0, 4, 7, 20, 65535):
        yield lmp(1, obj(1, 1, BODY[:4]), length=length)
    for class_, types, size in FITS:
        for kind in types:
            yield lmp(1, obj(class_, kind, BODY[:size]),
                      obj(class_, kind, BODY[:size + 4], negotiable=1),
                      obj(class_, kind, BODY[:size - 4]),
                      obj(class_, 7, BODY[:size]))
    for encoding in range(13):
        yield lmp(5, obj(8, 1, struct.pack("!HHIBBHfI", encoding & 3, 5, 1,
                                           encoding, 0, 1 << encoding, 1.25e8,
                                           7)))
    for state in range(5):
        yield lmp(17, obj(13, 1, struct.pack("!II", 1, (state & 3) << 30 | state)))
        yield lmp(12, obj(20, 1, struct.pack("!I", 1 << state)),
                  obj(20, 2, struct.pack("!I", 2 << state)))
    for link in (4, 5, 6):
        for signal in range(4, 14):
            yield lmp(50, obj(51, 2, bytes([link, signal, signal, signal]) +
                              BODY[:12]))
    for type_, size in ((1, 12), (2, 36), (3, 12)):
        for sub in subobjects():
            yield lmp(14, obj(12, type_, bytes([7]) + bytes(size - 1) +
                              sub[:len(sub) & ~3]))
    for length in (0, 2, 5, 12, 100):
        yield lmp(1, obj(1, 1, BODY[:4], length=length), obj(1, 1, BODY[:4]))
    yield lmp(1, obj(60, 1, BODY[:20]), obj(1, 1, BODY[:4], length=16))
