"""Reads the directory of a zip file that lies anywhere within another file. Only `zlib` and `struct`: `zipfile` costs 10 ms."""

import os
import struct

from pexjs_runtime import compat
from pexjs_runtime.settings import Failure

# PKWARE APPNOTE 4.3.16, end of central directory: signature, disks, entries, size and offset of the directory, comment length
END = struct.Struct("<4s4H2LH")
# 4.3.15, zip64 locator: signature, disk, offset of the zip64 end record, disks
LOCATOR = struct.Struct("<4sLQL")
# 4.3.14, zip64 end record: signature, size, versions, disks, entries (2), size and offset of the directory
END64 = struct.Struct("<4sQ2H2L4Q")
# 4.3.12, directory entry: signature, versions, flags, method, time, date, crc, sizes (2), lengths (3), disk, attributes (2), offset
ENTRY = struct.Struct("<4s6H3L5H2L")
# 4.3.7, local header: signature, version, flags, method, time, date, crc, sizes (2), lengths (2)
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
SHRINKS = 1032  # times at most, by DEFLATE


class Member(object):
    """A file inside an archive; `start` is where its local header lies in the outer file."""

    __slots__ = ("name", "method", "crc", "packed", "size", "start", "executable")


class Region(object):
    """`size` bytes of the file `path`, from `start`."""

    def __init__(self, path, start, size):
        self.path = path
        self.start = start
        self.size = size


def whole_file(path):
    return Region(path, 0, os.stat(path).st_size)


def damaged(path, what):
    return Failure("The file is damaged, %s: %s" % (what, path), "copy or build the PEX again")


def unreadable(path, error):
    return Failure("Cannot read %s: %s" % (path, error.strerror or error), "look whether it is all there, and copy it again")


def read_exactly(descriptor, length, offset, path):
    content = compat.read_at(descriptor, length, offset)
    while len(content) < length:
        more = compat.read_at(descriptor, length - len(content), offset + len(content))
        if not more:
            raise damaged(path, "it ends too early")
        content += more
    return content


def members(region):
    """All files of an archive by name (bytes). The last one of a name counts."""
    return members_and_start(region)[0]


def members_and_start(region):
    """The same, and where the archive starts in the file."""
    descriptor = os.open(region.path, os.O_RDONLY)
    try:
        directory, base = find_directory(descriptor, region)
    finally:
        os.close(descriptor)
    found = {}
    position = 0
    end = region.start + region.size
    unpack = ENTRY.unpack_from
    while position + ENTRY.size <= len(directory):
        (signature, creator, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, _, _,
         attributes, offset) = unpack(directory, position)
        if signature != b"PK\1\2":
            raise damaged(region.path, "the directory of the archive is broken")
        position += ENTRY.size
        member = Member()
        member.name = directory[position:position + name_length]
        if 0xFFFFFFFF in (packed, size, offset):
            extra = directory[position + name_length:position + name_length + extra_length]
            try:
                size, packed, offset = read_zip64(extra, size, packed, offset)
            except struct.error:
                raise damaged(region.path, "the directory of the archive is broken")
        position += name_length + extra_length + comment_length
        if member.name.endswith(b"/"):
            continue
        if method not in (STORED, DEFLATED) or flags & 1:
            raise damaged(region.path, "the way %r is stored is unknown" % member.name)
        member.method, member.crc, member.packed, member.size = method, crc, packed, size
        member.start = base + offset
        if member.start + packed > end or size > (packed + 1) * SHRINKS:  # before anything asks for that much memory
            raise damaged(region.path, "%r cannot have the size that it is said to have" % member.name)
        member.executable = bool(attributes >> 16 & 0o111) and creator >> 8 == 3
        found[member.name] = member
    return found, base


def find_directory(descriptor, region):
    """The bytes of the central directory, and what to add to offsets: a shebang may stand before."""
    length = min(region.size, END.size)
    end = region.start + region.size
    tail = read_exactly(descriptor, length, end - length, region.path)
    if tail[:4] != b"PK\5\6" or tail[-2:] != b"\0\0":
        length = min(region.size, END.size + 0xFFFF)
        tail = read_exactly(descriptor, length, end - length, region.path)
        place = tail.rfind(b"PK\5\6")
        if place < 0 or len(tail) - place < END.size:
            raise damaged(region.path, "it is no complete archive")
        end = end - length + place + END.size
        tail = tail[place:place + END.size]
    _, _, _, _, entries, size, offset, _ = END.unpack(tail)
    before = end - END.size
    if 0xFFFFFFFF in (size, offset) or entries == 0xFFFF:
        locator = read_exactly(descriptor, LOCATOR.size, before - LOCATOR.size, region.path)
        if locator[:4] == b"PK\6\7":
            before -= LOCATOR.size + END64.size
            record = END64.unpack(read_exactly(descriptor, END64.size, before, region.path))
            size, offset = record[8], record[9]
    start = before - size
    if start < region.start or start - offset < region.start:
        raise damaged(region.path, "the directory of the archive is broken")
    return read_exactly(descriptor, size, start, region.path), start - offset


