#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What prints as tcpdump prints it: `make print-table`. A row for each
protocol, a column for each mode: of the files that hold the protocol, how many
come out byte for byte. Files are those of tests/pcaps, and of the corpus if it
is there, whose tests list options of their own. Ends with what differs.

  print_table.py BSNIFF
"""
import collections
import concurrent.futures
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle


def protocols(program, path):
    """The names of the layers that a file holds."""
    done = subprocess.run([program, "--json", "-n", "-r", path],
                          capture_output=True, timeout=60)
    found = set()
    for line in done.stdout.splitlines():
        found |= {layer["protocol"] for layer in json.loads(line)["layers"]}
    return found or {"(no layer)"}


def is_same(program, path, options):
    """None: tcpdump itself does not print it."""
    try:
        _, theirs, _ = oracle.run("tcpdump", path, options)
        _, ours, _ = oracle.run(program, path, options)
    except subprocess.TimeoutExpired:
        return False
    return None if not theirs and not ours else ours == theirs


def listed():
    """Capture -> [options] of the corpus's tests."""
    tests = collections.defaultdict(list)
    if not oracle.corpus():
        return tests
    with open(oracle.corpus() + "/tests.tsv") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            tests[fields[2]].append(fields[3].split()
                                    if len(fields) > 3 else [])
    return tests


def main():
    oracle.need_oracle()
    program, tests = sys.argv[1], listed()
    files, modes = oracle.all_captures(), oracle.MODES + ["listed"]
    jobs = [(path, mode, mode.split()) for path in files
            for mode in oracle.MODES]
    jobs += [(path, "listed", options) for path in files
             for options in tests[os.path.basename(path)]
             if oracle.corpus() and path.startswith(oracle.corpus())]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        holds = dict(zip(files, pool.map(lambda path:
                                         protocols(program, path), files)))
        same = list(pool.map(lambda job: is_same(program, job[0], job[2]),
                             jobs))
    table = collections.defaultdict(lambda: [0, 0])
    differ = collections.defaultdict(set)
    for (path, mode, options), good in zip(jobs, same):
        if good is None:
            continue
        for protocol in holds[path] | {"all"}:
            table[protocol, mode][0] += good
            table[protocol, mode][1] += 1
        if not good:
            differ[path].add(" ".join(options) or "none")
    names = sorted({protocol for protocol, _ in table} - {"all"}) + ["all"]
    print("%-25s" % "files of %d" % len(files) +
          "".join("%9s" % (mode or "none") for mode in modes))
    for name in names:
        print("%-25s" % name + "".join(
            "%9s" % ("%d/%d" % tuple(table[name, mode])
                     if table[name, mode][1] else "-") for mode in modes))
    for path in sorted(differ):
        print("differs: %s, %s (%s)" % (
            os.path.basename(path), ", ".join(sorted(differ[path])),
            " ".join(sorted(holds[path]))))


main()
