# SPDX-License-Identifier: BSD-3-Clause
"""NFS versions 2 and 3 over UDP and TCP: every call, every reply with and
without attributes, errors, file handles of the systems that are told apart."""
import struct

from build import *

PROGRAM = 100003
NONE = bytes(8)


def words(*values):
    return struct.pack("!%dI" % len(values), *values)


def long(value):
    return struct.pack("!Q", value)


def opaque(data):
    return words(len(data)) + data + bytes(-len(data) % 4)


def call(version, procedure, body=b"", xid=1, cred=NONE, verifier=NONE):
    return words(xid, 0, 2, PROGRAM, version, procedure) + cred + verifier + \
        body


def accepted(body=b"", xid=1, verifier=NONE, status=0):
    return words(xid, 1, 0) + verifier + words(status) + body


def denied(*why, xid=1):
    return words(xid, 1, 1, *why)


def asks(message, port=2049):
    return eth_udp(message, 700, port)


def answers(message, sport=2049):
    return eth_ip4(17, udp(message, sport, 700, B4, A4), src=B4, dst=A4)


def asks_tcp(message, length=None):
    mark = words(0x80000000 | (len(message) if length is None else length))
    return eth_tcp(mark + message, 700, 2049)


def answers_tcp(message, length=None):
    mark = words(0x80000000 | (len(message) if length is None else length))
    return eth_ip4(6, tcp(mark + message, 2049, 700, src=B4, dst=A4), src=B4,
                   dst=A4)


HANDLE = bytes(range(32))
HANDLE3 = opaque(HANDLE)
NAME = opaque(b"name")
UNIX = words(1) + opaque(words(77) + opaque(b"host") + words(5, 6, 1, 7))
SETS = [words(0, 0, 0, 0, 0, 0), words(1, 0o644, 1, 7, 1, 8, 1, 99, 1, 2, 10,
                                       20), words(0, 0, 0, 0, 2, 3, 4, 1)]
ATTRIBUTES = words(1, 0o100644, 1, 7, 8) + long(1000) + long(4096) + \
    words(3, 4) + long(0x1122) + long(0x3344) + \
    words(100, 200, 300, 400, 500, 600)
ATTRIBUTES2 = words(1, 0o100644, 1, 7, 8, 1000, 4096, 3, 4, 0x1122, 0x3344,
                    100, 200, 300, 400, 500, 600)
OPTIONAL = words(1) + ATTRIBUTES
CHANGE = words(1) + long(555) + words(10, 20, 30, 40) + OPTIONAL
CREATED = words(1) + HANDLE3 + OPTIONAL + CHANGE
VERIFIER = long(0x0001020304050607)
TEXT = opaque(b'a"b\n\xff')


def calls3():
    both = HANDLE3 + NAME
    for sets in SETS:
        yield 10, both + sets + opaque(b"target")
        for kind in range(9):
            yield 11, both + words(kind) + sets + words(5, 6)
    for access in (0, 1, 6, 0x18, 0x20, 0x3f, 0x40, 0xffffffff):
        yield 4, HANDLE3 + words(access)
    for stable in range(4):
        yield 7, HANDLE3 + words(1, 2, 300, stable, 299)
    for procedure in (1, 2, 5, 18, 19, 20, 22, 25, 26, 0):
        yield procedure, HANDLE3
    for procedure in (3, 8, 9, 12, 13):
        yield procedure, HANDLE3 + TEXT
    yield 6, HANDLE3 + words(1, 2, 300)
    yield 21, HANDLE3 + words(0xffffffff, 2, 300)
    yield 14, both + both
    yield 15, HANDLE3 + both
    yield 16, HANDLE3 + words(1, 2, 3, 4, 500)
    yield 17, HANDLE3 + words(1, 2, 3, 4, 500, 600)


def calls2():
    for procedure in (0, 1, 3, 5, 17, 18, 25, 26):
        yield procedure, HANDLE
    for procedure in (4, 9, 10, 14, 15):
        yield procedure, HANDLE + NAME + words(0o644, 1, 2, 3, 4, 5, 6, 7)
    yield 2, HANDLE + words(0o644, 1, 2, 3, 4, 5, 6, 7)
    yield 6, HANDLE + words(1, 2, 3)
    yield 8, HANDLE + words(1, 2, 3, 4) + b"data"
    yield 11, HANDLE + NAME + HANDLE + NAME
    yield 12, HANDLE + HANDLE + NAME
    yield 13, HANDLE + NAME + opaque(b"target")
    yield 16, HANDLE + words(0xffffffff, 300)


