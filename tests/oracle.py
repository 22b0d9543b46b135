# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of printing share: running the printer and the oracle, which
is the installed tcpdump, and the captures of ../shared/corpus if it is there.
"""
import os
import shutil
import struct
import subprocess
import sys

SRC = os.environ.get("srcdir") or os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("builddir") or os.path.join(SRC, "build")
PRINTER = os.environ.get("PRINTER") or os.path.join(BUILD, "tests/print_file")
BASE = ["-#", "-n"]
MODES = ["", "-v", "-vv", "-e", "-q", "-S", "-x", "-X"]
MORE_MODES = ["-vvv", "-ev", "-qv", "-xx", "-XX", "-A", "-AA", "-t", "-tt",
              "-ttt", "-tttt", "-ttttt", "-Kv", "--nano"]


def corpus():
    """The folder of tcpdump's captures, or None."""
    root = os.environ.get("BSNIFF_CORPUS") or os.path.join(
        SRC, "..", "shared", "corpus")
    folder = os.path.join(root, "tcpdump")
    return folder if os.path.exists(folder + "/tests.tsv") else None


def all_captures():
    """Paths of our own captures, then of the corpus."""
    folders = [os.path.join(SRC, "tests", "pcaps")]
    if corpus():
        folders.append(corpus() + "/pcaps")
    return [os.path.join(folder, name) for folder in folders
            for name in sorted(os.listdir(folder))]


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


def need_oracle():
    if not shutil.which("tcpdump"):
        skip_all("no tcpdump to compare with (Debian package tcpdump)")
    version = subprocess.run(["tcpdump", "--version"], capture_output=True,
                             text=True).stdout.split("\n")[0]
    if "4.99.3" not in version:
        skip_all("the oracle is tcpdump 4.99.3, installed is " + version)


def run(program, path, options):
    env = dict(os.environ, TZ="UTC")
    options = list(options)
    if not any(o.startswith("-t") for o in options):
        options = ["-tttt"] + options
    done = subprocess.run([program] + BASE + options + ["-r", path],
                          capture_output=True, env=env, timeout=60)
    return done.returncode, done.stdout, done.stderr


def lines_alike(ours, theirs):
    """How many lines there are in the oracle's output, and how many of them
    stand at the same place in ours."""
    a, b = theirs.split(b"\n"), ours.split(b"\n")
    return len(a), sum(x == y for x, y in zip(a, b))


def first_difference(ours, theirs):
    a, b = theirs.split(b"\n"), ours.split(b"\n")
    a, b = a + [b"(end)"], b + [b"(end)"]
    for x, y in zip(a, b):
        if x != y:
            return ("#  - %s\n#  + %s" % (x.decode("latin1")[:300],
                                          y.decode("latin1")[:300]))
    return "# outputs differ in length"


def read_pcap(path):
    """(link type, [(frame, length on the wire)]), or None if it is no pcap."""
    with open(path, "rb") as file:
        data = file.read()
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<",
             b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}.get(data[:4])
    if not order:
        return None
    link = struct.unpack(order + "I", data[20:24])[0] & 0xFFFF
    at, frames = 24, []
    while at + 16 <= len(data):
        captured, length = struct.unpack(order + "II", data[at + 8:at + 16])
        if captured > 262144:
            break
        frames.append((data[at + 16:at + 16 + captured], length))
        at += 16 + captured
    return link, frames


def write_pcap(path, link, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144,
                               link))
        for i, (frame, length) in enumerate(frames):
            file.write(struct.pack("<IIII", 1000000000 + i, 0, len(frame),
                                   length) + frame)


def write_cuts(source, path, most_frames, most_length):
    """Every frame of `source`, cut at every length; how many there are."""
    capture = read_pcap(source)
    if not capture:
        return 0
    link, frames = capture
    cuts = [(frame[:n], max(length, n))
            for frame, length in frames[:most_frames]
            for n in range(1, min(len(frame), most_length) + 1)]
    write_pcap(path, link, cuts)
    return len(cuts)


class Tap:
    """Test results, with a comment for what is worth knowing."""

    def __init__(self):
        self.count = 0

    def result(self, good, what, note=""):
        self.count += 1
        print("%s %d - %s%s" % ("ok" if good else "not ok", self.count, what,
                                note), flush=True)

    def note(self, text):
        print("# " + text, flush=True)

    def end(self):
        print("1..%d" % self.count)
