#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""How fast packets are printed: `make bench-print`. Writes mixed packets to a
scratch file and prints it with us and with tcpdump in turn, in four modes;
checks that the output is the same, and prints CPU time a packet and the ratio.

tcpdump asks the C library for the local time of every packet. Without TZ that
looks each time whether /etc/localtime has changed (a stat(), some 2 us), with
TZ set it does not; so there is a table for each. For us it makes no difference:
the text of a second is kept.

  bench_print.py BSNIFF [packets]      $ROUNDS (3), of which the best counts
"""
import hashlib
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "packets"))
from build import *  # noqa: F403

BLOCK = 20000
UNSET = {k: v for k, v in os.environ.items() if k != "TZ"}
ZONES = (("TZ unset, as most people run it", UNSET),
         ("TZ=UTC", dict(UNSET, TZ="UTC")))
MODES = (["-n"], ["-nv"], ["-ne"], ["-nX"])
ROUNDS = int(os.environ.get("ROUNDS") or 3)


def stamp(a, b):
    return b"\x01\x01\x08\x0a" + struct.pack("!II", a, b)


def tcp_packet(rnd, i):
    a, b = "10.0.%d.%d" % (i % 50, i % 200 + 1), "192.0.2.%d" % (i % 90 + 1)
    sport, dport = 30000 + i % 997, rnd.choice((443, 443, 443, 22, 8443))
    size = rnd.choice((0, 0, 0, 60, 200, 600))
    if rnd.random() < 0.4:
        a, b, sport, dport = b, a, dport, sport
    return eth_ip4(6, tcp(b"\x17\x03\x03" + bytes(size)[:size] if size else b"",
                          sport, dport, rnd.randrange(1 << 32),
                          rnd.randrange(1 << 32), 0x18 if size else 0x10,
                          options=stamp(i, i + 1), src=a, dst=b),
                   src=a, dst=b, ident=i & 0xFFFF, frag=0x4000)


def one(rnd, i):
    kind = rnd.random()
    if kind < 0.62:
        return tcp_packet(rnd, i)
    if kind < 0.72:
        return eth_udp(bytes(rnd.choice((40, 300, 900))), 40000 + i % 1000,
                       rnd.choice((443, 51820, 9000)))
    if kind < 0.82:
        query = struct.pack("!HHHHHH", i & 0xFFFF, 0x0100, 1, 0, 0, 0)
        question = name("host%d.example.org" % (i % 500)) + b"\0\1\0\1"
        if kind < 0.77:
            return eth_udp(query + question, 40000, 53)
        answer = query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + question + \
            b"\xc0\x0c\0\1\0\1\0\0\x0e\x10\0\4" + inet4(B4)
        return eth_udp(answer, 53, 40000)
    if kind < 0.90:
        return eth_ip6(6, tcp(b"x" * 100, 40000 + i % 999, 443,
                              rnd.randrange(1 << 32), 7, 0x18,
                              options=stamp(i, i), src=A6, dst=B6))
    if kind < 0.94:
        return eth_ip4(1, b"\x08\0\0\0\0\1" + struct.pack("!H", i & 0xFFFF) +
                       bytes(56))
    if kind < 0.96:
        return eth(0x0806, struct.pack("!HHBBH", 1, 0x800, 6, 4, 1) + MAC_A +
                   inet4(A4) + bytes(6) + inet4(B4), dst=BROADCAST)
    if kind < 0.98:
        return eth_tcp(b"GET /%d HTTP/1.1\r\nHost: example.org\r\n\r\n" % i,
                       40000 + i % 999, 80, flags=0x18, ack=1)
    return eth(0x8100, vlan(i & 0xFFF, 0x0800, ip4(17, udp(bytes(100)))))


def write_capture(path, count):
    rnd = random.Random(1)
    frames = [one(rnd, i) for i in range(BLOCK)]
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for block in range(max(1, count // BLOCK)):
            out = bytearray()
            for i, frame in enumerate(frames):
                at = block * BLOCK + i
                out += struct.pack("<IIII", 1600000000 + at // 50000,
                                   at % 50000 * 20, len(frame),
                                   len(frame)) + frame
            file.write(out)
    return max(1, count // BLOCK) * BLOCK


def measure(command, output, environment):
    """(CPU seconds, seconds on the clock)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    with open(output, "wb") as file:
        subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL,
                       env=environment, check=True)
    elapsed = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime -
            before.ru_utime - before.ru_stime, elapsed)


def best(a, b):
    return min(a[0], b[0]), min(a[1], b[1])


def digest(path):
    value = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            value.update(block)
    return value.hexdigest()


def compare(printer, capture, scratch, count, zone, environment):
    """Prints a table; True if the output was the same everywhere."""
    ours, theirs = scratch + "/ours", scratch + "/theirs"
    print("\n%s\n%-5s %25s   %25s" % (zone, "", "CPU", "elapsed"))
    print(("%-5s" + " %9s %7s %7s  " * 2 + "%s") %
          ("mode", "tcpdump", "ours", "ratio", "tcpdump", "ours", "ratio",
           "output"))
    good, unit = True, 1e6 / count
    for mode in MODES:
        a = b = (1e9, 1e9)
        for _ in range(ROUNDS):
            a = best(a, measure(["tcpdump"] + mode + ["-r", capture], theirs,
                                environment))
            b = best(b, measure([printer] + mode + ["-r", capture], ours,
                                environment))
        same = digest(ours) == digest(theirs)
        good &= same
        print(("%-5s" + " %9.3f %7.3f %6.1fx  " * 2 + "%s") % (
            mode[0], a[0] * unit, b[0] * unit, a[0] / b[0], a[1] * unit,
            b[1] * unit, a[1] / b[1],
            "the same bytes" if same else "DIFFERS"), flush=True)
    return good


def main():
    printer = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000000
    with tempfile.TemporaryDirectory() as scratch:
        capture = os.path.join(scratch, "in.pcap")
        count = write_capture(capture, count)
        print("%d packets, microseconds a packet, best of %d" %
              (count, ROUNDS), flush=True)
        same = [compare(printer, capture, scratch, count, *zone)
                for zone in ZONES]
    return not all(same)


sys.exit(main())
