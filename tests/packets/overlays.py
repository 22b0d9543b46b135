# SPDX-License-Identifier: BSD-3-Clause
"""OTV, VXLAN-GPE and NSH, around each other."""
from build import *

BYTES = bytes(range(0x40, 0xA0))
FRAME = eth_udp(b"x")
INNER4, INNER6 = ip4(17, udp(b"x")), ip6(17, udp(b"x", src=A6, dst=B6))
ETHERTYPE = 0x894F


def nsh(next_, body, version=0, flags=0, ttl=63, words=2, metadata=2):
    return struct.pack("!HBB", version << 14 | flags | ttl << 6 | words,
                       metadata, next_) + b"\0\0\7\x09" + body


def nshs():
    bodies = {1: INNER4, 2: INNER6, 3: FRAME, 4: nsh(1, INNER4)}
    for next_ in (0, 1, 2, 3, 4, 5, 6, 0xFE, 0xFF):
        yield nsh(next_, BYTES[:16] + bodies.get(next_, BYTES[:20]), words=6,
                  metadata=1)
    for metadata in (0, 1, 2, 3, 15, 0x10, 0xF2):
        for words in (2, 4, 6):
            yield nsh(3, (b"\0\1\5\0" b"\0\2\6\1" + BYTES[:4] +
                          b"\0\1\5\0")[:words * 4 - 8] + FRAME, words=words,
                      metadata=metadata)
    for flags in (0x2000, 0x1000, 0x3000):
        yield nsh(3, FRAME, flags=flags)
    yield nsh(3, FRAME, version=1)
    for words in (0, 1, 63):
        yield nsh(3, FRAME, words=words)
    yield nsh(3, b"\0\1\5\5" + BYTES[:8] + FRAME, words=5)
    for size in range(9):
        yield nsh(3, FRAME)[:size]


def packets():
    for body in nshs():
        yield eth(ETHERTYPE, body)
    for flags in (0, 1, 2, 4, 8, 0xFF):
        yield eth_udp(bytes([flags]) + b"\0\0\7\0\0\x09\0" + FRAME, 40000,
                      8472)
        for next_, body in ((0, FRAME), (1, INNER4), (2, INNER6), (3, FRAME),
                            (4, nsh(1, INNER4)), (5, b"\0\1\1\x40abcd"),
                            (6, FRAME)):
            yield eth_udp(bytes([flags, 0, 0, next_]) + b"\0\0\x09\0" + body,
                          40000, 4790)
    for size in range(9):
        yield eth_udp((b"\x0c\0\0\3\0\0\x09\0" + FRAME)[:size], 40000, 4790)
        yield eth_udp((b"\x08\0\0\3\0\0\x09\0" + FRAME)[:size], 40000, 8472)
