# SPDX-License-Identifier: BSD-3-Clause
"""DCCP: every type with short and long sequence numbers, every option with
good and bad lengths, checksums over all and over a part."""
from build import *

BYTES = bytes(range(0x40, 0x80))
ACK = b"\0\0\0\7\x08\x09\x0a\x0b"
PROTOCOL = 33


def dccp(type_, long_, rest, options=b"", data=b"", offset=None, ccval=0,
         coverage=0, bad=False, six=False):
    options += b"\0" * (-len(options) % 4)
    sequence = b"\0\0\1\2\3\4\5" if long_ else b"\1\2\3"
    size = 9 + len(sequence) + len(rest) + len(options)
    whole = struct.pack("!HHBBHB", 1000, 2000,
                        size // 4 if offset is None else offset,
                        ccval << 4 | coverage, 0, type_ << 1 | long_) + \
        sequence + rest + options + data
    ends = (A6, B6) if six else (A4, B4)
    whole = summed(PROTOCOL, whole, 6, *ends, bad)
    return (eth_ip6 if six else eth_ip4)(PROTOCOL, whole)


def options():
    for option in range(34):
        yield dccp(2, 1, b"", bytes([option]))
    for option in list(range(32, 48)) + [127, 128, 191, 255]:
        for size in (2, 3, 4, 6, 8, 10):
            yield dccp(2, 1, b"", bytes([option, size]) + BYTES[:size - 2])
    for feature in range(12):
        yield dccp(3, 1, ACK, bytes([32, 5, feature, 7, 9]) +
                   bytes([33, 9, feature, 7, 9, 1, 2, 3, 4]) +
                   bytes([34, 3, feature]) + bytes([35, 4, feature, 0]))
    for broken in (b"\x25", b"\0\0\x25\x09", b"\0\0\x80\x09", b"\0\0\x80\1",
                   b"\0\0\x20\1", b"\0\0\0\x20", b"\0\0\0\x80",
                   b"\x7f\x30\0\0"):
        yield dccp(2, 1, b"", broken)


def packets():
    for type_ in range(12):
        for long_ in (0, 1):
            rest = ACK + BYTES[:8] if long_ else ACK[:4] + BYTES[:8]
            yield dccp(type_, long_, rest, data=b"hello")
            yield dccp(type_, long_, rest[:6], offset=6)
            yield dccp(type_, long_, b"", six=True)
    for code in range(14):
        yield dccp(7, 1, ACK + bytes([code, 1, 2, 3]))
    yield from options()
    for coverage in (0, 1, 2, 15):
        yield dccp(2, 1, b"", ccval=3, coverage=coverage, data=b"x" * 20)
    yield dccp(2, 1, b"", bad=True)
    yield dccp(2, 1, b"", offset=3)
    yield dccp(2, 1, b"", offset=60, data=b"abc")
    yield dccp(2, 1, b"", offset=60, data=b"\0\0\0")
    whole = dccp(7, 1, ACK + b"\1\2\3\4")[34:]
    for size in range(len(whole)):
        yield eth_ip4(PROTOCOL, whole[:size])
    yield eth_ip6(0, bytes([PROTOCOL, 0, 1, 4, 0, 0, 0, 0]) + whole)
