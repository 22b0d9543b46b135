#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""make_fuzz_seeds.py FOLDER [capture…]: a seed corpus for each target of
tests/fuzz_dissect.c, in FOLDER/link, ip, ip_payload, tcp and udp, made from
tests/pcaps and the captures given."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle

LINKS = {1: 0, 113: 1, 276: 2, 101: 3, 0: 4, 9: 5, 50: 6, 51: 7}
MOST = 2048


def transport(version, protocol, payload):
    yield "ip_payload", bytes([version == 6, protocol]) + payload
    if protocol == 17 and len(payload) > 8:
        yield "udp", min(payload[:2], payload[2:4]) + payload[8:]
    elif protocol == 6 and len(payload) > 20:
        data = payload[payload[12] // 16 * 4:]
        if data:
            yield "tcp", min(payload[:2], payload[2:4]) + data


def seeds(link, frame):
    if link in LINKS:
        yield "link", bytes([LINKS[link]]) + frame
    if link != 1:
        return
    yield "ip", frame[12:]
    if frame[12:14] == b"\x08\0" and len(frame) > 34:
        yield from transport(4, frame[23], frame[14 + frame[14] % 16 * 4:])
    elif frame[12:14] == b"\x86\xdd" and len(frame) > 54:
        yield from transport(6, frame[20], frame[54:])


def main():
    target = sys.argv[1]
    own = os.path.join(oracle.SRC, "tests", "pcaps")
    files = sorted(os.path.join(own, f) for f in os.listdir(own)) + sys.argv[2:]
    count = 0
    for path in files:
        capture = oracle.read_pcap(path)
        for frame, _ in capture[1] if capture else []:
            for layer, data in seeds(capture[0], frame[:MOST]):
                os.makedirs(os.path.join(target, layer), exist_ok=True)
                with open(os.path.join(target, layer, str(count)), "wb") as f:
                    f.write(data)
                count += 1
    print("%d seeds" % count)


main()
