#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""pcapng (draft-ietf-opsawg-pcapng) apart from the program under test.

pcapng.py list FILE    a JSON object for each block, in order
pcapng.py make KIND    to standard output, a file of the kind: see KINDS"""
import json
import struct
import sys

NAMES = {0x0A0D0D0A: "section", 1: "interface", 3: "simple", 4: "names",
         5: "statistics", 6: "packet"}
TEXT = {("section", 2): "hardware", ("section", 3): "system",
        ("section", 4): "program", ("interface", 2): "name",
        ("interface", 12): "system"}
NUMBERS = {("statistics", 4): "seen", ("statistics", 5): "missed",
           ("statistics", 6): "matched", ("statistics", 7): "dropped",
           ("statistics", 8): "delivered"}
TIMES = {("statistics", 2): "start", ("statistics", 3): "end"}


def options(kind, data, order):
    """The options as a dict; that they end where they must is checked."""
    found, at = {}, 0
    while at < len(data):
        code, length = struct.unpack_from(order + "HH", data, at)
        value = data[at + 4:at + 4 + length]
        assert len(value) == length, "an option is cut off"
        at += 4 + (length + 3) // 4 * 4
        if code == 0:
            assert length == 0 and at == len(data), "not at the end"
            return found
        if code == 1:
            found["comment"] = value.decode("utf-8")
        elif (kind, code) in TEXT:
            found[TEXT[kind, code]] = value.decode("utf-8")
        elif (kind, code) in NUMBERS:
            found[NUMBERS[kind, code]] = struct.unpack(order + "Q", value)[0]
        elif (kind, code) in TIMES:
            high, low = struct.unpack(order + "II", value)
            found[TIMES[kind, code]] = high << 32 | low
        elif (kind, code) == ("interface", 9):
            found["resolution"] = value[0]
        elif (kind, code) == ("interface", 11):
            assert value[0] == 0, "not a filter as text"
            found["filter"] = value[1:].decode("utf-8")
        elif (kind, code) == ("packet", 2):
            found["flags"] = struct.unpack(order + "I", value)[0]
        else:
            raise AssertionError(f"option {code} of {kind}")
    assert not data, "the options have no end"
    return found


def names(data, order):
    at, found = 0, []
    while True:
        kind, length = struct.unpack_from(order + "HH", data, at)
        value = data[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4
        if kind == 0:
            return {"names": found} | options("names", data[at:], order)
        size = {1: 4, 2: 16}[kind]
        assert value[-1] == 0, "a name without an end"
        found.append([value[:size].hex(), value[size:-1].decode()])


def block(kind, body, order):
    if kind == "section":
        major, minor, length = struct.unpack_from(order + "HHq", body, 4)
        assert (major, minor) == (1, 0)
        return {"length": length} | options(kind, body[16:], order)
    if kind == "interface":
        link, _, snapshot = struct.unpack_from(order + "HHI", body)
        return {"link": link, "snapshot": snapshot} | options(
            kind, body[8:], order)
    if kind == "packet":
        i, high, low, caplen, length = struct.unpack_from(order + "5I", body)
        end = 20 + (caplen + 3) // 4 * 4
        assert end <= len(body) and not any(body[20 + caplen:end])
        return {"interface": i, "time": high << 32 | low, "caplen": caplen,
                "length": length} | options(kind, body[end:], order)
    if kind == "names":
        return names(body, order)
    if kind == "statistics":
        i, high, low = struct.unpack_from(order + "3I", body)
        return {"interface": i, "time": high << 32 | low} | options(
            kind, body[12:], order)
    raise AssertionError(f"block {kind}")


def blocks(data):
    at, order, found = 0, "<", []
    while at < len(data):
        if data[at:at + 4] == b"\n\r\r\n":
            order = "<" if data[at + 8] == 0x4D else ">"
        number, length = struct.unpack_from(order + "II", data, at)
        assert length % 4 == 0 and at + length <= len(data), "a cut block"
        again = struct.unpack_from(order + "I", data, at + length - 4)[0]
        assert again == length, "two lengths"
        kind = NAMES[number]
        found.append({"block": kind} | block(
            kind, data[at + 8:at + length - 4], order))
        at += length
    return found


# ---- Files that others might write


class File:
    def __init__(self, order):
        self.order, self.data = order, b""
        self.add(0x0A0D0D0A, self.pack("IHHq", 0x1A2B3C4D, 1, 0, -1))

    def pack(self, form, *values):
        return struct.pack(self.order + form, *values)

    def add(self, kind, body):
        body += bytes(-len(body) % 4)
        length = self.pack("I", len(body) + 12)
        self.data += self.pack("I", kind) + length + body + length

    def option(self, code, value):
        return self.pack("HH", code, len(value)) + value + bytes(
            -len(value) % 4)

    def interface(self, link=1, snapshot=262144, resolution=None, name=b"e0",
                  offset=None):
        body = self.pack("HHI", link, 0, snapshot) + self.option(2, name)
        if resolution is not None:
            body += self.option(9, bytes([resolution]))
        if offset is not None:
            body += self.option(14, self.pack("q", offset))
        self.add(1, body + self.option(0, b""))

    def packet(self, interface, time, data, length=None):
        body = self.pack("5I", interface, time >> 32, time & 0xFFFFFFFF,
                         len(data), length or len(data))
        body += data + bytes(-len(data) % 4) + self.option(1, b"a comment")
        self.add(6, body + self.option(0, b""))


def frame(number):
    """A datagram from 10.0.0.1."""
    payload = b"number %d" % number
    udp = struct.pack(">HHHH", 1000 + number, 9999, 8 + len(payload), 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), number, 0,
                     64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    return (bytes.fromhex("0200000000020200000000010800") + ip + udp
            + payload)


SECOND = 1600000000


def plain(order, resolution=None, scale=10**6, offset=None):
    file = File(order)
    file.interface(resolution=resolution, offset=offset)
    for i in range(5):
        time = (SECOND - (offset or 0) + i) * scale + 123456789 * scale // 10**9
        file.packet(0, time, frame(i))
    return file


def several(order):
    """Two interfaces with resolutions of their own, a simple packet, blocks
    that nobody knows, a second section."""
    file = File(order)
    file.interface(resolution=9, name=b"first")
    file.interface(resolution=6, name=b"second")
    file.packet(0, SECOND * 10**9 + 1, frame(0))
    file.packet(1, SECOND * 10**6 + 2, frame(1))
    file.add(0x0BAD, file.pack("I", 1) + b"custom text")
    file.packet(0, SECOND * 10**9 + 3, frame(2)[:40], len(frame(2)))
    other = File(order)
    other.interface(name=b"third")
    other.packet(0, (SECOND + 9) * 10**6, frame(3))
    file.data += other.data
    return file


def mixed(order, first=True):
    file = File(order)
    file.interface()
    if not first:
        file.packet(0, SECOND * 10**6, frame(0))
    file.interface(link=101, name=b"tun0")
    if first:
        file.packet(0, SECOND * 10**6, frame(0))
    file.packet(1, SECOND * 10**6, frame(1)[14:])
    return file


def cut(order):
    file = plain(order)
    file.data = file.data[:-30]
    return file


KINDS = {
    "little": lambda: plain("<"),
    "big": lambda: plain(">"),
    "nano": lambda: plain("<", 9, 10**9),
    "big-nano": lambda: plain(">", 9, 10**9),
    "binary": lambda: plain("<", 0x80 | 20, 2**20),
    "offset": lambda: plain("<", 6, 10**6, 1000),
    "several": lambda: several("<"),
    "big-several": lambda: several(">"),
    "mixed": lambda: mixed("<"),
    "mixed-later": lambda: mixed("<", False),
    "cut": lambda: cut("<"),
}

if __name__ == "__main__":
    if sys.argv[1] == "make":
        sys.stdout.buffer.write(KINDS[sys.argv[2]]().data)
    else:
        with open(sys.argv[2], "rb") as opened:
            for item in blocks(opened.read()):
                print(json.dumps(item))
