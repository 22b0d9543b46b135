# SPDX-License-Identifier: BSD-3-Clause
from build import *


def packets():
    for text in (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", b"SSH-1.99-x\n",
                 b"SSH-2.0-no end", b"SSH-2.0-cr\r", b"SSH-2.0-cr\rx\r\n",
                 b"SSH-\x01\r\n", b"SS", b"\0\0\0\x0c\x0a binary"):
        yield eth_tcp(text, 40000, 22, flags=0x18, ack=1)
