#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The live screen of --interval through a pseudo terminal: keys, resizing,
narrow terminals, ending. `screen.py BSNIFF INTERFACE PEER`, in a namespace
where datagrams to PEER go through INTERFACE. Speaks TAP."""
import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time

BSNIFF, INTERFACE, PEER = sys.argv[1:4]
count = failed = 0


def ok(condition, what, why=""):
    global count, failed
    count += 1
    if not condition:
        failed += 1
    print(("ok" if condition else "not ok"), count, "-", what, flush=True)
    if not condition and why:
        print("# " + str(why).replace("\n", "\n# "), flush=True)


class Terminal:
    """As much of a terminal as ECMA-48 asks for what the screen uses; it notes
    when a line was too long or the picture moved up."""

    def __init__(self, columns, rows):
        self.master, self.slave = pty.openpty()
        self.wrapped = self.scrolled = self.unclean = False
        self.rest = b""
        self.resize(columns, rows)

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [""] * rows
        self.row = self.column = 0
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def down(self):
        self.row += 1
        if self.row == self.rows:
            self.scrolled = True
            self.lines = self.lines[1:] + [""]
            self.row -= 1

    def put(self, letter):
        if self.column == self.columns:
            self.wrapped = True
            self.column = 0
            self.down()
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = (line[:self.column] + letter
                                + line[self.column + 1:])
        self.column += 1

    def take(self, data):
        data = self.rest + data
        text = data.decode("utf-8", "replace")
        self.rest = b""
        while text:
            sequence = re.match("\x1b\\[[0-9;?]*[A-Za-z]", text)
            if sequence:
                self.control(sequence.group()[-1])
                if sequence.group()[-1] == "K" and self.column:
                    self.unclean = True
                text = text[sequence.end():]
                continue
            if text[0] == "\x1b":
                self.rest = text.encode()
                return
            if text[0] == "\n":
                self.down()
            elif text[0] == "\r":
                self.column = 0
            else:
                self.put(text[0])
            text = text[1:]

    def control(self, letter):
        if letter == "H":
            self.row = self.column = 0
        elif letter == "K":
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif letter == "J":
            self.control("K")
            for i in range(self.row + 1, self.rows):
                self.lines[i] = ""

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.take(os.read(self.master, 65536))
            except OSError:
                pass

    def shows(self, pattern, seconds=10):
        """Does it show that, at the latest after so long?"""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if re.search(pattern, self.text(), re.M):
                return True
            self.read(0.05)
        return False

    def changes_at_once(self, act, pattern):
        """Does it show that when `act` is called with 0, 1, …, though no
        interval ends? That would be seen by the clock, which must be the one of
        before; where an interval does end meanwhile, on a busy machine, it is
        tried again in the next one."""
        for attempt in range(5):
            clock = self.text()[:8]
            until = time.monotonic() + 10
            while self.text()[:8] == clock and time.monotonic() < until:
                self.read(0.05)
            self.wait(0.3)  # the clock is drawn first, the rest behind it
            clock = self.text()[:8]
            act(attempt)
            if self.shows(pattern(attempt), 1.5) and \
                    self.text().startswith(clock):
                return True
        return False

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)

    def text(self):
        return "\n".join(line.rstrip() for line in self.lines)

    def press(self, key):
        os.write(self.master, key.encode())

    def mode(self):
        return termios.tcgetattr(self.slave)[3] & (termios.ICANON
                                                   | termios.ECHO)


def start(terminal, *options):
    def own():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    return subprocess.Popen(
        [BSNIFF, "-i", INTERFACE, "-n", "--stats", "--duration=90", *options,
         "udp"], stdin=terminal.slave, stdout=terminal.slave,
        stderr=terminal.slave, preexec_fn=own)


def finish(terminal, process):
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        terminal.read(0.1)
    terminal.wait(0.3)
    if process.poll() is None:
        process.kill()
    return process.wait()


stop = threading.Event()


def send():
    """Port 7001: most packets. 7002: most bytes. Many others: less."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind(("0.0.0.0", 6000))
    while not stop.wait(0.05):
        for port, packets, size in (
                [(7001, 30, 10), (7002, 5, 1000)]
                + [(7100 + i, 1, 20) for i in range(40)]):
            for _ in range(packets):
                sender.sendto(bytes(size), (PEER, port))


