# SPDX-License-Identifier: BSD-3-Clause
"""Layers of packets as bytes, for tests/packets/*.py. Nothing here knows what
a dissector makes of them."""
import socket
import struct

MAC_A = bytes.fromhex("020000000001")
MAC_B = bytes.fromhex("020000000002")
BROADCAST = b"\xff" * 6
A4, B4 = "192.0.2.1", "198.51.100.2"
A6, B6 = "2001:db8::1", "2001:db8:0:1::2"


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def eth(type_, payload, src=MAC_A, dst=MAC_B):
    return dst + src + struct.pack("!H", type_) + payload


def vlan(tci, type_, payload):
    return struct.pack("!HH", tci, type_) + payload


def ip4(proto, payload, src=A4, dst=B4, ttl=64, tos=0, ident=1, frag=0,
        options=b"", length=None, bad_sum=False, version=4, hlen=None):
    options += b"\0" * (-len(options) % 4)
    size = 20 + len(options)
    head = struct.pack("!BBHHHBBH", version << 4 | (hlen or size // 4), tos,
                       size + len(payload) if length is None else length,
                       ident, frag, ttl, proto, 0)
    head += socket.inet_aton(src) + socket.inet_aton(dst) + options
    total = checksum(head) ^ (1 if bad_sum else 0)
    return head[:10] + struct.pack("!H", total) + head[12:] + payload


def ip6(next_, payload, src=A6, dst=B6, hlim=64, flow=0, length=None):
    return struct.pack("!IHBB", 6 << 28 | flow,
                       len(payload) if length is None else length, next_,
                       hlim) + socket.inet_pton(socket.AF_INET6, src) + \
        socket.inet_pton(socket.AF_INET6, dst) + payload


def pseudo(src, dst, proto, length):
    family = socket.AF_INET6 if ":" in src else socket.AF_INET
    head = socket.inet_pton(family, src) + socket.inet_pton(family, dst)
    if family == socket.AF_INET6:
        return head + struct.pack("!II", length, proto)
    return head + struct.pack("!HH", proto, length)


def summed(proto, data, at, src, dst, bad=False):
    """data with its checksum at offset `at` filled in."""
    total = checksum(pseudo(src, dst, proto, len(data)) + data)
    if bad:
        total ^= 0x1234
    return data[:at] + struct.pack("!H", total) + data[at + 2:]


def tcp(payload=b"", sport=40000, dport=80, seq=1000, ack=0, flags=0x10,
        win=512, urg=0, options=b"", src=A4, dst=B4, bad=False, offset=None):
    options += b"\0" * (-len(options) % 4)
    head = struct.pack("!HHIIBBHHH", sport, dport, seq, ack,
                       (offset or 5 + len(options) // 4) << 4, flags, win, 0,
                       urg)
    return summed(6, head + options + payload, 16, src, dst, bad)


def udp(payload, sport=40000, dport=9999, src=A4, dst=B4, bad=False,
        length=None):
    head = struct.pack("!HHHH", sport, dport,
                       8 + len(payload) if length is None else length, 0)
    return summed(17, head + payload, 6, src, dst, bad)


def eth_ip4(proto, payload, **more):
    return eth(0x0800, ip4(proto, payload, **more))


def eth_ip6(next_, payload, **more):
    return eth(0x86DD, ip6(next_, payload, **more))


def eth_udp(payload, sport=40000, dport=9999, **more):
    return eth_ip4(17, udp(payload, sport, dport, **more))


def eth_udp6(payload, sport=40000, dport=9999):
    return eth_ip6(17, udp(payload, sport, dport, A6, B6))


def eth_tcp(payload=b"", sport=40000, dport=80, **more):
    return eth_ip4(6, tcp(payload, sport, dport, **more))


def icmp6(type_, code, body, src=A6, dst=B6, bad=False):
    return summed(58, struct.pack("!BBH", type_, code, 0) + body, 2, src, dst,
                  bad)


def name(text):
    """A domain name, not compressed."""
    out = b""
    for label in text.strip(".").split("."):
        if label:
            out += bytes([len(label)]) + label.encode()
    return out + b"\0"


def inet6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def inet4(text):
    return socket.inet_aton(text)
