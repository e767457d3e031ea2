"""The files of an unpacked or installed wheel by where they go, and the RECORD of what has become of them."""

import os

from pexjs_runtime import compat, folders, wheels
from pexjs_runtime.trees import installed_name


class StoredWheel(object):
    """As `wheels` unpacks it: one folder for each kind of files."""

    may_link = True

    def __init__(self, boot, distribution, names):
        self.folder = compat.path_bytes(wheels.store_folder(boot.run, distribution["sha256"]))
        self.top = self.folder + b"/lib"
        self.project = compat.path_bytes(distribution["file"].split("-")[0])
        self.names = names
        self.info = find_info(names)

    def files(self, kind):
        """(relative name, path) as bytes."""
        folder = self.folder + b"/" + kind.encode("ascii")
        names = self.names if kind == "lib" else files_below(folder)
        return [(name, folder + b"/" + name) for name in names]


class InstalledWheel(object):
    """As it lies in a loose PEX; see `trees`."""

    may_link = False

    def __init__(self, boot, distribution):
        self.top = compat.path_bytes(boot.home + "/.deps/" + distribution["file"])
        self.project = compat.path_bytes(distribution["file"].split("-")[0])
        self.kinds = {}
        for name in files_below(self.top):
            kind, _, place = (installed_name(name) or b"").partition(b"/")
            self.kinds.setdefault(kind, []).append((place, self.top + b"/" + name))
        self.info = find_info(name for name, _ in self.files("lib"))

    def files(self, kind):
        return self.kinds.get(kind.encode("ascii"), [])


def find_info(names):
    """The folder of a wheel's metadata, or None."""
    for name in names:
        folder, _, file = name.partition(b"/")
        if file == b"METADATA" and folder.endswith(b".dist-info"):
            return folder
    return None


def files_below(top):
    """Relative names (bytes) of all files, without what Python has compiled."""
    found = []
    for folder, inner, names in os.walk(top):
        inner[:] = [name for name in inner if name != b"__pycache__"]
        found += [os.path.join(folder, name)[len(top) + 1:] for name in names if not name.endswith((b".pyc", b".pyo"))]
    return sorted(found)


class Record(object):
    """The list of files that belong to a distribution ("Recording installed projects"), which lets others uninstall it."""

    def __init__(self, info):
        self.name = (info or b"") + b"/RECORD"
        self.entries = {}  # name, relative to the packages: hash and size; or the name that the wheel's own list has, and a path
        self.original = b""
        self.data = b"/"

    def add(self, name, name_in_wheel, path):
        self.entries[name] = (name_in_wheel, path)

    def add_content(self, name, content):
        self.entries[name] = fingerprint(content)

    def text(self):
        known = dict(read_rows(self.original))
        lines = []
        for name, (value, more) in sorted(self.entries.items()):
            if not value.startswith(b"sha256="):
                places = (value, self.data + value, self.data + b"purelib/" + value, self.data + b"platlib/" + value)
                found = [known[each] for each in places if each in known]
                value, more = found[0] if found else fingerprint(folders.read_if_there(more))  # old trees have no list
            lines.append(b",".join((quote(name), value, more)))
        return b"\n".join(lines + [quote(self.name) + b",,", b""])


def fingerprint(content):
    """Hash and size as RECORD gives them."""
    from binascii import b2a_base64

    digest = b2a_base64(compat.sha256(content).digest()).rstrip(b"=\n").replace(b"+", b"-").replace(b"/", b"_")
    return b"sha256=" + digest, str(len(content)).encode("ascii")


def read_rows(content):
    from _csv import reader  # `csv` would import `re`

    if not compat.PY2:  # whatever the locale says
        content = content.decode("utf-8", "surrogateescape")
    for row in reader(content.splitlines()):
        if len(row) == 3:
            name, value, size = row if compat.PY2 else [cell.encode("utf-8", "surrogateescape") for cell in row]
            yield name, (value, size)


def quote(name):
    return b'"' + name.replace(b'"', b'""') + b'"' if b"," in name or b'"' in name else name
