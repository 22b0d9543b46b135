# SPDX-License-Identifier: BSD-3-Clause
"""HTTP, SMTP, FTP, RTSP, SIP, WHOIS."""
from build import *

PORTS = (80, 8080, 25, 21, 554, 8554, 43)
MESSAGES = (
    b"GET / HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n",
    b"get /lower HTTP/1.0\n\n", b"HTTP/1.1 200 OK\r\nServer: test\r\n\r\nbody",
    b"HTTP/1.1 404", b"HTTP/1.1\r\n200 OK\r\n", b"DESCRIBE rtsp://h/ RTSP/1.0\r\n",
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", b"220 mail.example.org ESMTP\r\n",
    b"MAIL FROM:<a@example.org>\r\n", b"just the middle of some text\r\n",
    b"\x16\x03\x01\0binary", b"no end of line", b"cr\ralone\r\n", b"tab\there\n",
    b"GET", b"OPTIONS * HTTP/1.1\r\nx: \xe9\r\n\r\n", b"end\r", b"\r\n\r\n",
    b"x" * 140 + b" 200\r\n")


def packets():
    for port in PORTS:
        for text in MESSAGES:
            yield eth_tcp(text, 40000, port, flags=0x18, seq=1, ack=1)
    for text in (b"INVITE sip:bob@example.org SIP/2.0\r\nVia: x\r\n\r\n",
                 b"SIP/2.0 180 Ringing\r\n", b"other"):
        yield eth_udp(text, 5060, 5060)
