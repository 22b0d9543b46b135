# SPDX-License-Identifier: BSD-3-Clause
"""sFlow: every kind of sample and record, lengths that cannot be."""
import struct

from build import *


def words(*values):
    return struct.pack("!%dI" % len(values), *values)


NUMBERS = words(*range(1, 41))
HEAD = words(5, 1) + inet4(A4) + words(7, 100, 200000)
HEAD6 = words(5, 2) + inet6(A6) + words(7, 100, 200000)


def sflow(payload):
    return eth_udp(payload, 40000, 6343)


def datagram(count, *samples, head=HEAD):
    return sflow(head + words(count) + b"".join(samples))


def record(format_, body, length=None, enterprise=0, shift=12):
    return words(enterprise << shift | format_,
                 len(body) if length is None else length) + body


def counters(*records, count=None):
    return record(2, words(1, 0x05000007, len(records) if count is None
                           else count) + b"".join(records))


def flow(*records, count=None):
    return record(1, words(1, 0x05000007, 3, 4, 5, 6, 0x40000007,
                           len(records) if count is None else count) +
                  b"".join(records))


def packets():
    for kind in (1, 2, 3, 4, 5, 6, 1001):
        yield datagram(1, counters(record(kind, NUMBERS)))
        yield datagram(1, counters(record(kind, NUMBERS[:20])))
        yield datagram(2, counters(record(kind, NUMBERS, enterprise=1,
                                          shift=20)), record(9, b""))
    for kind in (1, 2, 3, 4, 5, *range(1001, 1014)):
        yield datagram(1, flow(record(kind, NUMBERS)))
        yield datagram(1, flow(record(kind, NUMBERS[:12])))
    for direction in range(6):
        yield datagram(1, counters(record(1, words(1, 6, 0, 1000, direction,
                                                   direction) + NUMBERS)))
    for protocol in (1, 11, 12, 13):
        yield datagram(1, flow(record(1, words(protocol, 64, 4, 60) +
                                      bytes(60), enterprise=protocol & 1)))
    rest = (record(3, words(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1) +
                   record(2, NUMBERS[:24])),
            record(4, words(1, 2, 3, 1) + record(2, NUMBERS[:52])))
    yield datagram(3, counters(record(1, NUMBERS[:88])), *rest)
    yield datagram(2, *rest, head=HEAD6)
    for kind in range(6):
        yield datagram(2, record(kind, NUMBERS), record(9, NUMBERS[:6]))
        yield datagram(2, record(kind, NUMBERS[:8]))
        yield datagram(2, record(kind, b"", length=100), record(9, NUMBERS))
        yield datagram(2, record(kind, NUMBERS, length=0), record(9, b""))
    yield datagram(1, counters(record(9, NUMBERS[:8]), count=3))
    yield datagram(1, counters(record(9, NUMBERS[:8], length=400)))
    for head in (HEAD, HEAD6, words(4, 1) + HEAD[8:], words(5, 3) + HEAD6[8:]):
        for length in range(0, 45, 4):
            yield sflow((head + words(0))[:length])
    yield eth_udp6(HEAD + words(0), 6343, 6343)
