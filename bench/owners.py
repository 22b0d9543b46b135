#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What it costs a sender that its packets' processes are named: `make
bench-owner`, as root.

CPU ns a send() of a datagram, out of one veth where `bsniff --stats` watches
and out of another where nobody does: with owners, with --no-owners, and with no
bsniff at all, in turns. Medians of the rounds, and of the differences in each.
"""
import argparse
import os
import statistics
import sys
import tempfile

import bench

COUNT = 100000
CASES = {"no bsniff": None, "--no-owners": ["--no-owners"], "owners": []}


def prepare():
    """Two veths with addresses, whose other ends drop what is sent there."""
    bench.make_network(2)
    for i in range(2):
        bench.run("ip", "addr", "add", f"10.9.{i}.1/24", "dev", f"b{i}")
        bench.run("ip", "neigh", "add", f"10.9.{i}.2", "lladdr",
                  "02:b5:00:00:00:ff", "dev", f"b{i}")


def sends(options, pair):
    done = bench.run("chrt", "-f", "1", "taskset", "-c", "0",
                     os.path.join(options.build, "bench/sends"),
                     f"10.9.{pair}.2", str(COUNT), capture_output=True)
    return float(done.stdout)


def one_round(options, folder):
    """{case: (watched, beside)}"""
    costs = {}
    for case, more in CASES.items():
        capture = None
        if more is not None:
            capture = bench.Capture(
                [os.path.join(options.build, "bsniff"), "-i", "b0", "-n",
                 "--stats", "--summary=none", *more], "b0",
                os.path.join(folder, "out"), cpu=1)
            capture.wait_listening()
        try:
            costs[case] = [sends(options, pair) for pair in (0, 1)]
        finally:
            if capture:
                capture.stop()
                os.close(capture.out)
    return costs


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=".")
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    if os.getuid():
        sys.exit("bench-owner: needs root")
    try:
        with tempfile.TemporaryDirectory() as folder:
            prepare()
            rounds = [one_round(options, folder)
                      for _ in range(options.rounds)]
    finally:
        bench.drop_network()
    for pair, where in enumerate(("watched", "beside")):
        print(where)
        for case in CASES:
            print(f"  {case:12} "
                  f"{statistics.median(r[case][pair] for r in rounds):7.0f}")
        added = statistics.median(r["owners"][pair] - r["--no-owners"][pair]
                                  for r in rounds)
        print(f"  owners add   {added:7.0f} ns a send")


if __name__ == "__main__":
    main()
