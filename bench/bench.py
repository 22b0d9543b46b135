#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a capture costs: bsniff, tcpdump, dumpcap and netsniff-ng in turn.

Each program captures on a veth of its own; one more veth has no capture. A
sender (tests/sender) in another network namespace sends a short burst through
the one, then the next, and so on, again and again, so that what else happens
on the machine meets all of them alike. A burst is compared with the one that
went where nobody captures, in the same turn; medians over the turns are shown,
and their ratio to tcpdump's.

  kernel   CPU ns a packet that the sender's side spends more than without a
           capture. A veth receives in the sender's time, so the tap and the
           wake-ups are in there.
  reader   CPU ns a captured packet of the capturing process, all its threads,
           from before the first packet until all are written.
  beside   the same as kernel, for packets that pass where nobody captures:
           against a time when no program runs at all
  lost     packets sent and not in the file (not counted, with --stats)
  start    ms from exec to the first packet that it captured, out of a stream
           of 20,000 a second in each direction: of the direction that came
           later, and of the other
  memory   MiB: the process's largest resident set, and what its eBPF maps
           hold (packet rings of AF_PACKET are in the resident set)

Bursts go as fast as the sender can, and at 150,000 packets a second: then the
sender's CPU halts in between, and each packet meets colder caches.

The programs write to standard output, which is a file in memory whose pages are
there already: what the storage costs is the same for all and is left out as far
as it can be.
Both sides of a measurement are times on a CPU, not on the clock, at real-time
priority: other load on the machine adds noise, not time.
"""
import argparse
import ctypes
import json
import os
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time

FILTER = "udp port 7777"
HERE = f"bsniff-{os.getpid()}-bench-b"
THERE = f"bsniff-{os.getpid()}-bench-a"
BURST = 10000  # packets
RATES = (0, 150000)  # a second; 0: as fast as the sender can
# Frames that come in and go out are told apart by their length.
SIZE_IN, SIZE_OUT = 106, 110

# What is measured: name -> frame bytes, snapshot length (0: no packet kept),
# bsniff's options for it
MODES = {
    "-w, 96 bytes": (106, 96, ""),
    "-w, full size": (1514, 262144, ""),
    "--stats --no-owners": (106, 0, "--no-owners"),
    "--stats": (106, 0, ""),
}


def command(options, program, device, snapshot, more=""):
    """The program's command line; None: it has no such mode."""
    if program == "bsniff":
        path = os.path.join(options.build, "bsniff")
        common = [path, "-i", device, "-n", *more.split(),
                  *options.extra.split()]
        if not snapshot:
            return common + ["--stats", "--summary=json", FILTER]
        return common + ["-s", str(snapshot), "--summary=none", "-w", "-",
                         FILTER]
    if not snapshot:
        return None
    if program == "tcpdump":
        return ["tcpdump", "-i", device, "-n", "-Z", "root", "-s",
                str(snapshot), "-w", "-", FILTER]
    if program == "dumpcap":
        return ["dumpcap", "-q", "-P", "-i", device, "-s", str(snapshot),
                "-w", "-", "-f", FILTER]
    if snapshot < 65536:
        return None  # netsniff-ng keeps whole packets only
    return ["netsniff-ng", "--in", device, "--out", "-", "--silent",
            "--no-promisc", "--no-sock-mem", "-f", FILTER]


# ---- The network ----

def run(*words, **more):
    return subprocess.run(words, check=True, text=True, **more)


