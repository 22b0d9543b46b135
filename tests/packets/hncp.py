# SPDX-License-Identifier: BSD-3-Clause
"""HNCP: every TLV well-formed, too short and too long, nested, and cut."""
from build import *

BYTES = bytes(range(0x40, 0x80))
MAPPED = b"\0" * 10 + b"\xff\xff"
NAME = b"\3abc\2de\0"
PORT = 8231


def tlv(type_, value):
    return struct.pack("!HH", type_, len(value)) + value + \
        b"\0" * (-len(value) % 4)


def option4(code, value):
    return bytes([code, len(value)]) + value


def option6(code, value):
    return struct.pack("!HH", code, len(value)) + value


ASK = tlv(1, b"")


def lengths():
    """Each type with values of several lengths; one known TLV behind it."""
    types = list(range(12)) + list(range(31, 46)) + [511, 512, 767, 768, 1023,
                                                     1024, 65535]
    for type_ in types:
        for length in (0, 1, 4, 8, 12, 20, 44):
            yield tlv(type_, BYTES[:length]) + ASK


def policies():
    return b"".join(tlv(43, v) for v in (
        b"\0", b"\x81" + NAME, b"\x82hallo", b"\x83", b"\x84",
        b"\x30" + BYTES[:6], b"\x83a", b"\0a", b"", b"\x81\xffa", b"\2\1",
        b"\x80", b"\x79" + BYTES[:16]))


def delegated(bits, prefix, rest=b""):
    return tlv(34, struct.pack("!IIB", 0xFFFFFFFF, 5000, bits) + prefix +
               b"\0" * (-(9 + len(prefix)) % 4) + rest)


def assigned(bits, prefix, rest=b""):
    return tlv(35, b"\0\0\0\1\xf3" + bytes([bits]) + prefix + rest)


def dhcp():
    for value in (b"", b"\5", b"\0\xff", b"\5\5", b"\5\5aaaa",
                  option4(6, BYTES[:8]) + option4(42, BYTES[:4]) +
                  option4(119, NAME + NAME) + option4(255, b"x"),
                  option4(6, b"abcde"), option4(6, b""), option4(42, b"ab"),
                  option4(119, b""), option4(119, NAME[:-1] + b"\x41"),
                  option4(119, b"\1a\xc0\0")):
        yield tlv(37, value) + ASK
    for value in (b"", b"\0", b"\0\x18\0", b"\0\x17\0\0", b"\0\x18\0\2a",
                  option6(23, BYTES[:32]) + option6(24, NAME + NAME + b"\0") +
                  option6(31, MAPPED + b"\1\2\3\4") + option6(1, b"x"),
                  option6(23, BYTES[:15]), option6(31, BYTES[:17]),
                  option6(24, NAME[:-1]) + option6(1, b"a"),
                  option6(24, b"\x41"), option6(24, b"\1a\xc0\0")):
        yield tlv(38, value) + ASK


def names():
    for domain in (NAME, NAME[:-1], NAME + b"ab", b"\0", b"\2a\1b\2c\3\0",
                   b"\1*\1\"\1\\\1.\0", b"\xc0\0\0", b"\x41\4\xf0\1a\0",
                   (b"\x3f" + b"a" * 63) * 5 + b"\0"):
        yield tlv(40, domain) + \
            tlv(39, MAPPED + b"\1\2\3\4\5" + domain) + \
            tlv(39, BYTES[:16] + b"\xfa" + domain)
    yield tlv(39, BYTES[:17])
    for name_ in (b"\5hallo", b"\0", b"\3hallo", b"\7hallo", b"\3a\0b",
                  b"\3a\xe9b" + ASK):
        yield tlv(41, BYTES[:16] + name_) + tlv(41, MAPPED + b"\1\2\3\4" +
                                                name_)


def nested():
    prefixes = policies()
    outer = tlv(33, delegated(20, bytes.fromhex("200101"), prefixes) +
                delegated(96, b"\0" * 10 + b"\xff\xff", ASK * 3) +
                delegated(120, MAPPED + b"\1\2\3", tlv(8, BYTES[:12])) +
                delegated(0, b"") + tlv(37, option4(6, BYTES[:4])))
    yield tlv(5, b"\1\2\3\4\0\0\0\5\0\0\0\7" + BYTES[:8] + ASK + ASK + outer)
    yield tlv(5, BYTES[:20] + b"\0\1\0\7")
    yield tlv(5, BYTES[:20] + tlv(33, tlv(33, tlv(33, tlv(33, ASK * 2)))))
    yield tlv(33, b"\0") + ASK
    yield tlv(33, b"\0\1\0\7")
    yield tlv(36, BYTES[:20] + ASK) + tlv(36, BYTES[:4] + MAPPED + b"abcd" +
                                          b"x")
    yield assigned(16, b"\1\2") + assigned(16, b"\1\2\0\0", ASK) + \
        assigned(0, b"") + assigned(7, b"\xff") + assigned(129, BYTES[:17])
    yield assigned(100, MAPPED + b"\1\2\3\4") + \
        assigned(128, MAPPED + b"\1\2\3\4") + assigned(128, BYTES[:15])
    yield delegated(97, BYTES[:1]) + ASK
    yield tlv(10, b"\5\0\0\0" + BYTES[:32] + b"me\x01\0you")
    yield tlv(32, b"\0\0\x12\x34agent\0x") + tlv(32, b"\0\0\x12\x34")
    yield tlv(42, BYTES[:32] + ASK) + tlv(42, BYTES[:33]) + tlv(42, b"a")
    yield tlv(9, BYTES[:54])


def packets():
    for part in (lengths(), dhcp(), names(), nested()):
        for body in part:
            yield eth_udp6(body, PORT, PORT)
    whole = tlv(4, BYTES[:8]) + tlv(7, BYTES[:12])
    for body in (b"", b"\0\1", whole + b"\0\1\0", whole + ASK * 2,
                 whole + b"\0\2\0\5aaaaa", ASK + whole + ASK + ASK):
        yield eth_udp(body, 40000, PORT)
