#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Processes that share sockets, and what is true of them.

owner_scenes.py play SPACE SPACE   the scenes, between processes in the two
        network namespaces (tests/netns.sh, net_create). Says "ready" when all
        that is to be open before the capture is; goes on at a line on standard
        input; says "done" when every packet has been sent; then waits for the
        end of standard input.
owner_scenes.py judge TRUTHS SPACE LINKS SUMMARY   a line a scene:
        ok|wrong, TAB, scene, TAB, what was seen
        of the ends in SPACE (a, b) over LINKS (of veth, tun, lo, with commas).
        An end elsewhere may be named or not, but not wrongly.

A truth is an object a line: scene, proto, local, remote ([address, port]),
space, owners (those that may be named), uid (of that; not always)."""
import array
import ctypes
import fcntl
import json
import os
import pwd
import signal
import socket
import struct
import sys
import time

HOST = {"a": {4: "10.9.0.1", 6: "fd09::1"}, "b": {4: "10.9.0.2", 6: "fd09::2"}}
TUNNEL = {"a": "10.9.7.1", "b": "10.9.7.2"}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
libc = ctypes.CDLL(None, use_errno=True)


class Stage:
    """Where the processes are, and where they report."""

    def __init__(self, spaces):
        self.spaces = spaces
        self.scene = ""
        self.count = 0
        self.truths = os.pipe()
        self.holding = os.pipe()  # reading ends when all may end
        self.going = os.pipe()    # ... when the capture has begun
        self.children = []
        self.port = 7000

    def next_port(self):
        self.port += 1
        return self.port

    def enter(self, space):
        with open("/run/netns/" + self.spaces[space]) as f:
            if libc.setns(f.fileno(), 0):
                raise OSError(ctypes.get_errno(), "setns")

    def process(self, space, role, run, *arguments):
        """A process in @space that runs @run; its id."""
        self.count += 1
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            self.children.append(pid)
            return pid
        status = 1
        try:
            signal.alarm(30)
            os.close(self.holding[1])
            os.close(self.going[1])
            self.enter(space)
            self.space = space
            set_name("%s%d" % (role, self.count))
            run(self, *arguments)
            status = 0
        except Exception as e:  # the parent counts truths
            print("# %s, %s: %r" % (self.scene, role, e), file=sys.stderr)
        finally:
            os._exit(status)

    def hold(self):
        os.read(self.holding[0], 1)

    def until_captured(self):
        os.read(self.going[0], 1)

    def tell(self, kind, local, remote, owners=None):
        """What is true of an end of a connection in this process's space."""
        truth = {"scene": self.scene, "space": self.space,
                 "proto": "tcp" if kind == socket.SOCK_STREAM else "udp",
                 "local": local[:2], "remote": remote[:2],
                 "owners": owners or [[os.getpid(), get_name()]]}
        os.write(self.truths[1], (json.dumps(truth) + "\n").encode())

    def tell_of(self, s, owners=None):
        self.tell(s.type, s.getsockname(), s.getpeername(), owners)


def set_name(name):
    with open("/proc/self/comm", "w") as f:
        f.write(name)


def get_name():
    with open("/proc/self/comm") as f:
        return f.read().rstrip("\n")


def myself():
    return [os.getpid(), get_name()]


def wait(pid):
    os.waitpid(pid, 0)


def listening(stage, version=4, port=0, address=None):
    s = socket.socket(FAMILY[version])
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address or HOST[stage.space][version], port))
    s.listen(64)
    return s


def connected(address, port, version=4):
    s = socket.socket(FAMILY[version])
    s.connect((address, port))
    return s


def at(space, run, *arguments):
    """For scenes: a server in @space; its port comes back through a pipe."""
    def scene(stage, role="server"):
        ports = os.pipe()
        stage.process(space, role, run, ports[1], *arguments)
        os.close(ports[1])
        port = int(os.read(ports[0], 10))
        os.close(ports[0])
        return port
    return scene


def say_port(pipe, s):
    os.write(pipe, b"%d" % s.getsockname()[1])
    os.close(pipe)


# ---- Servers ----

def echo(stage, pipe, version=4, count=1, address=None):
    s = listening(stage, version, 0, address)
    say_port(pipe, s)
    for _ in range(count):
        c, _peer = s.accept()
        while data := c.recv(65536):
            c.send(data)
        stage.tell_of(c)
        c.close()


def flood(stage, pipe, size):
    """Sends, and is told nothing."""
    s = listening(stage)
    say_port(pipe, s)
    c, _peer = s.accept()
    c.sendall(bytes(size))
    stage.tell_of(c)
    c.shutdown(socket.SHUT_WR)
    c.recv(1)


