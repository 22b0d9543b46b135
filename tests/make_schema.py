#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""make_schema.py [capture...]: describes in dissectors/packet.schema.json what
--json writes of tests/pcaps, the corpus and the captures given, and is not
described there yet. What a member is says the table in the dissector's source
(members.h); of others, what they were seen to be: look at them, and make them
narrower. What is described already stays as it is."""
import collections
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle

FOLDER = os.path.join(oracle.SRC, "dissectors")
SCHEMA = os.path.join(FOLDER, "packet.schema.json")
COMMON = {"protocol", "length", "truncated", "bad_length", "bad_version",
          "too_deep"}
KINDS = {"U8": "u8", "U16": "u16", "U32": "u32", "ADDRESS": "ipv4",
         "ADDRESS6": "ipv6", "LINK": "mac", "BYTES": "hex"}


def whole(least, most):
    return {"type": "integer", "minimum": least, "maximum": most}


def kind_of(macro, arguments):
    if macro in KINDS:
        return {"$ref": "#/$defs/" + KINDS[macro]}
    return {"U24": whole(0, 0xFFFFFF), "S8": whole(-128, 127),
            "FLAG": {"type": "boolean"}, "STRING": {"type": "string"},
            "STAMP": {"type": "number"},
            "PART": whole(0, (1 << int(arguments[-1] or 0)) - 1)}[macro]


def tables():
    """Protocol -> name -> what it is; None where the tables disagree."""
    members, kinds = {}, collections.defaultdict(dict)
    for name in sorted(os.listdir(FOLDER)):
        if not name.endswith(".c"):
            continue
        with open(os.path.join(FOLDER, name)) as file:
            text = file.read()
        here = members.setdefault(name[:-2].replace("_members", ""), {})
        for macro, key, rest in re.findall(
                r'MEMBER_(\w+)\("(\w+)", ([^)]*)\)', text):
            kind = kind_of(macro, [a.strip() for a in rest.split(",")])
            here[key] = kind if here.get(key, kind) == kind else None
        for protocol in re.findall(r'\.name = "(\w+)",\n\t\.decode', text):
            kinds[protocol] = here
    return kinds


def describe(key, values, kinds):
    if kinds.get(key):
        return kinds[key]
    # The type of an item is the list's, whatever the table calls "type".
    kinds = {k: v for k, v in kinds.items() if k != "type"}
    types = {type(v) for v in values}
    if types == {bool}:
        return {"type": "boolean"}
    if types == {int}:
        if min(values) < 0:
            return {"type": "integer"}
        return whole(0, 0xFFFFFFFF) if max(values) <= 0xFFFFFFFF \
            else {"type": "integer", "minimum": 0}
    if types <= {int, float}:
        return {"type": "number"}
    if types == {str}:
        return {"type": "string"}
    if types == {dict}:
        return {"type": "object", "properties": properties(values, kinds)}
    if types == {list}:
        inner = [item for value in values for item in value]
        return {"type": "array", "items": describe(key, inner, {})
                if inner and not isinstance(inner[0], dict) else
                {"type": "object", "properties": properties(inner, kinds)}}
    return {}


def properties(objects, kinds, known=()):
    seen = collections.defaultdict(list)
    for value in objects:
        for key, inner in value.items():
            if key not in known:
                seen[key].append(inner)
    return {key: describe(key, values, kinds) for key, values in seen.items()}


def definition(schema, protocol):
    """What describes a protocol's layer; made if there is none."""
    cases = schema["$defs"]["layer"]["allOf"]
    for case in cases:
        of = case["if"]["properties"]["protocol"]
        if protocol in of.get("enum", [of.get("const")]):
            return schema["$defs"][case["then"]["$ref"].rsplit("/", 1)[1]]
    name = protocol if protocol not in schema["$defs"] else protocol + "_layer"
    cases.append({"if": {"properties": {"protocol": {"const": protocol}}},
                  "then": {"$ref": "#/$defs/" + name}})
    return schema["$defs"].setdefault(name, {"properties": {}})


def write(schema, file):
    """JSON with short objects in one line."""
    def put(value, indent):
        line = json.dumps(value)
        if len(line) + indent <= 78 or not isinstance(value, (dict, list)):
            return line
        pad = "\n" + " " * (indent + 2)
        if isinstance(value, dict):
            inner = ("," + pad).join("%s: %s" % (json.dumps(k),
                                                 put(v, indent + 2))
                                     for k, v in value.items())
            return "{" + pad + inner + "\n" + " " * indent + "}"
        inner = ("," + pad).join(put(v, indent + 2) for v in value)
        return "[" + pad + inner + "\n" + " " * indent + "]"
    file.write(put(schema, 0) + "\n")


def main():
    layers, kinds = collections.defaultdict(list), tables()
    for path in oracle.all_captures() + sys.argv[1:]:
        done = subprocess.run([oracle.PRINTER, "-j", "-n", "-r", path],
                              capture_output=True, timeout=60)
        for line in done.stdout.splitlines():
            for layer in json.loads(line)["layers"]:
                layers[layer["protocol"]].append(layer)
    with open(SCHEMA) as file:
        schema = json.load(file)
    for protocol in sorted(layers):
        known = definition(schema, protocol)["properties"]
        new = properties(layers[protocol], kinds[protocol],
                         COMMON | set(known))
        if new:
            print("%s: %s" % (protocol, " ".join(new)))
        known.update(new)
    with open(SCHEMA, "w") as file:
        write(schema, file)


main()
