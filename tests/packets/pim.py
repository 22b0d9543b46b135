# SPDX-License-Identifier: BSD-3-Clause
"""PIM version 2: every message and option over both families, and broken."""
from build import *

BYTES = bytes(range(0x40, 0xA0))
PROTOCOL = 103


def pim(type_, body, six=False, version=2, reserved=0, bad=False, total=None):
    whole = bytes([version << 4 | type_, reserved, 0, 0]) + body
    covered = whole[:8] if type_ == 1 else whole
    value = checksum((pseudo(A6, B6, PROTOCOL, len(whole)) if six else b"") +
                     covered) ^ (0x101 if bad else 0)
    if total is not None:
        value = total
    whole = whole[:2] + struct.pack("!H", value) + whole[4:]
    return (eth_ip6 if six else eth_ip4)(PROTOCOL, whole)


def unicast(six):
    return (b"\2\0" + inet6("fe80::9")) if six else b"\1\0\x0a\0\0\x09"


def group(six, flags=0, bits=None):
    if six:
        return bytes([2, 0, flags, 128 if bits is None else bits]) + \
            inet6("ff05::1")
    return bytes([1, 0, flags, 32 if bits is None else bits]) + \
        b"\xe1\1\2\3"


def option(type_, value, length=None):
    return struct.pack("!HH", type_, len(value) if length is None
                       else length) + value


def hellos():
    for six in (False, True):
        yield pim(0, option(1, b"\0\x69") + option(2, b"\x81\xf4\x09\xc4") +
                  option(19, b"\0\0\0\1") + option(20, b"\1\2\3\4") +
                  option(21, b"\1\x3c\0\0") + option(22, b"") +
                  option(24, unicast(six) * 2) + option(65001, unicast(six)) +
                  option(18, b"") + option(99, BYTES[:20]), six)
    for type_ in (1, 2, 18, 19, 20, 21, 22, 24, 65001, 7):
        for length in (0, 1, 2, 3, 4, 6, 8):
            yield pim(0, option(type_, BYTES[:length]) + option(22, b""))
    yield pim(0, option(1, b"\xff\xff"))
    yield pim(0, option(21, b"\1\0\0\1"))
    yield pim(0, option(1, b"ab", 9))
    yield pim(0, b"\0\1\0")


def registers():
    for flags in (0, 0x80000000, 0x40000000, 0xC0000000):
        head = struct.pack("!I", flags)
        yield pim(1, head + ip4(17, udp(b"x")))
        yield pim(1, head + ip6(17, udp(b"x", src=A6, dst=B6)), True)
        yield pim(1, head + b"\0" * 12 + b"\x0a\0\0\1\xe1\1\2\3")
        yield pim(1, head + b"\x70" + BYTES[:20])
        yield pim(1, head)
        yield pim(1, head + b"\0" * 10)
    whole = b"\0\0\0\0" + ip4(17, udp(b"x"))
    yield pim(1, whole, total=checksum(b"\x21\0\0\0" + whole))


def joins(type_, six):
    head = b"" if type_ == 7 else unicast(six)
    source = group(six, 7, None)
    yield pim(type_, head + b"\0\1\0\x69" + group(six) + b"\0\2\0\1" +
              source + group(six, 0, 24) + group(six, 0xF8), six)
    yield pim(type_, head + b"\0\2\xff\xff" + group(six, 0x80, 24) +
              b"\0\0\0\1" + source + group(six, 1) + b"\0\0\0\0", six)
    yield pim(type_, head + b"\0\1\0\1" + group(six) + b"\0\1\0\1" +
              source[:5], six)
    yield pim(type_, head + b"\0\1\0\1" + group(six)[:5], six)
    yield pim(type_, head + b"\0\1", six)
    yield pim(type_, head[:3], six)


def others(six):
    yield pim(2, group(six) + unicast(six), six)
    yield pim(5, group(six, 0, 24) + unicast(six) + b"\x80\0\0\1\0\0\0\x05",
              six)
    yield pim(8, b"\2\3\0\x69" + unicast(six) + group(six) +
              group(six, 0x80, 16), six)
    yield pim(8, b"\5\3\0\x69" + unicast(six) + group(six), six)
    yield pim(4, b"\0\7\x1e\5" + unicast(six) + group(six) + b"\2\1\0\0" +
              unicast(six) + b"\0\x69\4\0" + group(six) + b"\1\1\0\0" +
              unicast(six) + b"\0\x69\4\0", six)
    yield pim(4, b"\0\7\x1e\5" + unicast(six), six)
    for cut in (2, 6, 9, 13, 17, 21):
        for type_ in (2, 4, 5, 8):
            yield pim(type_, (b"\0\7\x1e\5" if type_ in (4, 8) else b"") +
                      (group(six) + unicast(six) + group(six))[:cut], six)
    for type_ in (9, 10, 11, 12, 15):
        yield pim(type_, BYTES[:20], six)


def packets():
    yield from hellos()
    yield from registers()
    for six in (False, True):
        for type_ in (3, 6, 7):
            yield from joins(type_, six)
        yield from others(six)
    for reserved, address in ((4, b"\x0a\0\0\x09"), (16, inet6("fe80::9")),
                              (5, b"\x0a\0\0\x09")):
        yield pim(2, b"\0\x20" + address + address, reserved=reserved)
        yield pim(3, address + b"\0\1\0\x69\0\x20" + address +
                  b"\0\1\0\0\0\x20" + address, reserved=reserved)
    yield pim(2, b"\3\0\0\0abcd")
    yield pim(2, b"\1\1\0\0abcd")
    yield pim(0, option(22, b""), bad=True)
    yield pim(0, option(22, b""), True, bad=True)
    yield pim(0, option(22, b""), total=0)
    for version in (0, 1, 3):
        yield pim(0, BYTES[:8], version=version)
    for size in range(6):
        yield eth_ip4(PROTOCOL, b"\x20\0\0\0\0\x16"[:size])