def swallow(stage, pipe):
    s = listening(stage)
    say_port(pipe, s)
    c, _peer = s.accept()
    while c.recv(65536):
        pass


# ---- Scenes; each returns when all its packets were sent ----

def ask(stage, address, port, version=4, rounds=3):
    s = connected(address, port, version)
    for _ in range(rounds):
        s.send(b"question")
        s.recv(100)
    stage.tell_of(s)


def plain(stage, version):
    port = at("b", echo, version)(stage)
    wait(stage.process("a", "client", ask, HOST["b"][version], port, version))


def short_lived(stage):
    port = at("b", echo, 4, 20)(stage)
    for _ in range(20):
        wait(stage.process("a", "short", ask, HOST["b"][4], port, 4, 1))


def giver(stage, pair, port, speaks):
    s = connected(HOST["b"][4], port)
    if speaks:
        s.send(b"hello")
        s.recv(100)
    socket.send_fds(pair, [b"x"], [s.fileno()])
    s.close()
    stage.hold()


def taker(stage, pair, pause):
    _data, descriptors, _flags, _address = socket.recv_fds(pair, 1, 1)
    s = socket.socket(fileno=descriptors[0])
    time.sleep(pause)
    s.send(b"from another")
    s.recv(100)
    stage.tell_of(s)


def handed_over(stage, pause, speaks):
    port = at("b", echo)(stage)
    pair = socket.socketpair()
    stage.process("a", "giver", giver, pair[0], port, speaks)
    wait(stage.process("a", "taker", taker, pair[1], pause))


def only_receives(stage, s):
    """The parent lets it, and closes only when it has ended."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        s.close()
        return
    set_name(get_name() + "c")
    while s.recv(65536):
        pass
    stage.tell_of(s)
    os._exit(0)


def inherits_to_receive(stage, port):
    only_receives(stage, connected(HOST["b"][4], port))


def receive_only(stage):
    port = at("b", flood, 300000)(stage)
    wait(stage.process("a", "parent", inherits_to_receive, port))


def accepts_to_receive(stage, pipe):
    s = listening(stage)
    say_port(pipe, s)
    only_receives(stage, s.accept()[0])


def sends_all(stage, port, size):
    s = connected(HOST["b"][4], port)
    s.sendall(bytes(size))
    stage.tell_of(s)
    s.shutdown(socket.SHUT_WR)
    s.recv(1)


def receive_only_server(stage):
    port = at("b", accepts_to_receive)(stage)
    wait(stage.process("a", "client", sends_all, port, 300000))


def take_turns(stage, port, turns, pause):
    s = connected(HOST["b"][4], port)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    mine, theirs = socket.socketpair()
    both = [myself()]
    child = os.fork()
    here = theirs if not child else mine
    if not child:
        set_name(get_name() + "c")
        both = [myself()]
        here.send(json.dumps(both).encode())
    else:
        both += json.loads(here.recv(200))
    for turn in range(turns):
        if not child or turn:
            here.recv(1)
        s.send(b"my turn")
        s.recv(100)
        time.sleep(pause)
        here.send(b"x")
    if not child:
        # It was the last to send.
        stage.tell_of(s, None if pause else [myself(), [os.getppid(),
                                                       get_name()[:-1]]])
        os._exit(0)
    here.recv(1)
    os.waitpid(child, 0)


def turns(stage, count, pause):
    port = at("b", echo)(stage)
    wait(stage.process("a", "turns", take_turns, port, count, pause))


def reads_slowly(stage, pipe, pause, address):
    s = listening(stage, 4, 0, address)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 30000)
    say_port(pipe, s)
    c, _peer = s.accept()
    if pause:
        stage.until_captured()
    while c.recv(16384):
        time.sleep(0.001)
    stage.tell_of(c)


def writes_once(stage, address, port, wrote):
    """Into its socket's buffer. It leaves that, bit by bit, when the other end
    has read: in whose time, is not the writer's business."""
    s = connected(address, port)
    s.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 3000000)
    s.setblocking(False)
    sent = 0
    try:
        while sent < 2000000:
            sent += s.send(bytes(500000))
    except BlockingIOError:
        pass
    stage.tell_of(s)
    s.shutdown(socket.SHUT_WR)
    os.write(wrote, b"x")
    stage.hold()


def clocked_out(stage, space, address, before=False):
    wrote = os.pipe()
    port = at(space, reads_slowly, before, address)(stage, "reader")
    reader = stage.children[-1]
    stage.process("a", "writer", writes_once, address, port, wrote[1])
    os.read(wrote[0], 1)
    if not before:
        wait(reader)