def make_network(pairs):
    """So many veths, a0 to b0 and so on; this process moves to the b's."""
    for space in HERE, THERE:
        run("ip", "netns", "add", space)
    for i in range(pairs):
        run("ip", "-n", THERE, "link", "add", f"a{i}", "type", "veth", "peer",
            "name", f"b{i}", "netns", HERE)
        run("ip", "-n", THERE, "link", "set", f"a{i}", "up")
        run("ip", "-n", HERE, "link", "set", f"b{i}", "up")
    # So that its children start without a helper.
    with open(f"/run/netns/{HERE}", "rb") as space:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(space.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")
    time.sleep(1)


def drop_network():
    for space in HERE, THERE:
        subprocess.run(["ip", "netns", "del", space], check=False,
                       stderr=subprocess.DEVNULL)


def sender(options, space, device, *more):
    """The sender's command line, in a namespace."""
    return ["ip", "netns", "exec", space,
            os.path.join(options.build, "tests/sender"), "-i", device, *more]


def send(options, pair, packets, size, rate=0):
    """Send through a pair: CPU nanoseconds a packet that it took."""
    done = run("chrt", "-f", "1", "taskset", "-c", "0",
               *sender(options, THERE, f"a{pair}", "-n", str(packets), "-f",
                       str(options.flows), "-s", str(size), "-r", str(rate)),
               capture_output=True)
    words = done.stdout.split()
    return int(words[words.index("cpu") + 1]) / packets


# ---- A capture ----

def make_store(path, size):
    """A file of so many bytes, all of them there. Written twice: when a page is
    written again for the first time, the kernel moves it to another list."""
    for mode in "wb", "r+b":
        with open(path, mode) as file:
            for _ in range(size >> 20):
                file.write(bytes(1 << 20))
    return path


def cpu_time(pid):
    """Nanoseconds on a CPU of all threads, also of those that have ended."""
    return time.clock_gettime_ns((~pid << 3) | 2)


def resident(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return 0


def map_memory(pid):
    """Bytes of the eBPF maps that the process has open."""
    maps = {}
    for fd in os.listdir(f"/proc/{pid}/fdinfo"):
        with open(f"/proc/{pid}/fdinfo/{fd}") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
        if "map_id" in fields:
            maps[fields["map_id"]] = int(fields["memlock"])
    return sum(maps.values())


def records(path, end=None):
    """Of a .pcap: (number of packets, {length: time of the first in ns})."""
    count, first, at = 0, {}, 24
    with open(path, "rb") as file:
        data = file.read(-1 if end is None else end)
    if len(data) < at:
        return count, first
    unit = 1 if data[:4] == b"\x4d\x3c\xb2\xa1" else 1000
    while at + 16 <= len(data):
        seconds, parts, caplen, length = struct.unpack_from("<IIII", data, at)
        first.setdefault(length, seconds * 10**9 + parts * unit)
        at += 16 + caplen
        count += at <= len(data)
    return count, first


def packet_socket_runs(device):
    """Whether somebody in this namespace receives there through AF_PACKET."""
    with open(f"/sys/class/net/{device}/ifindex") as file:
        index = file.read().strip()
    with open("/proc/thread-self/net/packet") as file:
        rows = [line.split() for line in file.readlines()[1:]]
    return any(row[4] == index and row[5] == "1" for row in rows)


class Capture:
    """A capturing process, its standard output a file that is not cut."""

    def __init__(self, words, device, output, cpu=None):
        self.device = device
        self.output = output
        self.errors = output + ".err"
        self.out = os.open(output, os.O_RDWR | os.O_CREAT)
        with open(self.errors, "wb") as err:
            self.began = time.time_ns()
            self.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=self.out, stderr=err)
        if cpu is not None:
            # As the sender: other load on the machine does not make it lose
            # packets, which would cost it nothing.
            os.sched_setscheduler(self.process.pid, os.SCHED_FIFO,
                                  os.sched_param(1))
            os.sched_setaffinity(self.process.pid, {cpu})

    def is_listening(self):
        with open(self.errors) as file:
            text = file.read()
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.process.args} ended: {text}")
        # netsniff-ng says so only at its end.
        return "listening on" in text or "File:" in text or (
            self.process.args[0] == "netsniff-ng" and
            packet_socket_runs(self.device))

    def wait_listening(self):
        """Until it does and is quiet: until it took less than 2 ms of CPU in
        each of two half seconds, for it may still set itself up."""
        until = time.monotonic() + 20
        while not self.is_listening():
            if time.monotonic() > until:
                raise RuntimeError(f"{self.process.args} does not start")
            time.sleep(0.01)
        quiet, before = 0, cpu_time(self.process.pid)
        while quiet < 2:
            time.sleep(0.5)
            now = cpu_time(self.process.pid)
            quiet = quiet + 1 if now - before < 2_000_000 else 0
            before = now

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def counted(self):
        """How many packets it has, from its summary or its file; closes it."""
        end = os.lseek(self.out, 0, os.SEEK_CUR)
        if "--stats" in self.process.args:
            os.lseek(self.out, 0, os.SEEK_SET)
            found = json.loads(os.read(self.out, end))["counters"]["matched"]
        else:
            found = records(self.output, end)[0]
        os.close(self.out)
        return found


