#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a capture costs: bsniff, tcpdump, dumpcap and netsniff-ng in turn.

A sender (tests/sender) in one network namespace, the capture on the other end
of a veth. The programs take turns in every round; medians over the rounds are
shown, and their ratio to tcpdump's.

  kernel   CPU ns a packet that the sender's side spends more than without a
           capture. A veth receives in the sender's time, so the tap and the
           wake-ups are in there.
  reader   CPU ns a captured packet of the capturing process, all its threads,
           from before the first packet until all are written.
  lost     packets sent and not in the file (not counted, with --stats)
  start    ms from exec to the first packet that it captured, out of a stream
           of 20,000 a second
  memory   MiB: the process's largest resident set, and what its eBPF maps
           hold (packet rings of AF_PACKET are in the resident set)

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

# What is measured: name -> frame bytes, snapshot length (0: no packet kept),
# bsniff's options for it
MODES = {
    "-w, 96 bytes": (106, 96, ""),
    "-w, full size": (1514, 262144, ""),
    "--stats --no-owners": (106, 0, "--no-owners"),
    "--stats": (106, 0, ""),
}


def command(program, options, snapshot, more=""):
    """The program's command line; None: it has no such mode."""
    if program == "bsniff":
        path = os.path.join(options.build, "bsniff")
        common = [path, "-i", "b0", "-n", *more.split(),
                  *options.extra.split()]
        if not snapshot:
            return common + ["--stats", "--summary=json", FILTER]
        return common + ["-s", str(snapshot), "--summary=none", "-w", "-",
                         FILTER]
    if not snapshot:
        return None
    if program == "tcpdump":
        return ["tcpdump", "-i", "b0", "-n", "-Z", "root", "-s",
                str(snapshot), "-w", "-", FILTER]
    if program == "dumpcap":
        return ["dumpcap", "-q", "-P", "-i", "b0", "-s", str(snapshot), "-w",
                "-", "-f", FILTER]
    if snapshot < 65536:
        return None  # netsniff-ng keeps whole packets only
    return ["netsniff-ng", "--in", "b0", "--out", "-", "--silent",
            "--no-promisc", "--no-sock-mem", "-f", FILTER]


def run(*words, **more):
    return subprocess.run(words, check=True, text=True, **more)


def address(space, device, host):
    run("ip", "-n", space, "addr", "add", f"10.9.0.{host}/24", "dev", device)
    run("ip", "-n", space, "link", "set", device, "up")


def make_network():
    for space in HERE, THERE:
        run("ip", "netns", "add", space)
    run("ip", "-n", THERE, "link", "add", "a0", "type", "veth", "peer", "name",
        "b0", "netns", HERE)
    address(THERE, "a0", 1)
    address(HERE, "b0", 2)
    # This process moves in, so that its children start without a helper.
    with open(f"/run/netns/{HERE}", "rb") as space:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(space.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")
    time.sleep(1)


def make_store(folder, size):
    """A file of so many bytes, all of them there."""
    path = os.path.join(folder, "store")
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
    return path


def drop_network():
    for space in HERE, THERE:
        subprocess.run(["ip", "netns", "del", space], check=False,
                       stderr=subprocess.DEVNULL)


def send(options, packets, size, rate, cpu=0):
    """Sends and returns the CPU nanoseconds that it took."""
    done = run("chrt", "-f", "1", "taskset", "-c", str(cpu), "ip", "netns", "exec", THERE,
               os.path.join(options.build, "tests/sender"), "-i", "a0", "-n",
               str(packets), "-f", str(options.flows), "-s", str(size), "-r",
               str(rate), capture_output=True)
    words = done.stdout.split()
    return int(words[words.index("cpu") + 1])


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
    """(number of packets, time of the first in ns or None) of a .pcap."""
    count, first, at = 0, None, 24
    with open(path, "rb") as file:
        data = file.read(-1 if end is None else end)
    if len(data) < at:
        return count, first
    unit = 1 if data[:4] == b"\x4d\x3c\xb2\xa1" else 1000
    while at + 16 <= len(data):
        seconds, parts, length = struct.unpack_from("<III", data, at)
        if first is None:
            first = seconds * 10**9 + parts * unit
        at += 16 + length
        count += at <= len(data)
    return count, first


def wait_quiet(pid):
    """Until it has set itself up, which may go on when it listens already:
    until it took less than 2 ms of CPU in each of two half seconds."""
    quiet, before = 0, cpu_time(pid)
    while quiet < 2:
        time.sleep(0.5)
        now = cpu_time(pid)
        quiet = quiet + 1 if now - before < 2_000_000 else 0
        before = now


def packet_socket_runs():
    """Whether somebody in this namespace receives through AF_PACKET."""
    with open("/proc/thread-self/net/packet") as file:
        return any(line.split()[5] == "1" for line in file.readlines()[1:])


def wait_listening(process, path):
    """Until it says that it listens; netsniff-ng says so only at its end."""
    for _ in range(2000):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended: {open(path).read()}")
        with open(path) as file:
            text = file.read()
        if "listening on" in text or "File:" in text or (
                process.args[0] == "netsniff-ng" and packet_socket_runs()):
            wait_quiet(process.pid)
            return
        time.sleep(0.01)
    raise RuntimeError(f"{process.args} does not start: {open(path).read()}")


class Capture:
    """A capturing process, its standard output a file that is not cut."""

    def __init__(self, words, output, errors, cpu=None):
        self.errors = errors
        self.output = output
        self.out = os.open(output, os.O_RDWR | os.O_CREAT)
        with open(errors, "wb") as err:
            self.began = time.time_ns()
            self.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=self.out, stderr=err)
        if cpu is not None:
            # As the sender: other load on the machine does not make it lose
            # packets, which would cost it nothing.
            os.sched_setscheduler(self.process.pid, os.SCHED_FIFO,
                                  os.sched_param(1))
            os.sched_setaffinity(self.process.pid, {cpu})

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def counted(capture):
    """How many packets it has, from its summary or its file."""
    end = os.lseek(capture.out, 0, os.SEEK_CUR)
    if "--stats" not in capture.process.args:
        return records(capture.output, end)[0]
    os.lseek(capture.out, 0, os.SEEK_SET)
    return json.loads(os.read(capture.out, end))["counters"]["matched"]


