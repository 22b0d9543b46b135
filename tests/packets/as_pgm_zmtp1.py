# SPDX-License-Identifier: BSD-3-Clause
"""ZMTP in PGM in UDP, which only -T tells."""
import pgm
from build import *


def data(body, size, type_=4):
    return eth_udp(pgm.pgm(type_, pgm.DATA + body, size=size)[34:], 1, 2)


def packets():
    long_ = b"\xff" + struct.pack("!Q", 200) + b"\1" + b"a" * 199
    for body in (b"\0\0\2\0a", b"\0\1x\2\0a", b"\0\3abc\2\0a\5\1hell",
                 b"\xff\xff" + b"x" * 200, b"\0\0" + long_, b"\0\0\0",
                 b"\0\0\x80\0" + b"b" * 127, b"\0\x0aabc", b"\1\0abc",
                 b"\0", b"", b"\0\0"):
        for size in (len(body), len(body) + 5, max(0, len(body) - 3), 1, 2):
            yield data(body, size)
            yield data(body, size, 5)
    yield data(b"\0\0\2\0a", 5, 0)
    yield pgm.pgm(4, pgm.DATA + b"\0\0\2\0a", size=5)
