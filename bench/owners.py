#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What it costs a sender that its packets' processes are named: `make
bench-owner`, as root.

CPU ns a send() of a datagram, in short bursts out of three veths in turn: one
where `bsniff --stats` watches, one where it does with --no-owners, one where
nobody does. Medians of all bursts, and of the differences within each turn, with
their quartiles; the last veth also while no bsniff runs at all.
"""
import argparse
import os
import statistics
import sys
import tempfile

import bench

COUNT = 20000
CASES = (["--no-owners"], [])  # what watches b1, b2; nobody watches b0


def prepare():
    """Veths with addresses, whose other ends drop what is sent there."""
    bench.make_network(1 + len(CASES))
    for i in range(1 + len(CASES)):
        bench.run("ip", "addr", "add", f"10.9.{i}.1/24", "dev", f"b{i}")
        bench.run("ip", "neigh", "add", f"10.9.{i}.2", "lladdr",
                  "02:b5:00:00:00:ff", "dev", f"b{i}")


def sends(options, pair):
    done = bench.run("chrt", "-f", "1", "taskset", "-c", "0",
                     os.path.join(options.build, "bench/sends"),
                     f"10.9.{pair}.2", str(COUNT), capture_output=True)
    return float(done.stdout)


def turns(options, pairs):
    return [[sends(options, pair) for pair in pairs]
            for _ in range(options.turns)]


def watched(options, folder):
    captures = []
    try:
        for i, more in enumerate(CASES, 1):
            captures.append(bench.Capture(
                [os.path.join(options.build, "bsniff"), "-i", f"b{i}", "-n",
                 "--stats", "--summary=none", *more], f"b{i}",
                os.path.join(folder, f"out{i}"), cpu=1))
            captures[-1].wait_listening()
        return turns(options, range(1 + len(CASES)))
    finally:
        for capture in captures:
            capture.stop()
            os.close(capture.out)


def show(what, values):
    low, middle, high = statistics.quantiles(values, n=4)
    print(f"  {what:34}{middle:7.0f}   ({low:.0f} to {high:.0f})")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=".")
    parser.add_argument("--turns", type=int, default=100)
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    if os.getuid():
        sys.exit("bench-owner: needs root")
    try:
        with tempfile.TemporaryDirectory() as folder:
            prepare()
            alone = turns(options, [0])
            rows = watched(options, folder)
    finally:
        bench.drop_network()
    print(f"{options.turns} turns of {COUNT:,} sends; CPU ns a send, medians "
          "(and quartiles)")
    show("no bsniff runs", [row[0] for row in alone])
    show("nobody watches here", [row[0] for row in rows])
    show("--stats --no-owners", [row[1] for row in rows])
    show("--stats", [row[2] for row in rows])
    show("--no-owners adds", [row[1] - row[0] for row in rows])
    show("owners add to that", [row[2] - row[1] for row in rows])


if __name__ == "__main__":
    main()
