# SPDX-License-Identifier: BSD-3-Clause
"""Datagrams and segments between two well-known ports: which of the two says
what they carry."""
from build import *

UDP = [53, 5353, 525, 69, 67, 68, 520, 654, 500, 4500, 161, 162, 123, 1701,
       521, 547, 546, 5359, 6696, 8231, 1645, 1812, 3799, 1985, 921, 646, 698,
       3503, 3784, 701, 6343, 5060, 514, 4789, 6081, 4342, 6635, 319, 30490]
TCP = [23, 25, 43, 179, 1723, 6379, 22, 6633, 21, 80, 554, 53, 639, 323, 646,
       2049]
DATA = bytes(range(1, 40))
NEAR = 3


def pairs(ports):
    for i, port in enumerate(ports):
        for other in ports[i + 1:i + 1 + NEAR]:
            yield port, other
            yield other, port


def packets():
    for source, destination in pairs(UDP):
        yield eth_udp(DATA, source, destination)
    for source, destination in pairs(TCP):
        yield eth_tcp(b"\xff\xf1\0\x10" + DATA, source, destination)
