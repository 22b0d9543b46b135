# SPDX-License-Identifier: BSD-3-Clause
"""LACP, markers and OAM: good, of odd lengths, and cut short."""
from build import *

BYTES = bytes(range(0x40, 0xF0))
GROUP = b"\1\x80\xc2\0\0\2"


def slow(body):
    return eth(0x8809, body, dst=GROUP)


def tlv(type_, value, length=None):
    return bytes([type_, len(value) + 2 if length is None else length]) + value


def system(state):
    return b"\x80\0\1\2\3\4\5\6\0\1\x80\0\0\2" + bytes([state]) + b"\0\0\0"


def lacp(state):
    return tlv(1, system(state)) + tlv(2, system(state ^ 0xFF)) + \
        tlv(3, b"\0\5" + bytes(12)) + bytes(52)


def oam(code, body, flags=0x50):
    return slow(b"\3" + struct.pack("!HB", flags, code) + body)


def information(type_, state=0x0D, config=5):
    return tlv(type_, b"\1\0\7" + bytes([state, config]) + b"\x05\xee"
               b"\0\x0c\x12\0\0\0\x09")


def packets():
    for state in (0x3D, 0xFF, 0):
        yield slow(b"\1\1" + lacp(state))
    request = tlv(1, b"\0\7\1\2\3\4\5\6\0\0\0\x08\0\0")
    yield slow(b"\2\1" + request + bytes(92))
    yield slow(b"\2\1" + tlv(2, request[2:]) + tlv(9, b"abcd") + bytes(4))
    for subtype in (0, 1, 2, 4, 10, 255):
        yield slow(bytes([subtype, 2]) + BYTES[:20])
        yield slow(bytes([subtype]))
    for subtype in (1, 2):
        for type_ in (0, 1, 2, 3, 4):
            for length in (0, 1, 3, 10, 14, 18, 30):
                yield slow(bytes([subtype, 1]) + tlv(type_, BYTES[:length]) +
                           tlv(0, b"ab"))
        for end in (b"\1", b"\1\1abc", b"\1\0abc", b"\1\x40abc"):
            yield slow(bytes([subtype, 1]) + end)
    for state in (0, 5, 6, 0xFF):
        yield oam(0, information(1, state, state) + information(2) +
                  tlv(0xFE, b"\0\x90\x69abc") + b"\0\0", 1 << state % 8)
    for length in (0, 4, 14, 20, 38):
        yield oam(0, b"".join(tlv(type_, BYTES[:length])
                              for type_ in (1, 2, 3, 0xFE)) + b"\0\0", 0xFFFF)
        yield oam(1, b"\0\7" + b"".join(
            tlv(type_, BYTES[:length])
            for type_ in (1, 2, 3, 4, 5, 0xFE)) + b"\0\0", 0)
    for end in (b"", b"\1", b"\1\1abc", b"\1\0abc", b"\1\x40abc", b"\0"):
        yield oam(0, end)
        yield oam(1, end)
        yield oam(1, b"\0\7" + end)
    for code in (2, 3, 4, 5, 0xFE):
        for body in (b"", b"\1", b"\2abc", b"\3", BYTES[:20]):
            yield oam(code, body)
    for size in (1, 2, 3):
        yield slow(b"\3\0\0"[:size])
    yield slow(b"")
