"""Scripts of a virtual environment: those of entry points, and those that lie in wheels."""

import os

from pexjs_runtime import compat, folders
from pexjs_runtime.venv.interpreter import versioned_name
from pexjs_runtime.venv.outside import isolated

LONGEST = 127  # bytes of a first line that every kernel reads

# What the shell and Python both can read: the shell replaces itself by Python, which sees a string.
BY_SHELL = """#!/bin/sh
# -*- coding: %s -*-
'''exec' '%s' %s"$0" "$@"
' '''
"""
ENTRY_POINT = """# -*- coding: utf-8 -*-
import sys

from %s import %s

if __name__ == "__main__":
    sys.exit(%s())
"""
MODULE = """# -*- coding: utf-8 -*-
import runpy

runpy.run_module("%s", run_name="__main__", alter_sys=True)
"""


def first_lines(folder, hermetic):
    """What makes a Python file of the environment in `folder` a program."""
    option = isolated() if hermetic else ""
    python = "%s/bin/%s" % (folder, versioned_name())
    line = "#!%s %s" % (python, option) if option else "#!" + python
    letters = bytearray(compat.path_bytes(line))
    if len(letters) <= LONGEST and max(letters) < 128 and len(python.split()) == 1:  # Python 2 wants ASCII there
        return line + "\n"
    return BY_SHELL % (coding(letters), quoted(python), option + " " if option else "")


def coding(letters):
    """What Python can read a file with this path in: the bytes in the name of a folder need not be text."""
    try:
        letters.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def quoted(text):
    """For the shell between single quotes, and for Python between three: no backslash stands alone."""
    return "'\\''".join(part.replace("\\", "'\"\\\\\"'") for part in text.split("'"))


def entry_point_script(head, target):
    """The program for `module:function`, or for a module."""
    module, _, attribute = target.partition(":")
    if not attribute:
        return compat.path_bytes(head) + compat.utf8(MODULE % module)
    return compat.path_bytes(head) + compat.utf8(ENTRY_POINT % (module, attribute.partition(".")[0], attribute))


def entry_points(path):
    """(name, `module:function`) for each console and GUI script in a file `entry_points.txt`; impossible names are left out."""
    return points_in(folders.read_if_there(path).decode("utf-8", "replace"))


def points_in(text):
    from pexjs_runtime.scripts import points

    found = [(compat.native(name), compat.native(target)) for name, target in points(text)]
    return [(name, target) for name, target in found if is_name(name) and is_reference(target)]


def is_name(name):
    return bool(name) and name not in (".", "..") and not any(letter in name for letter in "/\\\0")


def is_reference(target):
    """Whether it can stand in an import: what a wheel says is not trusted to be no other code."""
    parts = target.replace(":", ".", 1).split(".")
    return all(part and not part[0].isdigit() and part.replace("_", "a").isalnum() for part in parts)


def rewritten(path, head):
    """The content of a script from a wheel with its own first line replaced, or None if it is no Python script."""
    with open(path, "rb") as stream:
        start = stream.read(2)
        if start != b"#!":
            return None
        first, _, rest = (start + stream.read()).partition(b"\n")
    words = first[2:].split()
    name = os.path.basename(words[-1] if words and words[0].endswith(b"/env") else words[0]) if words else b""
    if not name.startswith((b"python", b"pypy")):
        return None
    lines = compat.path_bytes(head).split(b"\n")
    second, _, others = rest.partition(b"\n")
    if lines[1] and second.lstrip().startswith(b"#") and b"coding" in second:  # which counts in the second line only
        lines[1], rest = second, others
    return b"\n".join(lines) + rest