def datagram_server(stage, pipe, version, answers, bound_to, before):
    s = socket.socket(FAMILY[version], socket.SOCK_DGRAM)
    s.bind((bound_to, 0))
    say_port(pipe, s)
    if before:
        stage.until_captured()
    seen = set()
    while True:
        data, peer = s.recvfrom(2000)
        if data == b"end":
            return
        if answers:
            s.sendto(data, peer)
        if peer not in seen:
            seen.add(peer)
            stage.tell(s.type, [HOST[stage.space][version],
                                s.getsockname()[1]], peer)


def datagram_client(stage, version, ports, answers, connects, before):
    s = socket.socket(FAMILY[version], socket.SOCK_DGRAM)
    if connects:
        s.connect((HOST["b"][version], ports[0]))
    else:
        s.bind(("", 0))
    if before:
        stage.until_captured()
    for data in [b"one", b"two"] + ([] if before else [b"end"]):
        for port in ports:
            if connects:
                s.send(data)
            else:
                s.sendto(data, (HOST["b"][version], port))
            if answers and data != b"end":
                s.recv(100)
    for port in ports:
        stage.tell(s.type, [HOST["a"][version], s.getsockname()[1]],
                   [HOST["b"][version], port])


def datagrams(stage, version=4, answers=True, connects=False, servers=1,
              before=False):
    bound_to = {4: "0.0.0.0", 6: "::"}[version]
    ports = [at("b", datagram_server, version, answers, bound_to,
                before)(stage) for _ in range(servers)]
    client = stage.process("a", "client", datagram_client, version, ports,
                           answers, connects, before)
    if not before:
        wait(client)


def speaks_later(stage, pipe, port, answers):
    s = connected(HOST["b"][4], port)
    os.write(pipe, b"x")
    stage.until_captured()
    if answers:
        s.send(b"at last")
        s.recv(100)
    else:
        while s.recv(65536):
            pass
    stage.tell_of(s)


def floods_later(stage, pipe):
    s = listening(stage)
    say_port(pipe, s)
    c, _peer = s.accept()
    stage.until_captured()
    c.sendall(bytes(100000))
    stage.tell_of(c)
    c.shutdown(socket.SHUT_WR)
    c.recv(1)


def open_before(stage, answers):
    port = at("b", *((echo,) if answers else (floods_later,)))(stage)
    pipe = os.pipe()
    stage.process("a", "before", speaks_later, pipe[1], port, answers)
    os.read(pipe[0], 1)


def accepts_one(stage, s):
    c, _peer = s.accept()
    c.send(c.recv(100))
    stage.tell_of(c)
    c.recv(1)


def forks_workers(stage, pipe, count):
    s = listening(stage)
    say_port(pipe, s)
    workers = []
    for i in range(count):
        workers.append(os.fork())
        if not workers[-1]:
            set_name(get_name() + "w%d" % i)
            accepts_one(stage, s)
            os._exit(0)
    for pid in workers:
        os.waitpid(pid, 0)


def workers(stage):
    port = at("b", forks_workers, 4)(stage)
    for _ in range(4):
        wait(stage.process("a", "client", ask, HOST["b"][4], port, 4, 1))


def same_in_both(stage, pipe, port):
    """A connection over lo, whose addresses are in use in the other space."""
    s = listening(stage, 4, port, "127.0.0.1")
    child = os.fork()
    if not child:
        set_name(get_name() + "c")
        c = socket.socket()
        c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        c.bind(("127.0.0.1", port + 500))
        c.connect(("127.0.0.1", port))
        c.send(b"x")
        c.recv(1)
        stage.tell_of(c)
        os._exit(0)
    c, _peer = s.accept()
    c.send(c.recv(1))
    stage.tell_of(c)
    os.waitpid(child, 0)
    os.write(pipe, b"x")
    c.close()


def loopbacks(stage):
    port, pipe = stage.next_port(), os.pipe()
    for space in "ab":
        stage.process(space, "lo", same_in_both, pipe[1], port)
    os.close(pipe[1])
    for _ in range(2):
        os.read(pipe[0], 1)