# ---- Measuring ----

def middle(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def turns(options, pairs, size, rate):
    """Bursts through each pair in turn: a list of costs for each."""
    costs = [[] for _ in pairs]
    for _ in range(options.turns):
        for cost, pair in zip(costs, pairs):
            cost.append(send(options, pair, BURST, size, rate))
    return costs


def one_round(options, commands, store, size, rate):
    """Rows {kernel, reader, beside, lost, memory, maps} in order."""
    pairs = range(len(commands) + 1)
    alone = middle(turns(options, pairs, size, rate)[0])
    captures = []
    try:
        for i, words in enumerate(commands, 1):
            captures.append(Capture(words, f"b{i}", store[i - 1], cpu=1))
            captures[-1].wait_listening()
        before = [cpu_time(capture.process.pid) for capture in captures]
        idle, *costs = turns(options, pairs, size, rate)
        time.sleep(1.3)  # until the last block has been handed over
        rows = [{"reader": cpu_time(capture.process.pid) - start,
                 "memory": resident(capture.process.pid),
                 "maps": map_memory(capture.process.pid)}
                for capture, start in zip(captures, before)]
    finally:
        for capture in captures:
            capture.stop()
    sent = options.turns * BURST
    for row, capture, cost in zip(rows, captures, costs):
        found = capture.counted()
        row["kernel"] = middle([a - b for a, b in zip(cost, idle)])
        row["beside"] = middle(idle) - alone
        row["reader"] /= max(found, 1)
        row["lost"] = sent - found
    return rows


def start_up(options, words, path):
    """ns from exec to the first captured packet of each direction."""
    streams = [subprocess.Popen(
        sender(options, space, device, "-n", "12000", "-r", "20000", "-s",
               str(size)), stdout=subprocess.DEVNULL)
        for space, device, size in ((THERE, "a1", SIZE_IN),
                                    (HERE, "b1", SIZE_OUT))]
    time.sleep(0.1)
    capture = Capture(words, "b1", path)
    for stream in streams:
        stream.wait()
    time.sleep(1.3)
    capture.stop()
    os.close(capture.out)
    first = records(path)[1]
    os.unlink(path)
    return sorted(first[size] - capture.began for size in (SIZE_IN, SIZE_OUT)
                  if size in first)


def able(options, mode, programs):
    """Those of the programs that have such a mode."""
    _, snapshot, more = MODES[mode]
    return [name for name in programs
            if command(options, name, "b0", snapshot, more)]


def medians(runs):
    return {name: {key: middle([row[key] for row in rows]) for key in rows[0]}
            for name, rows in runs.items()}


def measure(options, mode, rate, programs, store):
    """Medians of all rounds: {program: row}."""
    size, snapshot, more = MODES[mode]
    runs = {name: [] for name in programs}
    for _ in range(options.rounds):
        commands = [command(options, name, f"b{i}", snapshot, more)
                    for i, name in enumerate(programs, 1)]
        rows = one_round(options, commands, [store[name] for name in programs],
                         size, rate)
        for name, row in zip(programs, rows):
            runs[name].append(row)
    return medians(runs)


def measure_starts(options, mode, programs, store):
    """The same, of how long a start takes; the programs in turn."""
    _, snapshot, more = MODES[mode]
    runs = {name: [] for name in programs}
    for _ in range(options.starts):
        for name in programs:
            words = command(options, name, "b1", snapshot, more)
            times = start_up(options, words, store[name] + ".start")
            one, both = times if len(times) == 2 else (None, None)
            runs[name].append({"one": one, "both": both})
    return medians(runs)


def flood(options, programs, store):
    """As fast as the sender can: who loses how many."""
    print(f"\nlost of {options.flood:,} sent at full speed, 96 bytes")
    for name in programs:
        words = command(options, name, "b1", 96) or command(
            options, name, "b1", 262144)
        lost = []
        for _ in range(options.rounds):
            capture = Capture(words, "b1", store[name], cpu=1)
            try:
                capture.wait_listening()
                send(options, 1, options.flood, SIZE_IN)
                time.sleep(1.3)
            finally:
                capture.stop()
            lost.append(options.flood - capture.counted())
        print(f"  {name:12}{middle(lost):>12,.0f}")


# ---- The tables ----

COLUMNS = (  # name, width, digits, value of (row, tcpdump's row)
    ("kernel", 8, 0, lambda row, peer: row["kernel"]),
    ("reader", 8, 0, lambda row, peer: row["reader"]),
    ("sum", 8, 0, lambda row, peer: cost(row)),
    ("ratio", 7, 2, lambda row, peer: ratio(cost(row), peer and cost(peer))),
    ("beside", 8, 0, lambda row, peer: row["beside"]),
    ("lost", 8, 0, lambda row, peer: row["lost"]),
    ("start", 8, 1, lambda row, peer: ms(row.get("both"))),
    ("ratio", 7, 2, lambda row, peer: ratio(row.get("both"),
                                            peer and peer.get("both"))),
    ("(one)", 8, 1, lambda row, peer: ms(row.get("one"))),
    ("memory", 8, 1, lambda row, peer: row["memory"] / 2**20),
    ("maps", 7, 1, lambda row, peer: row["maps"] / 2**20),
)


def cost(row):
    return row["kernel"] + row["reader"]


def ratio(value, other):
    return value / other if value and other else None


def ms(value):
    return value and value / 1e6


def table(mode, rate, rows, peer):
    """peer: tcpdump's row to compare with, or None."""
    speed = f"{rate:,} a second" if rate else "as fast as the sender can"
    print(f"\n{mode}; {speed}")
    print(f"  {'':12}" + "".join(f"{name:>{width}}"
                                for name, width, _, _ in COLUMNS))
    for program, row in rows.items():
        print(f"  {program:12}", end="")
        for _, width, digits, get in COLUMNS:
            value = get(row, peer)
            text = "-" if value is None else f"{value:,.{digits}f}"
            print(f"{text:>{width}}", end="")
        print()


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default=".", help="the build folder")
    parser.add_argument("--flows", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5,
                        help="for which all programs start anew")
    parser.add_argument("--turns", type=int, default=12,
                        help=f"bursts of {BURST} packets a round")
    parser.add_argument("--rate", type=int, action="append",
                        help="packets a second; 0: as fast as it goes")
    parser.add_argument("--starts", type=int, default=15,
                        help="how often each program starts to be timed")
    parser.add_argument("--flood", type=int, default=200000, help="packets")
    parser.add_argument("--mode", action="append", choices=list(MODES))
    parser.add_argument("--only", help="programs, joined by commas")
    parser.add_argument("--extra", default="", help="options for bsniff")
    parser.add_argument("--folder", help="for the files (default: in memory)")
    parser.add_argument("--no-flood", action="store_true")
    options = parser.parse_args()
    options.rate = options.rate or list(RATES)
    return options


