# SPDX-License-Identifier: BSD-3-Clause
"""PPPoE, and in its sessions all of PPP."""
from build import *


def discovery(code, tags, session=0, length=None, first=0x11):
    return eth(0x8863, bytes([first, code]) + struct.pack(
        "!HH", session, len(tags) if length is None else length) + tags)


def tag(type_, data=b""):
    return struct.pack("!HH", type_, len(data)) + data


def ppp(protocol, data, session=7):
    body = struct.pack("!H", protocol) + data
    return eth(0x8864, b"\x11\0" + struct.pack("!HH", session, len(body)) +
               body)


def control(protocol, code, body, length=None):
    return ppp(protocol, struct.pack("!BBH", code, 9, 4 + len(body)
                                     if length is None else length) + body)


LCP = (b"\x01\x04\x05\xd4", b"\x02\x06\0\0\0\0", b"\x03\x05\xc2\x23\x05",
       b"\x03\x05\xc2\x23\x77", b"\x03\x04\xc0\x23", b"\x03\x04\x12\x34",
       b"\x04\x08\xc0\x25\0\0\0\1", b"\x04\x04\x12\x34", b"\x05\x06\1\2\3\4",
       b"\x07\x02\x08\x02", b"\x0d\x03\x06", b"\x0d\x03\x09", b"\x11\x04\x05\xdc",
       b"\x13\x07\x02" + inet4(A4), b"\x13\x09\x03" + MAC_A, b"\x13\x03\x00",
       b"\x13\x04\x01x", b"\x13\x03\x04", b"\x13\x03\x05", b"\x13\x03\x09",
       b"\x17\x04\0\1", b"\x00\x06\0\0\x0c\1", b"\x12\x02", b"\x1e\x04xy",
       b"\x63\x04xy", b"\x01\x03\5", b"\x05\x05\1\2\3", b"\x01\x01", b"\x01\x40",
       b"\x01", b"\x02\x02", b"\x03\x02", b"\x04\x02", b"\x0d\x02", b"\x11\x02",
       b"\x13\x02", b"\x13\x06\x02\1\2\3", b"\x17\x02", b"\x00\x04ab")
IPCP = (b"\x03\x06" + inet4(A4), b"\x81\x06" + inet4(B4),
        b"\x01\x0a" + inet4(A4) + inet4(B4), b"\x02\x06\0\x2d\x0f\1",
        b"\x02\x0e\0\x61" + b"\0\1" * 5,
        b"\x02\x12\0\x61" + b"\0\1" * 5 + b"\x01\x02\x02\x02",
        b"\x02\x11\0\x61" + b"\0\1" * 5 + b"\x01\x09x", b"\x02\x04\0\x77",
        b"\x02\x03\0", b"\x03\x05\1\2\3", b"\x77\x04ab", b"\x01\x04ab")


def packets():
    yield discovery(0x09, tag(0x0101) + tag(0x0103, b"\1\2\3\4"))
    yield discovery(0x07, tag(0x0102, b"concentrator") + tag(0x0104, b"\xff" * 9) +
                    tag(0x0120, b"\x05\xdc") + tag(0) + tag(0x0101))
    yield discovery(0x65, tag(0x0777, b"x" * 100), session=7)
    yield discovery(0xA7, tag(0x0203, b"gone"), session=7, first=0x22)
    yield discovery(0x77, b"")
    yield discovery(0x09, tag(0x0101), length=1500)
    yield discovery(0x09, b"\1\1\0\x20x")
    yield eth(0x8863, b"\x11\x09\0")
    yield ppp(0x0021, ip4(17, udp(b"data")))
    yield ppp(0x0057, ip6(17, udp(b"data", src=A6, dst=B6)))
    yield ppp(0x0281, b"\0\x01\x01\x40" + ip4(17, udp(b"data")))
    for options in LCP:
        for code in (1, 4):
            yield control(0xC021, code, options)
    for options in IPCP:
        yield control(0x8021, 1, options)
    yield control(0x8057, 2, b"\x01\x0a" + b"\x02\0\0\xff\xfe\0\0\1")
    yield control(0x8057, 2, b"\x01\x04ab\x09\x03x")
    for options in (b"\x15\x03\x2f", b"\x18\x04\xe7\x01", b"\x1a\x04\x78\x00",
                    b"\x11\x05\0\1\4", b"\x15\x02", b"\x18\x03x", b"\x1a\x02",
                    b"\x63\x03x"):
        yield control(0x80FD, 1, options)
    yield control(0xC02B, 1, b"\x01\x06\1\2\3\4\x01\x03x\x07\x03y")
    yield control(0x8281, 1, b"\x01\x04ab")
    yield control(0x8023, 1, b"")
    for code in range(17):
        for body in (b"", b"\1\2\3\4", b"\1\2\3\4more data here"):
            yield control(0xC021, code, body)
    yield control(0xC021, 8, b"\x80\x57" + b"rejected packet")
    yield control(0xC021, 1, LCP[0], length=3)
    yield control(0xC021, 1, LCP[0], length=99)
    for code in range(1, 6):
        yield control(0xC223, code, b"\x04abcdname")
    yield control(0xC223, 1, b"\x40abcd")
    for code in range(1, 5):
        yield control(0xC023, code, b"\x04user\x04pass")
    yield control(0xC023, 1, b"\x04user\x40pass")
    yield control(0xC023, 2, b"", length=4)
    yield control(0xC023, 2, b"\x02ok", length=50)
    yield control(0xC023, 2, b"\x02ok", length=3)
    yield ppp(0xC023, b"\1")
    yield ppp(0xC223, b"\1")
    yield ppp(0xC223, b"")
    yield ppp(0x003D, b"\xc0\x12data")
    yield ppp(0x003D, b"\xc0")
    yield ppp(0x00FD, b"compressed")
    yield ppp(0xC02D, b"bap")
    yield ppp(0xC025, b"quality")
    yield ppp(0x1235, b"unknown")
    yield eth(0x8864, b"\x11\0\0\7\0\x16\x21" + ip4(17, udp(b"")))
    yield eth(0x8864, b"\x11\0\0\7\0\x20\xff\x03\0\x21" + ip4(17, udp(b"")))
    yield eth(0x8864, b"\x11\0\0\7\0\2\xff\x03")
    yield eth(0x8864, b"\x11\0\0\7\0\1\xff")