def rows_of(terminal):
    return re.findall(r":(7\d\d\d)\b", terminal.text())


threading.Thread(target=send, daemon=True).start()

# ---- Keys
terminal = Terminal(100, 24)
before = terminal.mode()
process = start(terminal, "--interval=0.5")
ok(terminal.shows(r"^\d\d:\d\d:\d\d +sorted by bytes"), "the screen says "
   "when it is and how it is sorted", terminal.text())
ok(terminal.shows("(?s)RESPONDER.*?:7002.*:7001"), "the most bytes come first",
   terminal.text())
ok(terminal.mode() == 0, "keys come at once, and are not shown")
terminal.press("p")
ok(terminal.shows("sorted by packets")
   and terminal.shows("(?s)RESPONDER.*?:7001.*:7002"),
   "p: the most packets come first", terminal.text())
for key, name in zip("sdrtb", ["start", "duration", "rtt", "retransmits",
                               "bytes"]):
    terminal.press(key)
    ok(terminal.shows("sorted by " + name), f"{key}: by {name}",
       terminal.text())
terminal.press("x\x1b[A\t")
terminal.wait(1)
ok(re.search("sorted by bytes", terminal.text()) and process.poll() is None,
   "other keys do nothing", terminal.text())
ok(len(rows_of(terminal)) >= 15, "there are as many rows as there is room for",
   terminal.text())
ok(not terminal.wrapped and not terminal.scrolled,
   "nothing is wider or longer than the terminal", terminal.text())

# ---- Sizes
for columns, rows in ((100, 8), (40, 10), (20, 5), (132, 40), (80, 24)):
    terminal.resize(columns, rows)
    terminal.wrapped = terminal.scrolled = False
    ok(terminal.shows("^[0-2][0-9]:") and terminal.shows("^udp"),
       f"{columns} x {rows}: it is drawn", terminal.text())
    terminal.wait(1.2)
    ok(not terminal.wrapped and not terminal.scrolled,
       f"{columns} x {rows}: and fits", terminal.text())
    if rows >= 8 and columns >= 80:
        ok(rows - 6 <= len(rows_of(terminal)) <= rows,
           f"{columns} x {rows}: and takes the room", terminal.text())
terminal.press("q")
ok(not terminal.unclean, "what is cleared is never what was just written")
ok(finish(terminal, process) == 0, "q: exit 0")
ok(terminal.mode() == before, "the terminal is as it was")
ok(re.search("matched = ", terminal.text()), "the summary comes at the end",
   terminal.text())

# ---- At once, also with a long interval
terminal = Terminal(100, 24)
process = start(terminal, "--interval=4")
ok(terminal.shows("sorted by bytes"), "the first table", terminal.text())
ok(terminal.changes_at_once(
    lambda attempt: terminal.press("pb"[attempt % 2]),
    lambda attempt: "sorted by " + ("packets", "bytes")[attempt % 2]),
   "a key does not wait for the next interval", terminal.text())
ok(terminal.changes_at_once(
    lambda attempt: terminal.resize(60 + attempt, 12),
    lambda attempt: "sorted by")
   and not terminal.wrapped and not terminal.scrolled,
   "nor does another size", terminal.text())
process.send_signal(signal.SIGTERM)
ok(finish(terminal, process) == 0, "SIGTERM: exit 0")
ok(terminal.mode() == before, "SIGTERM: the terminal is as it was")

# ---- Stopped, and going on: the shell has set its own modes meanwhile
terminal = Terminal(100, 24)
process = start(terminal, "--interval=0.5")
terminal.shows("sorted by bytes")
process.send_signal(signal.SIGSTOP)
time.sleep(0.2)
mode = termios.tcgetattr(terminal.slave)
mode[3] |= termios.ICANON | termios.ECHO
termios.tcsetattr(terminal.slave, termios.TCSANOW, mode)
process.send_signal(signal.SIGCONT)
until = time.monotonic() + 10
while terminal.mode() and time.monotonic() < until:
    terminal.read(0.05)
ok(terminal.mode() == 0, "after SIGCONT, keys come at once again")
terminal.press("p")
ok(terminal.shows("sorted by packets"), "and work", terminal.text())
terminal.press("q")
ok(finish(terminal, process) == 0, "q: exit 0, again")

stop.set()
print(f"1..{count}")
sys.exit(failed > 0)
