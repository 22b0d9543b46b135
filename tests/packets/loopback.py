# SPDX-License-Identifier: BSD-3-Clause
"""Loopback frames: replies, forwards, what is to be skipped before them."""
from build import *


def loopback(body):
    return eth(0x9000, body)


def message(function, rest, skip=0, skipped=None):
    return struct.pack("<H", skip) + \
        (bytes(skip) if skipped is None else skipped) + \
        struct.pack("<H", function) + rest


def packets():
    reply, forward = message(1, b"\x34\x12" + bytes(42)), \
        message(2, MAC_B + message(1, bytes(36))[2:])
    yield loopback(reply)
    yield loopback(forward)
    yield loopback(message(2, MAC_A + bytes(20), skip=8))
    yield loopback(message(2, MAC_A + bytes(20), skip=5))
    yield loopback(message(7, bytes(40)))
    yield loopback(message(0, bytes(40)))
    yield loopback(message(1, b"", skip=60, skipped=bytes(3)))
    yield loopback(message(1, b"", skip=0xFFFF, skipped=bytes(40)))
    yield loopback(struct.pack("<H", 40) + bytes(40))
    for size in range(14):
        yield loopback(reply[:size])
        yield loopback(forward[:size])
