#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write tests/pcaps/NAME.pcap from tests/packets/NAME.py, for each NAME given
or for all. A module yields frames from packets(); LINKTYPE (default Ethernet)
and NANO say what file it is; an item (frame, length) has a length on the wire
that is not the frame's."""
import importlib.util
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "packets"))


def load(name):
    path = os.path.join(HERE, "packets", name + ".py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(name, folder):
    module = load(name)
    nano = getattr(module, "NANO", False)
    link = getattr(module, "LINKTYPE", 1)
    out = struct.pack("<IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0,
                      0, 262144, link)
    for i, item in enumerate(module.packets()):
        frame, length = item if isinstance(item, tuple) else (item, len(item))
        out += struct.pack("<IIII", 1600000000 + i, i * 1001, len(frame),
                           length) + frame
    with open(os.path.join(folder, name + ".pcap"), "wb") as file:
        file.write(out)


def main():
    names = sys.argv[1:] or sorted(
        f[:-3] for f in os.listdir(os.path.join(HERE, "packets"))
        if f.endswith(".py") and not f.startswith("build"))
    for name in names:
        write(name, os.path.join(HERE, "pcaps"))


main()
