# SPDX-License-Identifier: BSD-3-Clause
"""RSVP: every message and object, bodies that fit and that are too short,
services, routes, bundles."""
import struct

from build import *

BODY = bytes(range(1, 121))


def message(kind, *objects, version=1, flags=0, length=None):
    body = b"".join(objects)
    return struct.pack("!BBHBBH", version << 4 | flags, kind, 0x1234, 64, 0,
                       8 + len(body) if length is None else length) + body


def rsvp(*more, **options):
    return eth_ip4(46, message(*more, **options))


def obj(class_, type_, body, length=None):
    return struct.pack("!HBB", 4 + len(body) if length is None else length,
                       class_, type_) + body


def one(class_, type_, body):
    return rsvp(1, obj(class_, type_, body))


def words(*values):
    return struct.pack("!%dI" % len(values), *values)


def halves(*values):
    return struct.pack("!%dH" % len(values), *values)


def parameter(kind, body, length=None):
    return bytes([kind, kind & 128]) + halves(
        len(body) // 4 if length is None else length) + body


BODIES = {
    1: {1: 8, 2: 20, 7: 12, 8: 36, 11: 12, 13: 12, 14: 28}, 3: {1: 8, 2: 20, 3: 8,
                                                         4: 20},
    4: {1: 32}, 5: {1: 4}, 6: {1: 8, 2: 20, 3: 8, 4: 20}, 7: {1: 4},
    8: {1: 4}, 9: {1: 4, 2: 4}, 10: {1: 8, 2: 20, 3: 20, 7: 8, 8: 20, 12: 16,
                                      13: 40},
    11: {1: 8, 2: 20, 7: 8, 12: 16, 13: 40}, 12: {1: 4, 2: 4}, 13: {2: 4},
    14: {1: 8}, 15: {1: 4, 2: 16}, 16: {1: 8, 2: 4, 3: 12},
    19: {1: 8, 2: 12, 3: 12, 4: 4}, 22: {1: 8, 2: 8}, 23: {1: 12},
    24: {1: 12, 2: 12}, 25: {1: 12}, 34: {1: 4, 2: 4, 3: 12},
    35: {1: 4, 2: 4, 3: 12}, 37: {1: 8}, 50: {1: 4, 2: 16}, 63: {7: 16},
    66: {1: 4}, 99: {1: 8}, 125: {1: 4}, 129: {1: 4, 2: 4, 3: 12},
    130: {1: 8}, 131: {1: 8}, 134: {1: 4}, 195: {1: 4, 2: 16}, 196: {1: 4},
    205: {1: 20, 7: 16}, 207: {1: 8, 7: 8}, 230: {1: 8}, 236: {1: 8}}
HOPS = [b"\1\x08\1\2\3\4\x20\x0f", b"\x81\x08\1\2\3\4\x20\0",
        b"\1\x08\1\2\3\4\x18\0", b"\2\x14" + BODY[:16] + b"\x40\3",
        b"\3\x08\1\1" + words(17), b"\3\x08\0\2" + words(17),
        b"\3\x0c\1\2" + words(17, 18), b"\4\x0c\1\2" + BODY[:8],
        b"\x20\x04\0\5", b"\x40\x0c" + BODY[:10], b"\0\4\0\0", b"\1\0\1\2",
        b"\1\1\1\2", b"\1\x28" + BODY[:6], b"\5\x09" + BODY[:7] + b"\1\2\3"]
UNI = [(1, 1, 8), (1, 2, 20), (1, 2, 8), (1, 3, 24), (1, 9, 8), (2, 1, 8),
       (2, 1, 4), (3, 1, 8), (4, 1, 16), (4, 1, 8), (5, 1, 8), (5, 1, 6),
       (6, 1, 8)]
BUCKET = struct.pack("!fffII", 1.25e6, 2e6, 3.5e6, 7, 8)


def services(class_):
    for kind in (1, 4, 6, 8, 10, 127, 130, 133, 134, 135, 136):
        for size in (4, 8, 20):
            yield one(class_, 2, halves(0, 7) + b"\1\0" + halves(6) +
                      parameter(kind, BUCKET[:size]))
        yield one(class_, 2, halves(0, 7) + b"\1\0" + halves(6) +
                  parameter(kind, BUCKET, 9))
    yield one(class_, 2, halves(0x1000, 8) + b"\5\x80\0\0" + b"\2\0\0\4" +
              parameter(4, words(9)) + parameter(133, words(9)) +
              b"\x09\0\0\1" + words(0xffffffff))


def packets():
    for kind in list(range(22)) + [99]:
        yield rsvp(kind, obj(5, 1, words(30000)), flags=kind & 3)
    yield rsvp(1, version=2)
    for length in (0, 4, 7, 9, 11, 200):
        yield rsvp(1, obj(5, 1, words(30000)), length=length)
    for class_, types in BODIES.items():
        for kind, size in types.items():
            yield rsvp(1, obj(class_, kind, BODY[:size]),
                       obj(class_, kind, BODY[:size + 4]),
                       obj(class_, 200, BODY[:8]),
                       obj(class_, kind, BODY[:size - 4]))
    for class_ in (9, 12, 13):
        yield from services(class_)
    for class_ in (20, 21):
        for hop in HOPS:
            yield rsvp(1, obj(class_, 1, hop), obj(5, 1, words(1)))
    for type_, family, size in UNI:
        yield one(229, 1, struct.pack("!HBB", size, type_, family) +
                  BODY[:size + 1 & ~3] + b"\0\x08\2\1\1\2\3\4")
    yield one(229, 1, b"\0\3\1\1" + BODY[:4])
    for kind in (1, 2, 4, 8, 16, 32):
        yield one(204, 1, halves(2, 4) + bytes([kind, 6]) + BODY[:4] +
                  bytes([kind, 4]) + BODY[:6])
    for size in (0, 1, 40):
        yield one(204, 1, halves(1, 0) + bytes([1, size]) + BODY[:6])
    for code in (1, 24, 25, 28, 125):
        for value in range(12):
            yield one(6, 1 + value % 4, BODY[:(4, 16)[value % 2]] +
                      bytes([1, code]) + halves(value))
    for style in (10, 17, 18, 19):
        yield one(8, 1, words(style))
    for bit in range(32):
        yield one(196, 1, words(1 << bit))
        yield one(134, 1, words(1 << bit))
    for bit in range(8):
        for size in (0, 3, 8, 9):
            yield one(207, 7, bytes([1, 2, 1 << bit, size]) + b"ab\ndefgh")
        yield one(4, 1, bytes([1 << bit]) + BODY[:31])
    for action in range(5):
        yield one(36, 1, bytes([action, 0, 0, 0x81]) + words(7, 8, 9))
    yield one(36, 1, b"\2\0\0\1" + words(7))
    for protocol in (0x800, 0x86dd, 0x8847, 1):
        yield one(19, 1, halves(0, protocol, 0, protocol + 1))
    for range_ in (0, 0x00800000, 0x01000000, 0x01800000):
        yield one(19, 2, halves(0, 0x800) + words(range_ << 8 & 0xffffffff, range_))
        yield one(19, 3, halves(0, 0x800) + words(range_, 0xffffffff))
    for length in (0, 1, 3, 4, 5, 8, 100):
        yield rsvp(1, obj(1, 1, BODY[:8], length=length))
    inner = message(1, obj(5, 1, words(7)), obj(99, 1, BODY[:4]),
                    obj(12, 2, halves(0, 4) + b"\1\0\0\3" +
                        parameter(4, words(9)) + parameter(1, words(9))),
                    obj(21, 1, HOPS[0]), obj(23, 1, words(1, 2)))
    broken = [message(1, version=0), message(1, length=4),
              message(1, length=400), message(1, obj(1, 1, BODY[:4])),
              message(1, obj(21, 1, HOPS[11])), message(0, obj(5, 1, BODY[:4])),
              message(1, obj(229, 1, b"\0\x08\1\2\1\2\3\4"))]
    yield rsvp(12, inner, inner)
    for part in broken:
        yield rsvp(12, inner, part, inner)
    yield rsvp(12, inner[:10])
