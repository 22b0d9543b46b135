#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What counting connections costs: `make bench-flows`, as root.

Live: bursts through three veths in turn, one with `bsniff --stats`, one with an
empty hook, one with none; the sender's CPU time a packet, and by how much each
is more than the last in the same turn (medians); the reader's own while the
bursts come, and its memory: the largest resident set, and what the kernel's
maps hold, most of which is in that too. The sender has CPU 0 and bsniff CPU 1,
at real-time priority. From a file: `-r --stats` beside tshark -q -z conv,tcp on
the same packets.
"""
import argparse
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import bench

SPACE = f"bsniff-flows-{os.getpid()}"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def within(*command):
    return ("ip", "netns", "exec", SPACE) + command


def send(build, device, packets, flows):
    """CPU nanoseconds a packet of the sender, softirqs included."""
    out = run(*within("chrt", "-f", "1", "taskset", "-c", "0",
                      f"{build}/tests/sender", "-i", device, "-n", str(packets),
                      "-f", str(flows)))
    words = out.split()
    return int(words[words.index("cpu") + 1]) / packets


def start(*command):
    """A program that says when it listens."""
    program = subprocess.Popen(within(*command), stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    while "listening on" not in (line := program.stderr.readline()):
        if not line:
            sys.exit(f"bench-flows: {command[0]} ended")
    return program


def one_number(build, flows, packets, rounds):
    """A line of the table: for so many flows."""
    burst = max(50000, 2 * flows if flows < packets else flows)
    turns = max(rounds, packets // burst)
    hook = start(f"{build}/bench/empty_hook", "here1")
    bsniff = start("taskset", "-c", "1", f"{build}/bsniff", "-i", "here2",
                   "--stats", "--top=1", "-n")
    os.sched_setscheduler(bsniff.pid, os.SCHED_FIFO, os.sched_param(1))
    time.sleep(1)
    costs, reader = [[], [], []], []
    try:
        for _ in range(turns):
            before = bench.cpu_time(bsniff.pid)
            for i in range(3):
                costs[i].append(send(build, f"here{i}", burst, flows))
            time.sleep(0.1)
            reader.append((bench.cpu_time(bsniff.pid) - before) / burst)
        resident = bench.resident(bsniff.pid) / 1e6
        maps = bench.map_memory(bsniff.pid) / 1e6
        bsniff.send_signal(signal.SIGINT)
        report = bsniff.stderr.read().strip().splitlines()[-1]
    finally:
        for program in hook, bsniff:
            program.kill()
            program.wait()
    added = statistics.median(c - a for a, _, c in zip(*costs))
    least = statistics.median(b - a for a, b, _ in zip(*costs))
    beside = statistics.median(c - b for _, b, c in zip(*costs))
    print(f"{flows:8} {turns:6} {statistics.median(costs[0]):7.0f} {least:6.0f} "
          f"{added:8.0f} {beside:7.0f} {statistics.median(reader):7.0f} "
          f"{resident:6.0f} {maps:5.0f}  {report[report.rfind(' + ') + 3:]}")


def live(build, packets, rounds):
    print("live; ns a packet, MB")
    print(f"{'flows':>8} {'bursts':>6} {'alone':>7} {'+empty':>6} {'+--stats':>8} "
          f"{'between':>7} {'reader':>7} {'memory':>6} {'maps':>5}")
    for flows in (1, 1000, 200000, 1000000):
        one_number(build, flows, packets, rounds)


def timed(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def from_file(build, packets, rounds):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/flows.pcap"
        writer = subprocess.Popen(within(f"{build}/bsniff", "-i", "here0", "-s", "128",
                                         "-B", "65536", "-w", path),
                                  stderr=subprocess.PIPE, text=True)
        while "listening on" not in writer.stderr.readline():
            pass
        run(*within(f"{build}/tests/sender", "-i", "here0", "-n", str(packets),
                    "-f", "1000", "-t"))
        time.sleep(0.5)
        writer.send_signal(signal.SIGINT)
        writer.communicate()
        ours = [timed(f"{build}/bsniff", "-r", path, "--stats", "--top=1")
                for _ in range(rounds)]
        theirs = [timed("tshark", "-q", "-z", "conv,tcp", "-r", path)]
        mine, peer = min(ours) * 1e9 / packets, min(theirs) * 1e9 / packets
        print(f"from a file, 1000 flows, {packets} packets; CPU ns a packet: "
              f"bsniff {mine:.0f}, tshark {peer:.0f}, {peer / mine:.0f} times")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--packets", type=int, default=1000000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if os.geteuid():
        sys.exit("bench-flows: needs root")
    run("ip", "netns", "add", SPACE)
    try:
        for i in range(3):
            run(*within("ip", "link", "add", f"here{i}", "type", "veth",
                        "peer", "name", f"there{i}"))
            for device in f"here{i}", f"there{i}":
                run(*within("ip", "link", "set", device, "up"))
        live(options.build, options.packets, options.rounds)
        from_file(options.build, min(options.packets, 300000), options.rounds)
    finally:
        run("ip", "netns", "del", SPACE)


if __name__ == "__main__":
    main()