def shares_port(stage, pipe, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind((HOST["b"][4], port))
    os.write(pipe, b"x")
    while True:
        data, peer = s.recvfrom(100)
        s.sendto(data, peer)
        stage.tell(s.type, s.getsockname(), peer)


def asks_shared(stage, port):
    for _ in range(16):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect((HOST["b"][4], port))
        s.send(b"who?")
        s.recv(100)
        stage.tell_of(s)


def datagrams_shared(stage):
    port, pipe = stage.next_port(), os.pipe()
    for _ in range(2):
        stage.process("b", "shared", shares_port, pipe[1], port)
        os.read(pipe[0], 1)
    wait(stage.process("a", "client", asks_shared, port))


def uses_port(stage, local, port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", local))
    s.connect((HOST["b"][4], port))
    s.send(b"mine")
    s.recv(100)
    stage.tell_of(s)
    s.close()


def resets(stage, pipe, count):
    s = listening(stage)
    say_port(pipe, s)
    for _ in range(count):
        c, _peer = s.accept()
        c.send(c.recv(100))
        try:
            c.recv(1)
        except ConnectionResetError:
            pass


def ports_again(stage):
    """Far enough apart for each to be a connection of its own."""
    port, local = at("b", resets, 2)(stage), stage.next_port()
    wait(stage.process("a", "first", uses_port, local, port))
    time.sleep(1.3)
    wait(stage.process("a", "second", uses_port, local, port))


def forges(stage, link, ports):
    """A segment that another's socket might have sent, with a wrong checksum:
    nobody takes it, but it is on the wire."""
    frame = struct.pack("!6s6sHBBHHHBBH4s4sHHIIBBHHH", b"\2\t\0\0\0\2",
                        b"\2\t\0\0\0\1", 0x800, 0x45, 0, 40, 1, 0, 64, 6, 0,
                        socket.inet_aton(HOST["a"][4]),
                        socket.inet_aton(HOST["b"][4]), *ports, 1, 1, 0x50,
                        0x10, 1000, 0xbad, 0)
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((link, 0))
    for _ in range(5):
        s.send(frame)


def forged(stage):
    """Their originator, by the first packet, is the one that connected."""
    port = at("b", echo)(stage)
    pipe, told = os.pipe(), os.pipe()

    def client(stage):
        s = connected(HOST["b"][4], port)
        s.send(b"question")
        s.recv(100)
        stage.tell_of(s)
        os.write(told[1], b"%d" % s.getsockname()[1])
        os.read(pipe[0], 1)

    pid = stage.process("a", "client", client)
    local = int(os.read(told[0], 10))
    wait(stage.process("a", "forger", forges, "a0", (local, port)))
    os.write(pipe[1], b"x")
    wait(pid)


def tunnel_device(stage, space):
    stage.enter(space)
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", b"tun0", 0x1001))
    os.system("ip addr add %s peer %s dev tun0 && ip link set tun0 up" %
              (TUNNEL[space], TUNNEL["b" if space == "a" else "a"]))
    return fd


def relay(stage, pipe):
    """What openvpn does: the packets of others go through its hands, and what
    they cause is done in its time. No socket of its own is among them."""
    import select
    ends = [tunnel_device(stage, "b"), tunnel_device(stage, "a")]
    os.write(pipe, b"x")
    while True:
        for fd in select.select(ends, [], [])[0]:
            packet = os.read(fd, 65536)
            os.write(ends[1 - ends.index(fd)], packet)


def tunneled_writer(stage, port, wrote):
    s = connected(TUNNEL["b"], port)
    s.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 3000000)
    s.sendall(bytes(1000000))
    stage.tell_of(s)
    s.shutdown(socket.SHUT_WR)
    os.write(wrote, b"x")
    stage.hold()


def tunneled_reader(stage, pipe):
    s = listening(stage, 4, 0, TUNNEL["b"])
    say_port(pipe, s)
    c, _peer = s.accept()
    while c.recv(65536):
        pass
    stage.tell_of(c)


def through_tunnel(stage):
    """Runs first: its device must be there to be captured on."""
    pipe = os.pipe()
    stage.process("a", "vpn", relay, pipe[1])
    os.read(pipe[0], 1)

    def when_captured():
        wrote = os.pipe()
        port = at("b", tunneled_reader)(stage, "reader")
        reader = stage.children[-1]
        stage.process("a", "writer", tunneled_writer, port, wrote[1])
        os.read(wrote[0], 1)
        wait(reader)
    return when_captured


BEFORE = [
    ("tcp through another's TUN device", through_tunnel),
    ("tcp, open at the start, speaks", open_before, True),
    ("tcp, open at the start, only receives", open_before, False),
    ("tcp, written before the start, clocked out after", clocked_out, "b", "10.9.0.2",
     True),
    ("udp, open at the start", datagrams, 4, True, False, 1, True),
    ("udp, open at the start, server only receives", datagrams, 4, False,
     True, 1, True),
]

AFTER = [
    ("tcp over IPv4", plain, 4),
    ("tcp over IPv6", plain, 6),
    ("processes that live for one question", short_lived),
    ("handed to another, who speaks at once", handed_over, 0, False),
    ("handed to another, who speaks later", handed_over, 0.5, False),
    ("handed to another after some words", handed_over, 0.2, True),
    ("child only receives what its parent connected", receive_only),
    ("child only receives what its parent accepted", receive_only_server),
    ("two take turns, slowly", turns, 4, 0.03),
    ("two take turns, quickly", turns, 100, 0),
    ("tcp, written once, clocked out by ACKs", clocked_out, "b", "10.9.0.2"),
    ("tcp over lo, clocked out by ACKs", clocked_out, "a", "127.0.0.1"),
    ("udp, unconnected, IPv4", datagrams, 4),
    ("udp, unconnected, IPv6", datagrams, 6),
    ("udp, connected", datagrams, 4, True, True),
    ("udp, one socket, three servers", datagrams, 4, True, False, 3),
    ("udp, server only receives", datagrams, 4, False),
    ("udp, two servers at one port (SO_REUSEPORT)", datagrams_shared),
    ("a port that is used again by another", ports_again),
    ("tcp, while another forges packets of it", forged),
    ("workers take what their parent listens for", workers),
    ("the same addresses on lo in two namespaces", loopbacks),
]


def act(stage, scene):
    stage.scene = scene[0]
    return scene[1](stage, *scene[2:])


def play(spaces):
    signal.alarm(60)
    stage = Stage(dict(zip("ab", spaces)))
    later = [(s[0], act(stage, s)) for s in BEFORE]
    print("ready", flush=True)
    sys.stdin.readline()
    os.close(stage.going[1])
    time.sleep(0.3)
    for scene, go_on in later:
        stage.scene = scene
        if go_on:
            go_on()
    for scene in AFTER:
        act(stage, scene)
    # The last words of those that nobody waited for.
    time.sleep(1.5)
    os.set_blocking(stage.truths[0], False)
    try:
        while data := os.read(stage.truths[0], 65536):
            sys.stdout.write(data.decode())
    except BlockingIOError:
        pass
    print("done", flush=True)
    sys.stdin.read()
    os.close(stage.holding[1])
    for pid in stage.children:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass


# ---- Judging ----

def ends_of(connection):
    """(address, port, peer's address, peer's port), and whose it is."""
    orig = (connection["id.orig_h"], connection["id.orig_p"])
    resp = (connection["id.resp_h"], connection["id.resp_p"])
    first, peer = ([connection.get(prefix + field)
                    for field in ("pid", "process", "user")]
                   for prefix in ("", "peer_"))
    if connection.get("owner_side") == "resp":
        return ((orig + resp, peer), (resp + orig, first))
    return ((orig + resp, first), (resp + orig, peer))


def read_ends(summary):
    """Whose each end was; several where a tuple was used again."""
    ends = {}
    with open(summary) as f:
        for connection in json.load(f)["connections"]:
            if "id.orig_h" not in connection:
                continue
            for key, owner in ends_of(connection):
                key = (connection["proto"],) + key
                ends.setdefault(key, []).append(owner)
    return ends


def link_of(address):
    if address.startswith("127.") or address == "::1":
        return "lo"
    return "tun" if address in TUNNEL.values() else "veth"


def user_of(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def fault_of(truth, named, here):
    """What is wrong with an end that was @named so; None: nothing."""
    if any(n[:2] in truth["owners"] for n in named) and (
            "uid" not in truth or user_of(truth["uid"]) in named[0]):
        return None
    if not here and all(n[0] is None for n in named):
        return None
    return "%s %s:%d > %s:%d: %s, not %s" % (
        truth["proto"], *truth["local"], *truth["remote"],
        named or "not seen", truth["owners"])


def judge(truths, space, links, summary):
    ends = read_ends(summary)
    scenes = {}
    with open(truths) as f:
        for line in f:
            if not line.startswith("{"):
                continue
            truth = json.loads(line)
            link = link_of(truth["local"][0])
            here = truth["space"] == space
            if link not in links or (link == "lo" and not here):
                continue
            key = tuple([truth["proto"]] + truth["local"] + truth["remote"])
            scene = scenes.setdefault(truth["scene"], [0, []])
            fault = fault_of(truth, ends.get(key, []), here)
            scene[0] += not fault
            scene[1] += [fault] if fault else []
    for scene, (right, faults) in scenes.items():
        print("%s\t%s\t%s" % ("wrong" if faults else "ok", scene,
                              "; ".join(faults[:5]) or right))


if sys.argv[1] == "play":
    play(sys.argv[2:4])
else:
    judge(*sys.argv[2:6])
