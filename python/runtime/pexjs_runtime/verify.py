"""PEX_VERIFY: what a start needs was made again beside what is in the cache; this compares the two.

So all of it counts: contents, links, names that are missing or that nobody has put there. Where anything differs,
`folders.publish` puts the new one in the place of the old.
"""

import os
import stat

from pexjs_runtime import compat, folders, place


def is_same(fresh, kept):
    """Whether two trees are equal, but for what Python has compiled in `kept`: that goes, for nothing tells whether it is right."""
    try:
        return same_entry(compat.path_bytes(fresh), compat.path_bytes(kept))
    except (OSError, IOError):
        return False


def same_entry(fresh, kept):
    wanted, found = os.lstat(fresh), os.lstat(kept)
    if stat.S_IFMT(wanted.st_mode) != stat.S_IFMT(found.st_mode):
        return False
    if stat.S_ISLNK(wanted.st_mode):
        return os.readlink(fresh) == os.readlink(kept)
    if stat.S_ISDIR(wanted.st_mode):
        return same_folder(fresh, kept)
    if wanted.st_mode & ~found.st_mode & 0o100:  # no program any more
        return False
    return os.path.samestat(wanted, found) or same_content(fresh, kept)


def same_folder(fresh, kept):
    names = os.listdir(fresh)
    for name in set(os.listdir(kept)).difference(names):
        if name != b"__pycache__" and not name.endswith((b".pyc", b".pyo")):
            return False
        folders.remove(kept + b"/" + name)
    return all([same_entry(fresh + b"/" + name, kept + b"/" + name) for name in names])


def same_content(fresh, kept):
    content = folders.read_if_there(fresh)
    if content == place.read(kept):
        return True
    if not content.endswith(place.MAGIC):
        return False
    folders.write_file(compat.path_text(kept), content)  # a record: equal ones differ in how `marshal` wrote them
    return True
