"""What lies in a virtual environment because the PEX has it: sources, distributions and their scripts."""

import os
import sys

from pexjs_runtime import compat, folders, install, sites, unpack, wheels
from pexjs_runtime.venv import interpreter, scripts
from pexjs_runtime.venv.distributions import InstalledWheel, Record, StoredWheel, files_below


class Packages(object):
    """Files by their place in the environment; the first one of a place wins."""

    def __init__(self, boot, folder, info):
        self.boot = boot
        self.library = interpreter.library()
        self.prefix = compat.path_bytes(self.library) + b"/"
        self.head = scripts.first_lines(folder, info.get("venv_hermetic_scripts", True))
        self.copies = bool(info.get("venv_site_packages_copies"))
        self.links = {}  # place: path of a file that may be linked
        self.copied = {}  # place: path of a file that belongs to somebody
        self.written = {}  # place: content, and whether it is a program
        self.reserved = set()
        self.owners = {}  # place: the distribution that has it
        self.refused = []  # (place that was taken, the distribution that wanted it, what for)

    def reserve(self, name):
        self.reserved.add(compat.path_bytes(name))

    def add(self, target, table, value, owner=None):
        """Whether the place was free."""
        if target in self.reserved or target in self.links or target in self.copied or target in self.written:
            self.refused.append((target, owner, value))
            return False
        table[target] = value
        self.owners[target] = owner
        return True

    def collisions(self):
        """(place, the distribution whose file it is, the one that has another file for it)"""
        found = []
        for target, owner, value in self.refused:
            there = self.links.get(target) or self.copied.get(target) or self.written.get(target)
            if owner and self.owners.get(target) and not means_the_same(target, content_of(there), content_of(value)):
                found.append((target, self.owners[target], owner))
        return found

    def add_sources(self, container):
        """The user's own files, before all others as on `sys.path`."""
        boot = self.boot
        if not boot.facts["has_code"]:
            return
        if boot.facts["layout"] != "zipapp":
            self.add_code(boot.home)
            return
        self.add_code(install.ensure_code(boot, container))

    def add_code(self, folder):
        """Sources from where they were unpacked, or from beside all else in the folder of a PEX."""
        is_unpacked = folder.startswith(self.boot.run + "/")
        table = self.links if is_unpacked else self.copied
        folder = compat.path_bytes(folder)
        for name in files_below(folder):
            if is_unpacked or install.is_own(name):
                self.add(self.prefix + name, table, folder + b"/" + name)

    def add_distributions(self, container, choice):
        chosen = choice.chosen
        roots = set(each.project for each in choice.roots)
        if container.holds_trees and container.is_loose:
            for each in chosen:
                self.add_distribution(each, InstalledWheel(self.boot, each), each["project"] in roots)
        else:
            for each, names in zip(chosen, wheels.ensure(self.boot, container, chosen)):
                self.add_distribution(each, StoredWheel(self.boot, each, names), each["project"] in roots)

    def add_others(self, sites):
        """The distributions of other PEX files, from the folders that are on `sys.path` without an environment."""
        for site in sites:
            table = self.links if site.startswith(self.boot.run + "/") else self.copied
            folder = compat.path_bytes(site)
            for name in files_below(folder):
                if name.startswith(b".prefix/") or name == b".layout.json":
                    continue
                self.add(self.prefix + name, table, folder + b"/" + name)
                if name.endswith(b".dist-info/entry_points.txt"):
                    for script, target in scripts.entry_points(folder + b"/" + name):
                        content = scripts.entry_point_script(self.head, target)
                        self.add(b"bin/" + compat.utf8(script), self.written, (content, True))

    def add_distribution(self, each, wheel, is_root):
        boot = self.boot
        table = self.links if wheel.may_link else self.copied
        record = Record(wheel.info)
        for name, path in wheel.files("lib"):
            if name == record.name:
                continue
            if self.add(self.prefix + name, table, path, each["file"]):
                record.add(name, name, path)
            else:
                boot.say(1, "%s: %s is also in an earlier distribution, which wins" % (each["file"], compat.path_text(name)))
        places = (("data", b""), ("headers", compat.path_bytes("include/site/python%d.%d/" % sys.version_info[:2]) + wheel.project + b"/"))
        for kind, prefix in places:
            for name, path in wheel.files(kind):
                if self.add(prefix + name, table, path, each["file"]):
                    record.add(self.from_library(prefix + name), kind.encode("ascii") + b"/" + name, path)
        self.add_scripts(each["file"], wheel, table, record)
        if wheel.info is None:
            return
        own = [(b"INSTALLER", b"pexjs\n")] + ([(b"REQUESTED", b"")] if is_root else [])
        for name, content in own:
            name = wheel.info + b"/" + name
            record.entries.pop(name, None)
            for old in (self.links, self.copied):
                old.pop(self.prefix + name, None)
            if self.add(self.prefix + name, self.written, (content, False)):
                record.add_content(name, content)
        record.original = folders.read_if_there(wheel.top + b"/" + record.name)
        record.data = wheel.info[:-len(b"dist-info")] + b"data/"
        self.add(self.prefix + record.name, self.written, (record, False))

    def add_scripts(self, owner, wheel, table, record):
        points = []
        if wheel.info is not None:
            points = scripts.entry_points(wheel.top + b"/" + wheel.info + b"/entry_points.txt")
        own = set(compat.utf8(name) for name, _ in points)  # installed trees have scripts for them, too
        for name, target in points:
            content = scripts.entry_point_script(self.head, target)
            self.add_script(owner, compat.utf8(name), content, record)
        for name, path in wheel.files("scripts"):
            content = scripts.rewritten(path, self.head)
            if content is not None:
                if name not in own:
                    self.add_script(owner, name, content, record)
            elif self.add(b"bin/" + name, table, path, owner):
                if not os.access(path, os.X_OK):
                    os.chmod(path, os.stat(path).st_mode | 0o111)
                record.add(self.from_library(b"bin/" + name), b"scripts/" + name, path)

    def add_script(self, owner, name, content, record):
        if self.add(b"bin/" + name, self.written, (content, True), owner):
            record.add_content(self.from_library(b"bin/" + name), content)

    def from_library(self, name):
        """A name in the environment, relative to its packages as RECORD wants it."""
        return b"../" * self.prefix.count(b"/") + name

    def put(self, top):
        """Create everything below `top`."""
        everything = {}
        for table in (self.links, self.copied, self.written):
            everything.update(table)
        parents = unpack.parents_of(list(everything) + [self.prefix + b"x", b"bin/x"])
        sites.drop_shadowed(self.boot, everything, parents)
        target = compat.path_bytes(top)
        os.mkdir(target)
        unpack.make_folders(target, parents)
        pairs = [(path, target + b"/" + name) for name, path in self.links.items() if name in everything]
        if self.copies:
            copy_all(pairs)
        else:
            sites.link_all(pairs, self.boot)
        copy_all([(path, target + b"/" + name) for name, path in self.copied.items() if name in everything])
        for name, (content, is_program) in self.written.items():
            if name in everything:
                write(target + b"/" + name, content if isinstance(content, bytes) else content.text(), is_program)


def content_of(value):
    """What will lie at a place."""
    if isinstance(value, tuple):
        return value[0]
    return folders.read_if_there(value)


def means_the_same(target, content, other):
    """Code that differs in its spaces and comments is one to Python: namespace packages come with such `__init__.py` files."""
    if content == other:
        return True
    if not target.endswith(b".py"):
        return False
    import ast

    try:
        return ast.dump(ast.parse(content)) == ast.dump(ast.parse(other))
    except (SyntaxError, TypeError, ValueError, MemoryError, RuntimeError):
        return False


def copy_all(pairs):
    for source, target in pairs:
        sites.copy(source, target)


def write(path, content, is_program):
    descriptor = os.open(path, unpack.CREATE, 0o777 if is_program else 0o666)
    try:
        folders.write_all(descriptor, content)
    finally:
        os.close(descriptor)