def main():
    options = arguments()
    options.build = os.path.abspath(options.build)
    # So that what was made is removed then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if os.getuid():
        sys.exit("bench: needs root, for namespaces and captures")
    names = options.only.split(",") if options.only else [
        "tcpdump", "bsniff", "dumpcap", "netsniff-ng"]
    programs = [name for name in names
                if name == "bsniff" or shutil.which(name)]
    for name in set(names) - set(programs):
        print(f"bench: {name} is not installed: left out")
    print(f"{options.rounds} rounds of {options.turns} bursts of {BURST:,} "
          f"packets, {options.flows:,} flows, medians; "
          f"CPU ns a packet, start in ms, memory in MiB")
    folder = tempfile.mkdtemp(prefix="bsniff-bench-",
                              dir=options.folder or "/dev/shm")
    small = {}  # by rate: tcpdump's -w at 96 bytes, the peer of --stats
    try:
        packets = max(options.turns * BURST, options.flood)
        store = {name: make_store(os.path.join(folder, name),
                                  packets * 1600 + (1 << 20))
                 for name in programs}
        make_network(len(programs) + 1)
        for mode in options.mode or MODES:
            those = able(options, mode, programs)
            starts = (measure_starts(options, mode, those, store)
                      if MODES[mode][1] and options.starts else {})
            for rate in options.rate:
                rows = measure(options, mode, rate, those, store)
                for name, row in starts.items():
                    rows[name].update(row)
                peer = rows.get("tcpdump")
                if MODES[mode][1] == 96:
                    small[rate] = peer
                table(mode, rate, rows, peer or small.get(rate))
        if not options.no_flood:
            flood(options, programs, store)
    finally:
        drop_network()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
