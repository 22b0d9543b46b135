# SPDX-License-Identifier: BSD-3-Clause
from build import *


def ext(next_, body):
    body += b"\0" * (-(len(body) + 2) % 8)
    return bytes([next_, (len(body) + 2) // 8 - 1]) + body


def packets():
    u = udp(b"data", src=A6, dst=B6)
    yield eth_ip6(17, u)
    yield eth_ip6(17, u, flow=0x0F812345)
    yield eth_ip6(59, b"")
    yield eth_ip6(253, b"data")
    yield eth_ip6(17, u, length=200)
    yield eth_ip6(17, u, length=0)
    yield eth(0x86DD, b"\x50" + ip6(17, u)[1:])
    for options in (b"\x05\x02\0\0", b"\x01\x04\0\0\0\0", b"\0\0\0\0\0\0",
                    b"\xc2\x04\0\x01\0\0", b"\xc2\x04\0\0\0\x08",
                    b"\xc2\x03\0\0\0", b"\x05\x01\0", b"\x1e\x04abcd",
                    b"\xc9\x10" + inet6(A6),
                    b"\xc9\x18" + inet6(A6) + b"\x01\x02\0\0\x05\x02\0\0",
                    b"\xc9\x04\0\0\0\0", b"\x77\x40"):
        yield eth_ip6(0, ext(17, options) + u)
        yield eth_ip6(60, ext(17, options) + u)
    yield eth_ip6(0, ext(60, b"\x05\x02\0\0") + ext(43, b"\x01\x04\0\0\0\0") +
                  ext(17, b"\0\0" + b"\0" * 4) + u)
    yield eth_ip6(0, ext(0, b"\x01\x04\0\0\0\0") +
                  ext(17, b"\x01\x04\0\0\0\0") + u)
    yield eth_ip6(60, ext(0, b"\x01\x04\0\0\0\0") +
                  ext(17, b"\x01\x04\0\0\0\0") + u)
    yield eth_ip6(43, bytes([17, 2, 0, 1]) + b"\0" * 4 + inet6(B6) + u)
    yield eth_ip6(43, bytes([17, 2, 2, 1]) + b"\0\0\0\1" + inet6(B6) + u)
    yield eth_ip6(43, bytes([17, 4, 4, 1, 1, 8, 0, 5]) + inet6(B6) +
                  inet6(A6) + u)
    yield eth_ip6(43, bytes([17, 1, 4, 1, 1, 0, 0, 5]) + b"\0" * 8 + u)
    yield eth_ip6(43, bytes([17, 0, 3, 0]) + b"\0" * 4 + u)
    yield eth_ip6(44, bytes([17, 0, 0, 1]) + b"\0\0\x12\x34" + u)
    yield eth_ip6(44, bytes([17, 0, 1, 0xF1]) + b"\0\0\x12\x34" + b"rest")
    for type_ in range(10):
        yield eth_ip6(135, ext(59, bytes([type_, 0, 0, 0]) + b"\0\x07" +
                               bytes(range(16)) + b"\x02\x02\0\x05" +
                               b"\x04\x04\0\1\0\2\x01\0"))
        yield eth_ip6(135, ext(59, bytes([type_, 0, 0, 0])))
    yield eth_ip6(41, ip6(17, u))
    yield eth_ip6(4, ip4(17, udp(b"data")))
    yield eth_ip6(1, b"wrong")
    yield eth_ip6(143, eth(0x0800, ip4(17, udp(b"data"))))
    yield eth_ip6(51, bytes([17, 4, 0, 0]) + b"\0\0\0\1\0\0\0\2" + b"I" * 12 +
                  u)
