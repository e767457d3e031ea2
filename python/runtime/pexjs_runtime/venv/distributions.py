"""The files of an unpacked or installed wheel by where they go, and the RECORD of what has become of them."""

import os

from pexjs_runtime import compat, wheels


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
    """As it lies in a loose PEX: packages at its root, the rest below `.prefix`."""

    may_link = False
    FOLDERS = {"lib": b"", "scripts": b"/.prefix/bin", "data": b"/.prefix/data", "headers": b"/.prefix/include/site/pythonX.Y"}

    def __init__(self, boot, distribution):
        self.top = compat.path_bytes(boot.home + "/.deps/" + distribution["file"])
        self.project = compat.path_bytes(distribution["file"].split("-")[0])
        self.info = find_info(name for name, _ in self.files("lib"))

    def files(self, kind):
        folder = self.top + self.FOLDERS[kind]
        names = files_below(folder)
        if kind == "lib":
            names = [name for name in names if not name.startswith(b".prefix/") and name != b".layout.json"]
        if kind == "headers":  # they lie in a folder of the project's name, which is added again
            return [(name.partition(b"/")[2], folder + b"/" + name) for name in names]
        return [(name, folder + b"/" + name) for name in names]


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
        self.entries = {}  # name, relative to the packages: hash and size, or the name that the wheel's own list has
        self.original = b""
        self.data = b"/"

    def add(self, name, name_in_wheel):
        self.entries[name] = name_in_wheel

    def add_content(self, name, content):
        from binascii import b2a_base64

        digest = b2a_base64(compat.sha256(content).digest()).rstrip(b"=\n").replace(b"+", b"-").replace(b"/", b"_")
        self.entries[name] = (b"sha256=" + digest, str(len(content)).encode("ascii"))

    def text(self):
        known = dict(read_rows(self.original))
        lines = []
        for name, value in sorted(self.entries.items()):
            if not isinstance(value, tuple):
                places = (value, self.data + value, self.data + b"purelib/" + value, self.data + b"platlib/" + value)
                value = ([known[each] for each in places if each in known] or [(b"", b"")])[0]
            lines.append(b",".join((quote(name),) + value))
        return b"\n".join(lines + [quote(self.name) + b",,", b""])


def read_rows(content):
    from _csv import reader  # `csv` would import `re`

    text = content if compat.PY2 else content.decode("utf-8", "surrogateescape")
    for row in reader(text.splitlines()):
        if len(row) == 3:
            yield compat.path_bytes(row[0]), (compat.path_bytes(row[1]), compat.path_bytes(row[2]))


def quote(name):
    return b'"' + name.replace(b'"', b'""') + b'"' if b"," in name or b'"' in name else name
