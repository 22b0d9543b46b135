# SPDX-License-Identifier: BSD-3-Clause
from build import *


def llc(dsap, ssap, control, payload=b""):
    head = bytes([dsap, ssap]) + control
    return eth(len(head) + len(payload), head + payload)


def packets():
    ping = ip4(1, bytes.fromhex("0800f7ff00000000"))
    yield eth(0x8100, vlan(5, 0x0800, ping))
    yield eth(0x8100, vlan(0x7005, 0x86DD, ip6(59, b"")))
    yield eth(0x88A8, vlan(7, 0x8100, vlan(9, 0x0800, ping)))
    yield eth(0x9100, vlan(7, 0x9200, vlan(9, 0x1234, b"unknown")))
    yield eth(0x8100, b"\0")
    yield eth(0x8100, vlan(5, 8, b"\xaa\xaa\x03\0\0\0\x08\0" + ping))
    yield eth(0x1234, b"what nobody knows, in more than one line of a dump")
    yield eth(0x6000, b"")
    yield llc(0xAA, 0xAA, b"\x03", b"\0\0\0\x08\0" + ping)
    yield llc(0xAA, 0xAA, b"\x03", b"\0\0\x0c\x30\0" + b"cisco")
    yield llc(0xAA, 0xAA, b"\x03", b"\0\x80\xc2\0\x07\0\0" + eth(0x0800, ping))
    yield llc(0xAA, 0xAA, b"\x03", b"\x12\x34\x56\0\x01" + b"other")
    yield llc(0xAA, 0xAA, b"\x03", b"\0\0")
    yield llc(0x06, 0x06, b"\x03", ping)
    yield llc(0x04, 0x05, b"\xbf", b"\x81\x01\x02")
    yield llc(0x04, 0x04, b"\xaf")
    yield llc(0x7E, 0x7F, b"\x01\x02")
    yield llc(0x8E, 0x7E, b"\x10\x05", b"numbered")
    yield llc(0x11, 0x22, b"\xe3", b"test")
    yield eth(2, b"\xaa\xaa")
    yield eth(0x8870, b"\xaa\xaa\x03\0\0\0\x08\0" + ping)
    yield eth(40, b"\x06\x06\x03" + ping + b"\0" * 40)
    yield eth(0x0800, ping) + b"\0" * 18
    yield MAC_A
