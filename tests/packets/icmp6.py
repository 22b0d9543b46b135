# SPDX-License-Identifier: BSD-3-Clause
from build import *


def message(type_, code, body, bad=False):
    return eth_ip6(58, icmp6(type_, code, body, bad=bad), hlim=255)


LINK = b"\x01\x01" + MAC_A
OPTIONS = (
    LINK, b"\x02\x01" + MAC_B,
    b"\x03\x04\x40\xe0" + b"\xff" * 4 + b"\0\0\x0e\x10" + b"\0" * 4 + inet6(A6),
    b"\x03\x01\x40\xe0\0\0\0\0", b"\x05\x01\0\0\0\0\x05\xdc",
    b"\x05\x02\0\0\0\0\x05\xdc" + b"\0" * 8, b"\x04\x01abcdef",
    b"\x07\x01\0\0\0\0\x03\xe8", b"\x08\x01\0\0\0\x0a\x07\x08",
    b"\x18\x01\x40\x08\0\0\0\x3c",
    b"\x18\x02\x40\x18\xff\xff\xff\xff" + b"\x20\x01\x0d\xb8" + b"\0" * 4,
    b"\x18\x03\x80\x10\0\0\0\x3c" + inet6(A6), b"\x18\x04" + b"\0" * 30,
    b"\x19\x05\0\0\0\0\0\x3c" + inet6(A6) + inet6(B6),
    b"\x1f\x03\0\0\0\0\0\x3c" + name("example.org") + b"\0\0\0",
    b"\x0e\x01\x11\x22\x33\x44\x55\x66", b"\x01\0", b"\x01\x09" + MAC_A)


def packets():
    quoted = ip6(17, udp(b"data", src=A6, dst=B6))
    yield message(128, 0, b"\0\1\0\2ping")
    yield message(129, 0, b"\0\1\0\2ping")
    yield message(129, 0, b"\0\1\0\2ping", bad=True)
    for code in range(7):
        yield message(1, code, b"\0" * 4 + quoted)
    yield message(1, 4, b"\0" * 4 + ip6(6, tcp(b"", src=A6, dst=B6)))
    yield message(1, 4, b"\0" * 4 + ip6(44, b"\x11\0\0\0\0\0\0\1" +
                                        udp(b"", src=A6, dst=B6)))
    yield message(1, 4, b"\0" * 4 + ip6(132, b"data"))
    yield message(2, 0, b"\0\0\x05\0" + quoted)
    for code in range(3):
        yield message(3, code, b"\0" * 4 + quoted)
    for code in range(6):
        yield message(4, code, b"\0\0\0\x28" + quoted)
    group = inet6("ff02::1:3")
    for type_ in (130, 131, 132):
        yield message(type_, 0, b"\x03\xe8\0\0" + group)
    yield message(130, 0, b"\x03\xe8\0\0")
    yield message(130, 0, b"\x03\xe8\0\0" + group + b"\x0a\x7d\0\0")
    yield message(130, 0, b"\x83\xe8\0\0" + group + b"\x02\x8d\0\1" + inet6(A6))
    yield message(130, 0, b"\x83\xe8\0\0" + group + b"\x02\x8d\0\2" + inet6(A6))
    record = b"\x04\0\0\1" + group + inet6(A6)
    yield message(143, 0, b"\0\0\0\2" + record + b"\x01\0\0\0" + group)
    yield message(143, 0, b"\0\0\0\3" + record)
    yield message(143, 0, b"\0\0\0\1" + b"\x09\0\0\7" + group)
    yield message(143, 0, b"\0\0")
    yield message(133, 0, b"\0" * 4 + LINK)
    for option in OPTIONS:
        yield message(134, 0, b"\x40\xc8\x07\x08" + b"\0" * 8 + option)
    yield message(134, 0, b"\x40\x1a\x07\x08" + b"\0\0\x75\x30\0\0\x03\xe8" +
                  b"".join(OPTIONS[:4]))
    yield message(135, 0, b"\0" * 4 + inet6(B6) + LINK)
    yield message(136, 0, b"\xe0\0\0\0" + inet6(B6) + OPTIONS[1])
    yield message(136, 0, b"\0\0\0\0" + inet6(B6))
    yield message(137, 0, b"\0" * 4 + inet6(A6) + inet6(B6) + OPTIONS[1])
    for code in (0, 1, 3, 255):
        match = b"\x01\x07\0\x40\x00\x80\0\0" + inet6(A6)
        use = b"\x40\0\x80\x80" + b"\xff" * 4 + b"\0\0\0\1" + \
            b"\xc0\0\0\0" + inet6(B6)
        yield message(138, code, b"\0\0\0\7" + b"\1\xf8\0\x05\0\0\0\0" + match +
                      use)
    nonce = b"12345678"
    for question in range(6):
        for code in range(4):
            subject = (inet6(A6), name("host"), inet4(A4), b"?")[code]
            yield message(139, code, struct.pack("!HH", question, 0x3F) +
                          nonce + subject)
    yield message(139, 0, b"\0\3\0\0" + nonce)
    yield message(139, 0, b"\0" * 8)
    for question in range(6):
        yield message(140, 0, struct.pack("!HH", question, 0x3F) + nonce +
                      b"\0\0\0\x3c" + name("host.example.org") + b"\0" * 4)
    yield message(140, 1, b"\0\3\0\0" + nonce)
    yield message(140, 2, b"\0\3\0\0" + nonce + b"more")
    for type_ in (141, 142, 144, 145, 146, 147, 155, 200, 201, 99):
        yield message(type_, 0, b"\0\7\xc0\0" + inet6(A6))
    for code in (0, 1, 2, 3, 4, 0x81):
        yield message(155, code, bytes(range(0x40, 0x60)) + b"\0\1\2xx\3\1y")