REPLIES3 = {
    0: b"", 1: ATTRIBUTES, 2: CHANGE, 3: HANDLE3 + OPTIONAL + OPTIONAL,
    4: OPTIONAL + words(0x3f), 5: OPTIONAL + TEXT,
    6: OPTIONAL + words(100, 1) + opaque(b"data"),
    7: CHANGE + words(100, 2) + VERIFIER, 8: CREATED, 9: CREATED, 10: CREATED,
    11: CREATED, 12: CHANGE, 13: CHANGE, 14: CHANGE + CHANGE,
    15: OPTIONAL + CHANGE, 16: OPTIONAL + VERIFIER + words(0, 1),
    17: OPTIONAL + VERIFIER + words(0, 1),
    18: OPTIONAL + b"".join(long(i) for i in range(10, 16)) + words(7),
    19: OPTIONAL + words(*range(1, 12)) + words(0x1b),
    20: OPTIONAL + words(32, 255, 1, 0, 1, 0), 21: CHANGE + VERIFIER, 22: b""}
REPLIES2 = {
    0: b"", 1: ATTRIBUTES2, 2: ATTRIBUTES2, 3: b"", 4: HANDLE + ATTRIBUTES2,
    5: TEXT, 6: ATTRIBUTES2 + opaque(b"data"), 8: ATTRIBUTES2,
    9: HANDLE + ATTRIBUTES2, 10: b"", 11: b"", 12: b"", 13: b"",
    14: HANDLE + ATTRIBUTES2, 15: b"", 16: words(1, 5, 0), 17:
    words(1, 2, 3, 4, 5), 18: b""}
HANDLES = [
    bytes(4), bytes(12), bytes(16), b"\0\0\1\2" + bytes(range(4, 32)),
    b"\0\0\0\0" + bytes(range(4, 32)), b"\1\2\0\0\3\4\0\0" + bytes(range(24)),
    b"\1\2\0\0\3\4\5\6" + bytes(24), b"\1\2\0\0\3\4\5\6" + bytes(8),
    b"\1\2\3\4\5\6\7\x08\0\x0a" + bytes(range(22)),
    b"\1\2\3\4\0\0\0\0\0\x0a" + bytes(range(22)),
    b"\1\2\3\4\5\6\7\x08\x0c\0" + bytes(range(22)),
    b"\1\2\0\0\5\6\7\x08\5\x0a" + bytes(range(1, 23)),
    b"\1DISK$A      \0" + bytes(range(1, 19)), b"\1" + b"x" * 63,
    bytes(range(64))]


def packets():
    xid = 0x10000000
    for procedure, body in calls3():
        yield asks(call(3, procedure, body))
    for procedure, body in calls2():
        yield asks(call(2, procedure, body, cred=UNIX))
    for handle in HANDLES:
        yield asks(call(3, 1, opaque(handle)))
        yield asks_tcp(call(3, 1, opaque(handle), cred=UNIX))
    for version, replies in ((3, REPLIES3), (2, REPLIES2)):
        for procedure, body in replies.items():
            for status, data in ((0, body), (0, bytes(80)), (13, CHANGE * 2),
                                 (2, bytes(12)), (10008, b"")):
                xid += 1
                yield asks(call(version, procedure, b"", xid))
                yield answers(accepted(words(status) + data, xid))
    for kind in range(9):
        yield asks(call(3, 1, HANDLE3, 50 + kind))
        yield answers(accepted(words(0, kind) + ATTRIBUTES[4:], 50 + kind,
                               status=kind if kind > 3 else 0))
    for status in (1, 2, 3, 5, 30, 70, 10001, 9999):
        yield asks(call(2, 1, HANDLE, 80 + status))
        yield answers(accepted(words(status), 80 + status))
    for code in range(9):
        yield answers(denied(1, code))
    yield answers(denied(0, 2, 3))
    yield answers(denied(2, 0))
    yield answers(words(1, 1, 2) + bytes(16))
    yield answers(accepted(xid=99999))
    # The other way round, other ports, ends of records.
    yield asks(accepted())
    yield answers(call(3, 0))
    yield asks(call(3, 0), port=2050)
    for length in (0, 8, 16, 17, 40, 1000):
        yield asks_tcp(call(3, 1, HANDLE3, 7), length)
        yield answers_tcp(accepted(words(0) + ATTRIBUTES, 7), length)
    yield asks_tcp(call(3, 1, HANDLE3, verifier=words(6, 5) + b"abcde\0\0\0"))
    yield asks_tcp(accepted())
    yield eth_tcp(b"abc", 700, 2049)
    # Names and handles that cannot be.
    for name in (words(100) + b"abc", words(3) + b"abc",
                 words(0xffffffff) + b"abcd", words(0x7fffffff)):
        yield asks(call(2, 4, HANDLE + name))
    yield asks(call(3, 1, words(5) + bytes(8)))
    yield asks(call(3, 1, words(0xffffffff) + bytes(8)))
    yield eth_udp6(call(3, 1, HANDLE3, 21), 700, 2049)
    yield eth_ip6(17, udp(accepted(words(0) + ATTRIBUTES, 21), 2049, 700, B6,
                          A6), src=B6, dst=A6)