def read_zip64(extra, size, packed, offset):
    """4.5.3: 64-bit values stand for exactly those fields that are all ones, in this order."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        if kind == 1:
            wanted = [value for value in (size, packed, offset) if value == 0xFFFFFFFF]
            values = list(struct.unpack_from("<%dQ" % len(wanted), extra, position + 4))
            return [values.pop(0) if value == 0xFFFFFFFF else value for value in (size, packed, offset)]
        position += 4 + length
    return size, packed, offset


def data_start(descriptor, member, path):
    header = LOCAL.unpack(read_exactly(descriptor, LOCAL.size, member.start, path))
    if header[0] != b"PK\3\4":
        raise damaged(path, "a file in the archive is not where it should be")
    return member.start + LOCAL.size + header[9] + header[10]


def content(path, member):
    """The bytes of a small member."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        data = read_exactly(descriptor, member.packed, data_start(descriptor, member, path), path)
    finally:
        os.close(descriptor)
    if member.method == STORED:
        return data
    import zlib

    return zlib.decompressobj(-15).decompress(data, member.size + 1)


class Container(object):
    """A PEX, be it one file or a folder."""

    holds_trees = False  # whether distributions lie in it as installed trees; see `trees`

    def __init__(self, home):
        self.home = home
        self.is_folder = os.path.isdir(home)
        self.members, self.start = ({}, 0) if self.is_folder else members_and_start(whole_file(home))
        self.info = None

    def read(self, name):
        if self.is_folder:
            with open(os.path.join(self.home, name), "rb") as stream:
                return stream.read()
        return content(self.home, self.member(name))

    def member(self, name):
        try:
            return self.members[name.encode("utf-8")]
        except KeyError:
            raise damaged(self.home, "it lacks `%s`" % name)

    def wheel(self, name):
        """Where the wheel with this file name lies."""
        path = ".deps/" + name
        if self.is_folder:
            full = os.path.join(self.home, path)
            if not os.path.isfile(full):
                raise damaged(self.home, "it lacks the wheel `%s`" % path)
            return whole_file(full)
        before = self.before().get("wheels", {})
        if name in before:
            return self.region_before(before[name])
        member = self.member(path)
        if member.method != STORED:
            raise damaged(self.home, "the wheel `%s` is compressed" % path)
        descriptor = os.open(self.home, os.O_RDONLY)
        try:
            return Region(self.home, data_start(descriptor, member, self.home), member.size)
        finally:
            os.close(descriptor)

    def before(self):
        """The index of what lies in front of an archive that would be too big with it; see `pex/before-archive.ts`."""
        if self.is_folder:
            return {}
        return read_info(self).get("before_archive") or {}

    def region_before(self, place):
        distance, size = place
        if not 0 <= size <= distance <= self.start:
            raise damaged(self.home, "what stands before the archive is not where it should be")
        return Region(self.home, self.start - distance, size)

    def sources_before(self):
        """The members that are the user's own files, or None if they lie in the archive."""
        before = self.before()
        if not before:
            return None
        found = {}
        for place in before["sources"]:
            found.update(members(self.region_before(place)))
        return found


def read_info(container):
    """PEX-INFO, read once."""
    if container.info is None:
        try:
            info = parse_info(container.read("PEX-INFO").decode("utf-8"))
        except ValueError:
            info = None
        if not is_info(info):
            raise broken_info(container.home)
        container.info = info
    return container.info


def broken_info(path):
    return Failure("The PEX-INFO is broken: %s" % path, "build the PEX again")


def is_info(info):
    """Whether what decides about distributions has the types that it should; all else is read as it comes."""
    if not isinstance(info, dict):
        return False
    distributions = info.get("distributions") or {}
    plan = info.get("activation_plan") or {"roots": [], "distributions": []}
    return (
        isinstance(distributions, dict) and are_texts(list(distributions.values()))
        and all(are_texts(info.get(name) or []) for name in ("requirements", "excluded", "overridden"))
        and isinstance(plan, dict) and are_texts(plan.get("roots")) and isinstance(plan.get("distributions"), list)
        and all(isinstance(each, dict) and is_planned(each) for each in plan["distributions"])
    )


def is_planned(each):
    return are_texts([each.get(name) for name in ("file", "project", "sha256", "version")] + [each.get("requires_python") or ""]) \
        and are_texts(each.get("requires"))


def are_texts(values):
    return isinstance(values, list) and all(isinstance(each, str) for each in values)


def parse_info(text):
    try:  # the scanner alone: importing `json` costs 5 ms, most of it for `re`
        info = scan_json(text)
    except Exception:  # not CPython, or changed inside
        import json

        info = json.loads(text)
    return compat.native_tree(info)


def scan_json(text):
    import _json

    class Context(object):
        strict = True
        encoding = "utf-8"
        object_hook = object_pairs_hook = array_hook = parse_constant = None
        parse_float, parse_int = float, int
        memo = {}

    value, end = _json.make_scanner(Context())(text, 0)
    if text[end:].strip():
        raise ValueError(text[end:])
    return value
