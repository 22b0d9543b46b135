# SPDX-License-Identifier: BSD-3-Clause
from build import *


def packets():
    data = b"some data to carry"
    yield eth_ip4(253, data)
    yield eth_ip4(6, b"")
    for tos in (1, 2, 3, 0xB8):
        yield eth_ip4(17, udp(data), tos=tos, ttl=0)
    yield eth_ip4(17, udp(data), bad_sum=True)
    yield eth_ip4(17, udp(data), frag=0x4000)
    yield eth_ip4(17, udp(data * 8), frag=0x2000)
    yield eth_ip4(17, data * 8, frag=0x2010)
    yield eth_ip4(17, data, frag=0x0020)
    yield eth_ip4(253, data, frag=0x8020)
    yield eth(0x0800, ip4(17, udp(data), version=5))
    yield eth(0x0800, ip4(17, udp(data), version=6))
    yield eth(0x0800, ip4(17, udp(data), hlen=4))
    yield eth(0x0800, ip4(17, udp(data), hlen=15))
    yield eth(0x0800, ip4(17, udp(data), length=10))
    yield eth(0x0800, ip4(17, udp(data), length=0))
    yield eth(0x0800, ip4(17, udp(data), length=100))
    yield eth(0x0800, ip4(17, udp(data)) + b"padding")
    addresses = inet4("203.0.113.1") + inet4("203.0.113.2")
    for options in (
            b"\x07\x0b\x04" + addresses, b"\x07\x0b\x08" + addresses,
            b"\x83\x0b\x04" + addresses, b"\x89\x0b\x0c" + addresses,
            b"\x07\x02", b"\x07\x0a\x05" + addresses, b"\x94\x04\0\0",
            b"\x94\x04\0\x01", b"\x94\x02", b"\x01\x01\x00", b"\x82\x03\x01",
            b"\x52\x0c" + b"\0" * 10, b"\x99\x04\x01\x02", b"\x99\x01",
            b"\x99\x40", b"\x44\x0c\x05\x00" + b"\0" * 8,
            b"\x44\x0c\x0d\x01" + addresses,
            b"\x44\x14\x0d\x31" + addresses * 2,
            b"\x44\x0c\x05\x03" + addresses, b"\x44\x08\x05\x05\0\0\0\0",
            b"\x44\x03\x05", b"\x44\x06\x05\x00\0\0"):
        yield eth_ip4(17, udp(data), options=options)
    yield eth_ip4(4, ip4(17, udp(data)))
    yield eth_ip4(41, ip6(17, udp(data, src=A6, dst=B6)))
    yield eth_ip4(77, data)
    yield eth_ip4(59, b"")
    yield eth_ip4(58, data)