def measure(options, words, size, store, rate):
    """One run: dict of sender's CPU, reader's CPU, lost, memory."""
    capture = Capture(words, store, store + ".err", cpu=1)
    try:
        wait_listening(capture.process, capture.errors)
        before = cpu_time(capture.process.pid)
        sender = send(options, options.packets, size, rate)
        time.sleep(1.3)  # until the last block has been handed over
        reader = cpu_time(capture.process.pid) - before
        memory = resident(capture.process.pid)
        maps = map_memory(capture.process.pid)
    finally:
        capture.stop()
    got = counted(capture)
    os.close(capture.out)
    return {"sender": sender / options.packets,
            "reader": reader / max(got, 1),
            "lost": options.packets - got,
            "memory": memory, "maps": maps}


def start_up(options, words, folder):
    """Nanoseconds from exec to the first captured packet."""
    path = os.path.join(folder, "start")
    stream = subprocess.Popen(
        ["ip", "netns", "exec", THERE,
         os.path.join(options.build, "tests/sender"), "-i", "a0", "-n",
         "12000", "-r", "20000"], stdout=subprocess.DEVNULL)
    time.sleep(0.1)
    capture = Capture(words, path, path + ".err")
    stream.wait()
    time.sleep(1.3)
    capture.stop()
    os.close(capture.out)
    first = records(path)[1]
    os.unlink(path)
    return None if first is None else first - capture.began


def middle(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def show(text, width, value, digits=0):
    filled = "-" if value is None else f"{value:,.{digits}f}"
    print(f"{text}{filled:>{width}}", end="")


def table(mode, rows, peer):
    """peer: tcpdump's (cost, start) to compare with."""
    print(f"\n{mode}")
    print(f"  {'':12}{'kernel':>8}{'reader':>8}{'sum':>8}{'ratio':>7}"
          f"{'lost':>10}{'start':>8}{'ratio':>7}{'memory':>8}{'maps':>7}")
    for program, row in rows.items():
        cost = row["kernel"] + row["reader"]
        start = row["start"]
        print(f"  {program:12}", end="")
        show("", 8, row["kernel"])
        show("", 8, row["reader"])
        show("", 8, cost)
        show("", 7, cost / peer[0] if peer else None, 2)
        show("", 10, row["lost"])
        show("", 8, start / 1e6 if start else None, 1)
        show("", 7, start / peer[1] if start and peer and peer[1] else None, 2)
        show("", 8, row["memory"] / 2**20, 1)
        show("", 7, row["maps"] / 2**20, 1)
        print()


def rounds(options, mode, programs, folder, store):
    size, snapshot, more = MODES[mode]
    words = {name: command(name, options, snapshot, more) for name in programs}
    words = {name: line for name, line in words.items() if line}
    idle, runs = [], {name: [] for name in words}
    for _ in range(options.rounds):
        idle.append(send(options, options.packets, size, options.rate) /
                    options.packets)
        for name, line in words.items():
            result = measure(options, line, size, store, options.rate)
            result["start"] = start_up(options, line, folder) if snapshot \
                else None
            runs[name].append(result)
    base = middle(idle)
    rows = {}
    for name, results in runs.items():
        rows[name] = {key: middle([one[key] for one in results])
                      for key in results[0]}
        rows[name]["kernel"] = rows[name]["sender"] - base
    return rows


def flood(options, programs, store):
    """As fast as the sender can: who loses how many."""
    print(f"\nlost of {options.packets:,} sent at full speed, 96 bytes")
    for name in programs:
        line = command(name, options, 96) or command(name, options, 262144)
        lost = [measure(options, line, 106, store, 0)["lost"]
                for _ in range(options.rounds)]
        print(f"  {name:12}{middle(lost):>12,.0f}")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default=".", help="the build folder")
    parser.add_argument("--packets", type=int, default=200000)
    parser.add_argument("--flows", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=150000, help="a second")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mode", action="append", choices=list(MODES))
    parser.add_argument("--only", help="programs, joined by commas")
    parser.add_argument("--extra", default="", help="options for bsniff")
    parser.add_argument("--folder", help="for the files (default: in memory)")
    parser.add_argument("--no-flood", action="store_true")
    return parser.parse_args()


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
    print(f"{options.packets:,} packets, {options.flows:,} flows, "
          f"{options.rate:,} a second, medians of {options.rounds} rounds; "
          f"CPU ns a packet, start in ms, memory in MiB")
    folder = tempfile.mkdtemp(prefix="bsniff-bench-",
                              dir=options.folder or "/dev/shm")
    small = None  # tcpdump's -w at 96 bytes: --stats is compared with it
    try:
        store = make_store(folder, options.packets * 1600 + (1 << 20))
        make_network()
        for mode in options.mode or MODES:
            rows = rounds(options, mode, programs, folder, store)
            peer = None
            if "tcpdump" in rows:
                row = rows["tcpdump"]
                peer = (row["kernel"] + row["reader"], row["start"])
                small = small or (peer if MODES[mode][1] == 96 else None)
            table(mode, rows, peer or small)
        if not options.no_flood:
            flood(options, programs, store)
    finally:
        drop_network()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
