"""Distributions that lie in a PEX as installed trees, as upstream's do: in a zip file, in one of their own, or as folders."""

import os

from pexjs_runtime import archive, compat, wheels

PLACES = ((b".prefix/purelib/", b"lib/"), (b".prefix/platlib/", b"lib/"), (b".prefix/bin/", b"scripts/"))


class TreeContainer(archive.Container):
    """A PEX of which nothing is known but its PEX-INFO."""

    @property
    def is_loose(self):
        return self.is_folder and not os.path.isfile(self.home + "/.bootstrap")

    def top_names(self, file):
        try:
            return os.listdir(self.home + "/.deps/" + file)
        except OSError:
            raise archive.damaged(self.home, "it lacks `.deps/%s`" % file)

    def tree(self, file):
        """The file that holds the tree of a distribution, and the members of the tree."""
        if self.is_folder:
            region = archive.whole_file(self.home + "/.deps/" + file)
            return region.path, archive.members(region)
        top = compat.path_bytes(".deps/" + file + "/")
        return self.home, dict((name[len(top):], member) for name, member in self.members.items() if name.startswith(top))

    def stage(self, file, folder):
        path, members = self.tree(file)
        return wheels.stage_members(path, members, folder, installed_name)

    def describe(self, file, fingerprint):
        """What a plan of activation says of a distribution."""
        headers = read_headers(self.metadata(file))
        if not headers.get("name") or not headers.get("version"):
            raise archive.damaged(self.home, "`.deps/%s` lacks its metadata" % file)
        return {
            "file": file, "sha256": fingerprint, "project": normalize(headers["name"][0]), "version": headers["version"][0],
            "requires_python": headers.get("requires-python", [None])[0],
            "requires": [without_parentheses(text) for text in headers.get("requires-dist", ())],
        }

    def metadata(self, file):
        if self.holds_trees and self.is_loose:
            for name in self.top_names(file):
                if name.endswith(".dist-info"):
                    return self.read(".deps/%s/%s/METADATA" % (file, name))
            return b""
        if self.holds_trees:
            path, members = self.tree(file)
        else:
            region = self.wheel(file)
            path, members = region.path, archive.members(region)
        for name, member in members.items():
            if name.endswith(b".dist-info/METADATA") and name.count(b"/") == 1:
                return archive.content(path, member)
        return b""


def installed_name(name):
    """Where a file of an installed tree goes in the store; see `wheels`."""
    if name == b".layout.json":
        return None
    for start, place in PLACES:
        if name.startswith(start):
            return place + name[len(start):]
    if name.startswith(b".prefix/"):
        return b"data/" + name[len(b".prefix/"):]
    return b"lib/" + name


def normalize(name):
    from pexjs_runtime.standards.requirement import normalize

    return normalize(name)


def read_headers(content):
    """The headers of a METADATA file, their names in lower case."""
    headers = {}
    last = None
    for line in compat.native(content.decode("utf-8", "replace")).splitlines():
        if not line.strip():
            break
        if line[0] in " \t" and last is not None:
            last[-1] += " " + line.strip()
            continue
        name, _, value = line.partition(":")
        last = headers.setdefault(name.strip().lower(), [])
        last.append(value.strip())
    return headers


def without_parentheses(text):
    """`name (>=1)` is an older way to write `name>=1`."""
    head, semicolon, marker = text.partition(";")
    return text if "@" in head else head.replace("(", " ").replace(")", "") + semicolon + marker
