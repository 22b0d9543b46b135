# SPDX-License-Identifier: BSD-3-Clause
from build import *


def chunk(type_, flags, body, length=None):
    data = struct.pack("!BBH", type_, flags,
                       4 + len(body) if length is None else length) + body
    return data + b"\0" * (-len(data) % 4)


def sctp(*chunks, sport=5000, dport=5001):
    return struct.pack("!HHII", sport, dport, 0x12345678, 0) + b"".join(chunks)


DATA = b"\0\0\0\1\0\2\0\3\0\0\0\x12"


def packets():
    init = b"\0\0\0\1\0\1\0\0\0\x0a\0\x0b\0\0\0\x05" + b"\0\5\0\x08abcd"
    yield eth_ip4(132, sctp(chunk(1, 0, init)))
    yield eth_ip4(132, sctp(chunk(2, 0, init)))
    yield eth_ip4(132, sctp(chunk(10, 0, b"cookie"), chunk(0, 3, DATA + b"hi")))
    for flags in range(8):
        yield eth_ip4(132, sctp(chunk(0, flags, DATA + b"payload")))
    for payload in (1, 2, 4, 26, 27, 99):
        yield eth_ip4(132, sctp(chunk(0, 3, DATA[:8] +
                                      struct.pack("!I", payload) + b"data")))
    yield eth_ip4(132, sctp(chunk(3, 0, b"\0\0\0\7\0\0\x10\0\0\2\0\1"
                                  b"\0\2\0\3\0\5\0\6\0\0\0\x09")))
    yield eth_ip4(132, sctp(chunk(3, 0, b"\0\0\0\7\0\0\x10\0\0\2\0\1\0\2")))
    yield eth_ip4(132, sctp(chunk(3, 0, b"\0\0\0\7")))
    for type_ in (4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 0xC0, 0xC1, 0xC2, 0x77):
        yield eth_ip4(132, sctp(chunk(type_, 0, b"body")))
    yield eth_ip4(132, sctp(chunk(0, 3, DATA)))
    yield eth_ip4(132, sctp(chunk(0, 3, b"x")))
    yield eth_ip4(132, sctp(chunk(1, 0, b"x")))
    yield eth_ip4(132, sctp(chunk(4, 0, b"", length=2)))
    yield eth_ip4(132, sctp(chunk(4, 0, b"", length=40)))
    yield eth_ip4(132, sctp(b"\4\0"))
    yield eth_ip4(132, sctp()[:8])
    yield eth_ip6(132, sctp(chunk(4, 0, b"body")))
