#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""replay.py INTERFACE FILE...: send the frames of Ethernet captures, 10 us
apart, in the order of the files. Other link types are left out."""
import socket
import struct
import sys
import time


def frames(path):
    with open(path, "rb") as file:
        data = file.read()
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<",
             b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}.get(data[:4])
    if not order or struct.unpack(order + "I", data[20:24])[0] & 0xffff != 1:
        return
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def main():
    sent = 0
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((sys.argv[1], 0))
        for path in sys.argv[2:]:
            for frame in frames(path):
                if 14 <= len(frame) <= 9014:
                    out.send(frame)
                    sent += 1
                    time.sleep(0.00001)
    print(sent)


main()
