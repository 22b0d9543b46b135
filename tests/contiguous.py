# SPDX-License-Identifier: BSD-3-Clause
"""contiguous.py FILE.pcap PACKETS PORT: frames that tests/sender has sent with
-n PACKETS -f PACKETS -p PORT, of which each can be told from all others. Says
how many of them in a row are in the file: `COUNT packets, N missing, N twice`."""
import struct
import sys

FIRST_PORT, PORTS, STRIDE = 10000, 50000, 7919


def flows(path, port):
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at + 16 <= len(data):
        caplen, = struct.unpack_from("<I", data, at + 8)
        frame = at + 16
        at = frame + caplen
        if caplen < 38 or data[frame + 12:frame + 14] != b"\x08\x00":
            continue
        source, destination = struct.unpack_from(">HH", data, frame + 34)
        if destination == port:
            host, = struct.unpack_from(">H", data, frame + 28)
            yield (host - 1) * PORTS + source - FIRST_PORT


def main():
    path, packets, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    inverse = pow(STRIDE, -1, packets)
    turns = [flow * inverse % packets for flow in flows(path, port)]
    seen = set(turns)
    row = max(seen) - min(seen) + 1 if seen else 0
    print(f"{row} packets, {row - len(seen)} missing, "
          f"{len(turns) - len(seen)} twice")


main()
