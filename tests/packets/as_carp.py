# SPDX-License-Identifier: BSD-3-Clause
"""CARP, which -T carp takes VRRP's number for."""
from build import *

WHOLE = bytes([0x21, 7, 9, 7]) + b"\0\1\0\0" + bytes(7) + b"\5" + b"\1" * 20


def carp(body, ttl=255):
    total = checksum(body)
    return eth_ip4(112, body[:6] + struct.pack("!H", total) + body[8:],
                   ttl=ttl)


def packets():
    yield carp(WHOLE)
    yield carp(WHOLE, ttl=4)
    yield carp(WHOLE + b"a")
    for first in (0x31, 0x22, 0x11):
        yield carp(bytes([first]) + WHOLE[1:])
    yield eth_ip4(112, WHOLE, ttl=255)
    yield eth_ip6(112, WHOLE, hlim=255)
    for size in range(36):
        yield eth_ip4(112, WHOLE[:size], ttl=255)
