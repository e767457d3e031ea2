"""Puts the wheel together again of which an installed tree was made: byte for byte the old one, as far as its tree tells.

What a tree keeps of its wheel beside the files: `<name>.pex-info/original-whl-info.json`, with the names of the entries
in their order, their dates and modes, and the lines of RECORD in their order. Older
trees keep neither; their wheels get an order, a RECORD and a date of ours.
"""

import json
import os
import time
import zipfile

from pexjs_runtime import archive, compat, trees, unpack
from pexjs_runtime.venv import distributions, scripts

EPOCH = (1980, 1, 1, 0, 0, 0)
BY_INSTALLERS = (b"INSTALLER", b"REQUESTED", b"direct_url.json")


def rebuild(boot, container, file, target, use_system_time):
    """Write the wheel to the path `target`."""
    tree = Tree(container, file)
    date = time.localtime()[:6] if use_system_time else EPOCH
    original = tree.original_entries()
    if original is None:
        entries = [(name, date, (0o100755 if tree.is_program(name) else 0o100644) << 16) for name in tree.order()]
    else:
        entries = [entry for entry in original if entry[0].endswith(b"/") or tree.has(entry[0])]
        lost = [compat.path_text(entry[0]) for entry in original if entry not in entries]
        if lost:
            boot.warn("`%s` has lost %s" % (file, ", ".join(lost)))
    record = tree.record([name for name, _, _ in entries])
    with zipfile.ZipFile(target, "w", allowZip64=True) as wheel:
        for name, date, attributes in entries:
            entry = zipfile.ZipInfo(text_name(name), tuple(date))
            entry.external_attr = attributes
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(b"/") else zipfile.ZIP_DEFLATED
            content = b"" if name.endswith(b"/") else record if name == tree.record_name else tree.read(name)
            wheel.writestr(entry, content)


def text_name(name):
    """Python 2 marks names as UTF-8 only where they are of its type for text."""
    text = name.decode("utf-8", "surrogateescape" if not compat.PY2 else "replace")
    return text.encode("ascii") if compat.PY2 and text == text.encode("ascii", "ignore").decode("ascii") else text


class Tree(object):
    """An installed tree, seen with the names that its files had in the wheel."""

    def __init__(self, container, file):
        if container.is_loose:
            self.path = compat.path_bytes(container.home + "/.deps/" + file)
            self.members = dict.fromkeys(distributions.files_below(self.path))
        else:
            self.path, self.members = container.tree(file)
        for name in self.members:
            unpack.check_name(name, container.home)
        self.info = distributions.find_info(self.members)
        if self.info is None:
            raise archive.damaged(container.home, "`.deps/%s` lacks its metadata" % file)
        self.record_name = self.info + b"/RECORD"
        self.data = self.info[:-len(b"dist-info")] + b"data/"
        self.pex_info = self.info[:-len(b"dist-info")] + b"pex-info/"
        self.files = dict((self.name_in_wheel(name), name) for name in self.members)

    def name_in_wheel(self, name):
        place = trees.installed_name(name)
        if place is None:
            return name
        return place[len(b"lib/"):] if place.startswith(b"lib/") else self.data + place

    def find(self, name):
        """The name in the tree of a file of the wheel; packages below `.data` lie among the others."""
        for part in (b"purelib/", b"platlib/"):
            if name.startswith(self.data + part) and name not in self.files:
                name = name[len(self.data + part):]
        return self.files.get(name)

    def has(self, name):
        return name == self.record_name or self.find(name) is not None

    def read(self, name):
        inner = self.find(name)
        if self.members[inner] is not None:
            return archive.content(self.path, self.members[inner])
        with open(self.path + b"/" + inner, "rb") as stream:
            return stream.read()

    def is_program(self, name):
        if name == self.record_name:
            return False
        inner = self.find(name)
        member = self.members[inner]
        return member.executable if member is not None else os.access(self.path + b"/" + inner, os.X_OK)

    def original_entries(self):
        """(name, date, attributes) of each, or None where nobody has kept them."""
        name = self.pex_info + b"original-whl-info.json"
        if name not in self.files:
            return None
        entries = json.loads(self.read(name).decode("utf-8"))["entries"]
        return [(each.encode("utf-8"), date, attributes) for each, date, attributes in entries]

    def order(self):
        """What belongs to the wheel, its metadata last and RECORD at the very end."""
        generated = set(self.info + b"/" + name for name in BY_INSTALLERS) | set((b".layout.json", self.record_name))
        points = self.read_text(self.info + b"/entry_points.txt")
        generated.update(self.data + b"scripts/" + name.encode("utf-8") for name, _ in scripts.points_in(points))
        names = [name for name in self.files if name not in generated and not name.startswith(self.pex_info)]
        return sorted(names, key=lambda name: (name.startswith(self.info + b"/"), name)) + [self.record_name]

    def read_text(self, name):
        return self.read(name).decode("utf-8", "replace") if name in self.files else u""

    def record(self, names):
        """RECORD for these files: the lines of the old one in their order, as far as they are still true."""
        old = self.read(self.record_name) if self.record_name in self.files else b""
        end = b"\r\n" if b"\r\n" in old else b"\n"
        wanted = dict((self.find(name) or name, name) for name in names if not name.endswith(b"/"))
        lines = []
        for listed, (digest, size) in distributions.read_rows(old):
            inner = listed if listed in wanted else self.find(listed)
            name = wanted.pop(inner, None)
            if name is not None:
                lines.append(self.row(name, digest, size))
        last = wanted.pop(self.record_name, None)
        lines += [self.row(name, b"", b"") for name in names if name in wanted.values()]
        if last:
            lines.append(self.row(last, b"", b""))
        return b"".join(line + end for line in lines)

    def row(self, name, digest, size):
        if name == self.record_name:
            digest = size = b""
        elif not digest or digest.startswith(b"sha256="):
            digest, size = distributions.fingerprint(self.read(name))
        return b",".join((distributions.quote(name), digest, size))
