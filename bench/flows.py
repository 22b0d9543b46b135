#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What counting connections costs: `make bench-flows`, as root.

Live: the sender's CPU time a packet with `bsniff --stats` beside it, less that
with an empty hook and less that with none, in turn; and the reader's own. From a file: `-r --stats` beside
tshark -q -z conv,tcp on the same packets.
"""
import argparse
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SPACE = f"bsniff-flows-{os.getpid()}"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def within(*command):
    return ("ip", "netns", "exec", SPACE) + command


def send(build, packets, flows):
    """CPU nanoseconds a packet of the sender, softirqs included."""
    out = run(*within(f"{build}/tests/sender", "-i", "here", "-n", str(packets),
                      "-f", str(flows)))
    words = out.split()
    return int(words[words.index("cpu") + 1]) / int(words[words.index("packets") + 1])


def watched(build, packets, flows):
    """The same with bsniff; its CPU in all, MB of memory, and its last line."""
    bsniff = subprocess.Popen(
        within(f"{build}/bsniff", "-i", "here", "--stats", "--top=1", "-n"),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while "listening on" not in bsniff.stderr.readline():
        pass
    cost = send(build, packets, flows) if packets else 0
    time.sleep(0.5)
    with open(f"/proc/{bsniff.pid}/status") as status:
        memory = int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    bsniff.send_signal(signal.SIGINT)
    report = bsniff.stderr.read().strip().splitlines()
    bsniff.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return cost, cpu * 1e9, memory, report[-1]


def empty(build, packets, flows):
    """The same with a hook that does nothing."""
    hook = subprocess.Popen(within(f"{build}/bench/empty_hook", "here"),
                            stderr=subprocess.PIPE, text=True)
    hook.stderr.readline()
    try:
        return send(build, packets, flows)
    finally:
        hook.kill()
        hook.wait()


def live(build, packets, rounds):
    print(f"live, {packets} packets, median of {rounds}; ns a packet")
    print(f"{'flows':>8} {'alone':>7} {'empty':>6} {'--stats':>8} {'added':>6} {'hook':>5} {'reader':>7} {'MB':>6}")
    idle = min(watched(build, 0, 1)[1] for _ in range(rounds))
    for flows in (1, 1000, 200000, 1000000):
        alone, hook, cost, reader, memory = [], [], [], [], []
        for _ in range(rounds):
            alone.append(send(build, packets, flows))
            hook.append(empty(build, packets, flows))
            with_us, cpu, size, line = watched(build, packets, flows)
            cost.append(with_us)
            reader.append((cpu - idle) / packets)
            memory.append(size)
        added = statistics.median(c - a for c, a in zip(cost, alone))
        least = statistics.median(h - a for h, a in zip(hook, alone))
        print(f"{flows:8} {statistics.median(alone):7.0f} {statistics.median(hook):6.0f} "
              f"{statistics.median(cost):8.0f} {added:6.0f} {least:5.0f} {statistics.median(reader):7.0f} {max(memory):6.0f}  {line}")


def timed(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def from_file(build, packets, rounds):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/flows.pcap"
        writer = subprocess.Popen(within(f"{build}/bsniff", "-i", "here", "-s", "128",
                                         "-B", "65536", "-w", path),
                                  stderr=subprocess.PIPE, text=True)
        while "listening on" not in writer.stderr.readline():
            pass
        run(*within(f"{build}/tests/sender", "-i", "here", "-n", str(packets),
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
        run(*within("ip", "link", "add", "here", "type", "veth", "peer", "name", "there"))
        for device in ("here", "there"):
            run(*within("ip", "link", "set", device, "up"))
        live(options.build, options.packets, options.rounds)
        from_file(options.build, min(options.packets, 300000), options.rounds)
    finally:
        run("ip", "netns", "del", SPACE)


if __name__ == "__main__":
    main()
