# SPDX-License-Identifier: BSD-3-Clause
"""M3UA in SCTP: every class, type and parameter, and broken ones."""
from build import *

BYTES = bytes(range(0x40, 0xA0))


def sctp(*chunks):
    return eth_ip4(132, struct.pack("!HHII", 2905, 2905, 7, 0) +
                   b"".join(chunks))


def data(body, kind=3):
    chunk = struct.pack("!BBHIHHI", 0, 3, 16 + len(body), 1, 2, 3, kind) + body
    return chunk + b"\0" * (-len(chunk) % 4)


def parameter(tag, value, length=None):
    return struct.pack("!HH", tag, len(value) + 4 if length is None
                       else length) + value + b"\0" * (-len(value) % 4)


def message(class_, type_, body, version=1, length=None):
    return bytes([version, 0, class_, type_]) + struct.pack(
        "!I", 8 + len(body) if length is None else length) + body


def packets():
    text = parameter(4, b"abc")
    for class_ in range(11):
        for type_ in range(8):
            yield sctp(data(message(class_, type_, text)))
    for length in (4, 16, 0):
        for first in (0, 0x10, 0x200, 0x210):
            yield sctp(data(message(1, 1, b"".join(
                parameter(tag, BYTES[:length])
                for tag in range(first, first + 16)))))
    for body in (b"abc", text + b"ab", text + parameter(4, b"", 2),
                 text + parameter(4, b"", 0x30), b"\0\4\0\5a",
                 parameter(6, b"a")):
        yield sctp(data(message(1, 1, body)))
        yield sctp(data(message(1, 1, body)), data(message(1, 1, text)))
    yield sctp(data(message(1, 1, text, version=2)))
    yield sctp(data(message(1, 1, text, length=4)))
    yield sctp(data(message(1, 1, text)[:7]))
