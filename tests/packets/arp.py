# SPDX-License-Identifier: BSD-3-Clause
from build import *


def arp(op, sha=MAC_A, spa=A4, tha=b"\0" * 6, tpa=B4, hrd=1, pro=0x800,
        hln=6, pln=4):
    return struct.pack("!HHBBH", hrd, pro, hln, pln, op) + sha[:hln] + \
        inet4(spa)[:pln] + tha[:hln] + inet4(tpa)[:pln]


def packets():
    for op in (1, 2, 3, 4, 8, 9, 10, 77):
        yield eth(0x0806, arp(op), dst=BROADCAST)
        yield eth(0x8035, arp(op, tha=MAC_B))
    yield eth(0x0806, arp(1) + b"\0" * 18, dst=BROADCAST)
    yield eth(0x0806, arp(1, hrd=6))
    yield eth(0x0806, arp(1, hrd=99, pro=0x1234))
    yield eth(0x0806, arp(2, hln=0))
    yield eth(0x0806, arp(2, pln=3))
    yield eth(0x0806, arp(1)[:20])
    yield eth(0x0806, b"")
