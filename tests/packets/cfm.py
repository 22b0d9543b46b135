# SPDX-License-Identifier: BSD-3-Clause
"""Connectivity fault management: each message with each TLV, in good and in
odd lengths."""
from build import *

BYTES = bytes(range(0x40, 0xF0))
GROUP = b"\1\x80\xc2\0\0\x33"


def cfm(opcode, body, tlvs=b"\0", level=3, version=0, flags=0, offset=None,
        type_=0x8902):
    return eth(type_, bytes([level << 5 | version, opcode, flags,
                             len(body) if offset is None else offset]) +
               body + tlvs, dst=GROUP)


def tlv(type_, value, length=None):
    return struct.pack("!BH", type_,
                       len(value) if length is None else length) + value


def names(domain, association):
    """Formats and names of the two."""
    out = b""
    for format_, name, length in (domain, association):
        out += bytes([format_])
        if name is not None:
            out += bytes([len(name) if length is None else length]) + name
    return (out + bytes(48))[:48]


def check(*parts):
    """The body of a continuity check."""
    return b"\0\0\0\7\1\2" + names(*parts) + bytes(16)


def usual():
    return check((4, b"provider", None), (2, b"customer", None))


def checks():
    for flags in (0, 1, 2, 3, 4, 5, 6, 7, 0x80, 0x84, 0xFF):
        yield cfm(1, usual(), flags=flags)
    for level in range(8):
        yield cfm(1, usual(), level=level)
    for format_ in range(6):
        for name in (b"", b"ab", b"a.b\0c", b"\1\2\3\4\5\6", BYTES[:40],
                     BYTES[:43], BYTES[:44]):
            yield cfm(1, check((format_, name, None), (2, b"ma", None)))
            yield cfm(1, check((1, None, None), (format_, name, None)))
    for length in (42, 43, 44, 45, 46, 255):
        yield cfm(1, check((4, b"md", length), (2, b"ma", None)))
        yield cfm(1, check((1, None, None), (2, b"ma", length)))
        yield cfm(1, check((4, b"md", None), (2, b"ma", length)))


def traces():
    request = b"\0\0\1\2\x40" + MAC_A + MAC_B
    for flags in (0, 0x80, 0x40, 0x20, 0xFF):
        yield cfm(5, request, flags=flags)
        for action in range(5):
            yield cfm(4, b"\0\0\1\2\x3f" + bytes([action]), flags=flags)
    for opcode, body in ((1, usual()), (2, b"\0\0\0\1"), (3, b"\0\0\0\1"),
                         (4, b"\0\0\1\2\x3f\1"), (5, request), (6, b""),
                         (40, BYTES[:9])):
        yield cfm(opcode, body, tlv(3, b"\1") + b"\0")
        for offset in (0, 4, 5, 6, 16, 17, 69, 70, 71, 72, 255):
            yield cfm(opcode, body + BYTES[:2], offset=offset)
        yield cfm(opcode, body, b"")


def sender_ids():
    domain = b"\2\x2b\6"
    for type_ in range(9):
        for chassis in (b"", b"eth0", b"\1\2\3\4\5\6", b"\1\xc0\0\2\1",
                        b"\2" + inet6(A6), b"\1", b"\2\1\2", b"\6\1\2\3\4\5"):
            for end in (b"", b"\0", domain, domain + b"\0",
                        domain + b"\4\1\2\3\4", domain + b"\4\1\2\3",
                        b"\5\1\2"):
                yield bytes([len(chassis)]) + (
                    bytes([type_]) + chassis if chassis else b"") + end
    yield b""
    yield b"\4"
    yield b"\4\6"
    yield b"\4\6abc"


def tlvs():
    for type_ in (2, 3):
        for status in range(9):
            yield tlv(type_, bytes([status])) + b"\0"
        yield tlv(type_, b"") + b"\0"
        yield tlv(type_, b"\1abc") + b"\0"
    for value in (b"", b"abc", b"\0\x0c\x12\7", b"\0\x90\x69\7data"):
        for type_ in (4, 5, 6, 7, 31, 255):
            yield tlv(type_, value) + tlv(3, b"\1") + b"\0"
            yield tlv(type_, value) + tlv(4, b"abcd")
    for end in (b"", b"\0abc", b"\4", b"\4\0", b"\4\0\1", b"\4\0\0", b"\1\0\1",
                tlv(4, b"abc", 4), tlv(2, b"\1", 200)):
        yield tlv(3, b"\1") + end


def packets():
    yield from checks()
    yield from traces()
    for value in sender_ids():
        yield cfm(4, b"\0\0\1\2\x3f\1", tlv(1, value) + tlv(2, b"\2") + b"\0")
    for body in tlvs():
        yield cfm(3, b"\0\0\0\1", body)
        yield cfm(4, b"\0\0\1\2\x3f\1", body)
    yield cfm(1, usual(), type_=0xABCD)
    for version in (1, 31):
        yield cfm(1, usual(), version=version)
    for size in range(5):
        yield eth(0x8902, b"\x60\1\1\x46"[:size])
    yield eth(0x8100, vlan(5, 0x8902, b"\x60\3\0\4\0\0\0\1\0"), dst=GROUP)
