"""The store of unpacked wheels, one folder for each, shared by all PEX files and interpreters.

    wheels/<sha256>/lib/...      what goes to site-packages: the wheel's root, and purelib and platlib of its .data
                    scripts/...  data/...  headers/...    the other parts of .data
                    files      the names below lib/, with NUL bytes between them
"""

import errno
import os

from pexjs_runtime import archive, compat, folders, place, unpack


def store_folder(run, sha256):
    return "%s/wheels/%s" % (run, sha256)


def listed_files(run, sha256):
    """The names (bytes) below `lib/` of an unpacked wheel; none if it is not unpacked."""
    content = folders.read_if_there(store_folder(run, sha256) + "/files")
    return content.split(b"\0") if content else []


def mending(boot, distributions, work):
    """`work()`; if it misses a file, once more with all these wheels unpacked again: a cleaner may have taken some."""
    try:
        return work()
    except (OSError, IOError) as error:
        if error.errno != errno.ENOENT:
            raise
    boot.say(1, "the store of wheels is damaged, it is made again")
    for each in distributions:
        folders.remove_damaged(store_folder(boot.run, each["sha256"]))
    return work()


def ensure(boot, container, distributions):
    """Have all these wheels unpacked; returns the names below `lib/` for each."""
    files = [place.kept(boot, listed_files, boot.run, each["sha256"]) for each in distributions]
    missing = [each for each, names in zip(distributions, files) if not names]
    if not missing:
        return files
    boot.say(1, "unpacking %d of %d wheels to %s" % (len(missing), len(distributions), boot.run))
    folders.sweep(boot.run + "/wheels")
    staged = []
    try:
        jobs = []
        for each in missing:
            boot.say(2, "unpacking %s" % each["file"])
            folder = store_folder(boot.run, each["sha256"])
            staged.append((folders.temporary_sibling(folder), folder))
            jobs += stage(container, each, staged[-1][0])
        unpack.unpack(jobs, unpack.count_threads(boot))
        for temporary, folder in staged:
            folders.publish(boot, temporary, folder, lambda: place.read(folder + "/files"))
    except BaseException:
        for temporary, _ in staged:
            folders.remove(temporary)
        raise
    return [listed_files(boot.run, each["sha256"]) for each in distributions]


def stage(container, distribution, folder):
    """Make the folders that a distribution needs, and its list of files; returns the jobs that fill them."""
    file = distribution["file"]
    if container.holds_trees:
        return container.stage(file, folder)
    region = container.wheel(file)
    members = archive.members(region)
    data = data_folder(members)
    jobs = stage_members(region.path, members, folder, lambda name: installed_name(name, data))
    for job in jobs:
        job.crc = None
    return jobs + [unpack.Check(file, region, distribution["sha256"])]


def stage_members(path, members, folder, goes_to):
    """The same for members of the file `path`; `goes_to` tells their places, None those that are not wanted."""
    jobs = []
    names = []
    targets = []
    top = compat.path_bytes(folder)
    for name, member in members.items():
        unpack.check_name(name, path)
        target = goes_to(name)
        if target is None:
            continue
        if target.startswith(b"lib/"):
            names.append(target[4:])
        targets.append(target)
        jobs.append(unpack.Job(path, member, top + b"/" + target))
    os.mkdir(folder)
    unpack.make_parents(top, targets)
    with open(folder + "/files", "wb") as stream:
        stream.write(b"\0".join(sorted(names)))
    return jobs


def data_folder(members):
    """`<name>-<version>.data/`, found by the .dist-info beside it."""
    for name in members:
        top, slash, rest = name.partition(b"/")
        if top.endswith(b".dist-info") and rest == b"WHEEL":
            return top[:-len(b"dist-info")] + b"data/"
    return b"/"  # no member starts so


def installed_name(name, data):
    if not name.startswith(data):
        return b"lib/" + name
    scheme, _, rest = name[len(data):].partition(b"/")
    if scheme in (b"purelib", b"platlib"):
        return b"lib/" + rest
    return (scheme if scheme in (b"scripts", b"headers") else b"data") + b"/" + rest
