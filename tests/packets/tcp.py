# SPDX-License-Identifier: BSD-3-Clause
from build import *

OPTIONS = (
    b"\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\1\0\0\0\0\x01\x03\x03\x07",
    b"\x01\x01\x08\x0a\0\0\0\2\0\0\0\1",
    b"\x01\x01\x05\x0a\0\0\x03\xe9\0\0\x04\x00",
    b"\x05\x12\0\0\x03\xe9\0\0\x04\0\0\0\x05\0\0\0\x06\0\x01\x01",
    b"\x05\x05\1\2\3", b"\x06\x06abcd\x07\x06abcd",
    b"\x0b\x06abcd\x0c\x06abcd", b"\x0d\x06abcd",
    b"\x13\x12" + b"M" * 16, b"\x14\x04\x01\x02", b"\x1c\x04\x80\x05",
    b"\x1c\x04\x00\x78", b"\x1d\x10\1\2" + b"mac" * 4, b"\x1d\x03\1",
    b"\x1d\x04\1\2", b"\x22\x02", b"\x22\x0acookie12", b"\x22\x03c",
    b"\xfe\x04\xf9\x89", b"\xfe\x0c\xf9\x89cookie12", b"\xfe\x04\x12\x34",
    b"\xfe\x02", b"\xfd\x06wxyz", b"\x02\x03\x05", b"\x02\x06\x05\xb4\0\0",
    b"\x03\x02", b"\x08\x0b" + b"\0" * 9, b"\x77\x01", b"\x77\x50", b"\0\1\1\1",
    b"\x1e\x04\x00\x81", b"\x1e\x0c\x01\x81" + b"K" * 8,
    b"\x1e\x14\x01\x01" + b"K" * 8 + b"L" * 8, b"\x1e\x04\x05\0",
    b"\x1e\x0c\x10\x02tokennon", b"\x1e\x10\x11\x02hmachmacnonc",
    b"\x1e\x18\x10\x00" + b"H" * 20, b"\x1e\x08\x20\x01acks",
    b"\x1e\x1c\x20\x1f" + b"A" * 8 + b"S" * 8 + b"subsln\0\7",
    b"\x1e\x14\x20\x05acksseqnsubsln", b"\x1e\x06\x20\x01ak",
    b"\x1e\x08\x34\x02" + inet4(A4), b"\x1e\x0a\x30\x02" + inet4(A4) + b"\0\x50",
    b"\x1e\x10\x31\x02" + inet4(A4) + b"H" * 8, b"\x1e\x14\x36\x02" + inet6(A6),
    b"\x1e\x16\x36\x02" + inet6(A6) + b"\0\x50", b"\x1e\x09\x30\x02abcde",
    b"\x1e\x05\x40\1\2", b"\x1e\x03\x51", b"\x1e\x04\x50\x07",
    b"\x1e\x0c\x60\0dataseqn", b"\x1e\x0c\x70\0closekey", b"\x1e\x04\xf0\0",
    b"\x1e\x02")


def packets():
    yield eth_tcp(flags=0x02, seq=1000, options=OPTIONS[0])
    yield eth(0x0800, ip4(6, tcp(b"", 80, 40000, 5000, 1001, 0x12, src=B4,
                                 dst=A4), src=B4, dst=A4))
    yield eth_tcp(flags=0x10, seq=1001, ack=5001)
    yield eth_tcp(b"hello", flags=0x18, seq=1001, ack=5001)
    yield eth(0x0800, ip4(6, tcp(b"", 80, 40000, 5001, 1006, 0x10, src=B4,
                                 dst=A4, options=OPTIONS[2]), src=B4, dst=A4))
    for flags in range(0, 256, 7):
        yield eth_tcp(b"data", flags=flags, seq=1006, ack=5001, urg=3)
    for options in OPTIONS:
        for flags in (0x02, 0x12, 0x10):
            yield eth_tcp(b"data", 40001, 9, flags=flags, seq=7, ack=9,
                          options=options)
    yield eth_tcp(b"reason for the reset \x01\xff that is longer than thirty",
                  flags=0x14, sport=9, dport=10)
    yield eth_tcp(b"gone", flags=0x04, sport=9, dport=10)
    yield eth_tcp(b"data", bad=True)
    yield eth_tcp(b"data", offset=4)
    yield eth_tcp(b"data", offset=15)
    yield eth_tcp(b"same ports", sport=7, dport=7, ack=1, flags=0x10)
    yield eth_ip6(6, tcp(b"six", src=A6, dst=B6, ack=4, flags=0x10))
    yield eth_ip6(6, tcp(b"six", src=A6, dst=B6, seq=1003, ack=4, flags=0x10))
    yield eth_ip6(60, b"\x06\0\x01\x04\0\0\0\0" +
                  tcp(b"six", src=A6, dst=B6, ack=4, flags=0x10))
    yield eth_ip4(6, tcp(b"fragment"), frag=0x2000)
