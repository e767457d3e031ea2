"""Turns a good archive into a hostile one: `make_hostile.py KIND FILE MEMBER`, the member being one whose content is deflated."""

import struct
import sys
import zipfile

kind, path, member = sys.argv[1:]
with zipfile.ZipFile(path) as archive:
    info = archive.getinfo(member)
with open(path, "rb") as stream:
    data = bytearray(stream.read())
name = member.encode("utf-8")
local = info.header_offset
start = data.rindex(name) - 46  # in the directory: APPNOTE 4.3.12
assert data[start:start + 4] == b"PK\1\2"


def rename(new):
    assert len(new) == len(name)
    data[local + 30:local + 30 + len(name)] = new
    data[start + 46:start + 46 + len(name)] = new


def pad(beginning):
    rename(beginning + b"x" * (len(name) - len(beginning)))


def put(offset, size, value):
    data[start + offset:start + offset + size] = struct.pack({2: "<H", 4: "<L"}[size], value)


def extend(extra):
    """With a 64-bit offset (4.5.3) in a directory that is longer by that; its length and place stand in the end record (4.3.16)."""
    put(42, 4, 0xFFFFFFFF)
    put(30, 2, len(extra))
    at = start + 46 + len(name)
    data[at:at] = extra
    end = data.rindex(b"PK\5\6")
    size, = struct.unpack_from("<L", data, end + 12)
    struct.pack_into("<L", data, end + 12, size + len(extra))


KINDS = {
    "parent": lambda: pad(b"../"),
    "parents": lambda: pad(b"a/../../../"),
    "absolute": lambda: pad(b"/tmp/hostile-"),
    "nul": lambda: pad(b"a\0b"),
    "empty part": lambda: pad(b"a//b"),
    "dot": lambda: pad(b"./"),
    "link": lambda: put(38, 4, 0o120777 << 16),
    "declares less": lambda: put(24, 4, 10),
    "declares much": lambda: put(24, 4, 0xFFFFFFF0),
    "packed much": lambda: put(20, 4, 0xFFFFFFF0),
    "wrong crc": lambda: put(16, 4, 1),
    "offset beyond 64 bits": lambda: extend(struct.pack("<2HQ", 1, 8, 2 ** 64 - 1)),
    "offset outside": lambda: put(42, 4, 0xFFFFFFF0),
    "method": lambda: put(10, 2, 99),
    "encrypted": lambda: put(8, 2, 1),
}
KINDS[kind]()
with open(path, "wb") as stream:
    stream.write(data)
