"""Distributions that lie in a PEX as installed trees, as upstream's do: in a zip file, in one of their own, or as folders."""

import os

from pexjs_runtime import archive, compat, wheels

# What lies below `.prefix/` and where it goes; all else there is of the scheme `data`, as older releases kept it.
PLACES = ((b"purelib/", b"lib/"), (b"platlib/", b"lib/"), (b"bin/", b"scripts/"), (b"data/", b"data/"))
HEADERS = b"include/site/pythonX.Y/"
HEXADECIMAL = "0123456789abcdef"


class TreeContainer(archive.Container):
    """A PEX of which nothing is known but its PEX-INFO."""

    found = None

    def __init__(self, home):
        archive.Container.__init__(self, home)
        self.opened = {}  # the members of trees that are files of their own

    @property
    def is_loose(self):
        return self.is_folder and not os.path.isfile(self.home + "/.bootstrap")

    def top_names(self, file):
        try:
            return os.listdir(self.home + "/.deps/" + file)
        except OSError:
            raise archive.damaged(self.home, "it lacks `.deps/%s`" % file)

    def key(self, file, fingerprint):
        """What a distribution is kept by. Of a tree nobody can check what is said of it: so what its archive lists counts with it."""
        if not self.holds_trees or self.is_loose:
            return safe_name(fingerprint)
        digest = compat.sha256(b"tree " + fingerprint.encode("utf-8", "backslashreplace"))
        for name, member in sorted(self.tree(file)[1].items()):
            facts = "\0%d %d %d\n" % (member.crc, member.size, member.executable)
            digest.update(name + facts.encode("ascii"))
        return digest.hexdigest()

    def tree(self, file):
        """The file that holds the tree of a distribution, and the members of the tree."""
        if self.is_folder:
            if file not in self.opened:
                self.opened[file] = archive.members(archive.whole_file(self.home + "/.deps/" + file))
            return self.home + "/.deps/" + file, self.opened[file]
        before = self.before().get("wheels", {})
        if file in before:
            return self.home, archive.members(self.region_before(before[file]))
        return self.home, self.trees().get(compat.path_bytes(file), {})

    def trees(self):
        """The members of all trees in the archive, by distribution: there may be many of both."""
        if self.found is None:
            self.found = {}
            for name, member in self.members.items():
                if name.startswith(b".deps/"):
                    file, _, inner = name[len(b".deps/"):].partition(b"/")
                    self.found.setdefault(file, {})[inner] = member
        return self.found

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


def complete(container, info):
    """The PEX-INFO of a PEX that anybody may have built, with a plan of activation if it has none."""
    container.holds_trees = not info.get("deps_are_wheel_files")
    files = dict((file, container.key(file, fingerprint)) for file, fingerprint in (info.get("distributions") or {}).items())
    plan = info.get("activation_plan")
    if plan:
        distributions = [dict(each, sha256=files.get(each["file"]) or safe_name(each["sha256"])) for each in plan["distributions"]]
        return dict(info, activation_plan=dict(plan, distributions=distributions))
    distributions = [container.describe(file, files[file]) for file in sorted(files)]
    return dict(info, activation_plan={"roots": info.get("requirements") or [], "distributions": distributions})


def safe_name(text):
    """What another builder has written names folders of ours."""
    return text if text and not text.strip(HEXADECIMAL) else compat.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def installed_name(name):
    """Where a file of an installed tree goes in the store; see `wheels`."""
    if name == b".layout.json":
        return None
    if not name.startswith(b".prefix/"):
        return b"lib/" + name
    inner = name[len(b".prefix/"):]
    for start, place in PLACES:
        if inner.startswith(start):
            return place + inner[len(start):]
    if inner.startswith(HEADERS):  # they lie in a folder of the project's name, which whoever installs them adds again
        return b"headers/" + inner[len(HEADERS):].partition(b"/")[2]
    return b"data/" + inner


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
