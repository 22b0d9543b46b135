#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Ends of conversations whose packets are counted.

owner_exact.py server PORT   echoes over TCP and UDP, IPv4 and IPv6, until ended
owner_exact.py client PORT   at a line on standard input: talks to it in all
                             four ways, says "done"; keeps its sockets until
                             standard input ends"""
import selectors
import socket
import sys

ADDRESSES = ((socket.AF_INET, "10.9.0.2"), (socket.AF_INET6, "fd09::2"))


def serve(port):
    selector = selectors.DefaultSelector()
    for family, address in ADDRESSES:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            s = socket.socket(family, kind)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((address, port))
            if kind == socket.SOCK_STREAM:
                s.listen()
            selector.register(s, selectors.EVENT_READ,
                              "accept" if kind == socket.SOCK_STREAM
                              else "datagram")
    while True:
        for key, _ in selector.select():
            s = key.fileobj
            if key.data == "accept":
                selector.register(s.accept()[0], selectors.EVENT_READ, "data")
            elif key.data == "datagram":
                s.sendto(*s.recvfrom(2000))
            else:
                data = s.recv(2000)
                if data:
                    s.send(data)
                else:
                    selector.unregister(s)
                    s.close()


def ask(port):
    sockets = []
    # A datagram that is lost is a fault, not a reason to wait for ever.
    socket.setdefaulttimeout(10)
    sys.stdin.readline()
    for family, address in ADDRESSES:
        for connected in (False, True):
            s = socket.socket(family, socket.SOCK_DGRAM)
            if connected:
                s.connect((address, port))
            for i in range(20):
                if connected:
                    s.send(bytes(i))
                else:
                    s.sendto(bytes(i), (address, port))
                s.recv(100)
            sockets.append(s)
        s = socket.create_connection((address, port))
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(20):
            s.send(bytes(i + 1))
            s.recv(100)
        sockets.append(s)
    print("done", flush=True)
    sys.stdin.read()


{"server": serve, "client": ask}[sys.argv[1]](int(sys.argv[2]))
