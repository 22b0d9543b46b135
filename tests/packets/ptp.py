# SPDX-License-Identifier: BSD-3-Clause
"""PTP over UDP and over Ethernet: every message, flag and control."""
from build import *

BODY = bytes(range(0x40, 0xA0))


def message(type_, version=2, flags=0, control=0, body=BODY[:44], interval=1,
            major=0, length=None, correction=b"\0\0\0\1\2\3\x80\0"):
    return bytes([major << 4 | type_, version]) + \
        struct.pack("!HBBH", 34 + len(body) if length is None else length,
                    5, 0, flags) + correction + b"\0\0\0\7" + BODY[:8] + \
        b"\0\x09" + struct.pack("!HBB", 77, control, interval) + body


def packets():
    for type_ in range(16):
        yield eth_udp(message(type_), 320, 320)
        yield eth(0x88F7, message(type_, body=BODY[:10]))
    for version in (0, 1, 3, 0x12):
        yield eth_udp(message(0, version), 40000, 319)
    for flags in [1 << bit for bit in range(16)] + [0xFFFF, 0x88C0]:
        yield eth_udp(message(0, flags=flags), 320, 320)
    for control in range(7):
        yield eth_udp6(message(0, control=control), 320, 320)
    for interval in (0, 127, 128, 255):
        yield eth_udp(message(0, interval=interval), 320, 320)
    yield eth_udp(message(0, major=1), 320, 320)
    yield eth_udp(message(0, correction=b"\xff" * 8), 320, 320)
    yield eth_udp(message(0, length=10), 320, 320)
    for size in (0, 1, 2, 33, 34, 40):
        yield eth_udp(message(11)[:size], 320, 320)
