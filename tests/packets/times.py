# SPDX-License-Identifier: BSD-3-Clause
"""Nanoseconds in the file."""
from build import *

NANO = True


def packets():
    for _ in range(5):
        yield eth_udp(b"data")
