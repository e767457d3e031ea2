"""One site-packages for all activated wheels: hard links to the store, so that a second PEX with the same wheels costs little.

    sites/<key>/site-packages/...   the earlier distribution wins where two have the same file
                contents          marshal: {"names": top-level names, "pth": whether there are .pth or .start files}
                .last-access      its date tells pruning when it was last used; a shared lock, that it is
"""

import errno
import os

from pexjs_runtime import compat, folders, place, unpack, wheels

CANNOT_LINK = (errno.EPERM, errno.EMLINK, errno.EXDEV, errno.ENOTSUP, errno.ENOSYS, errno.EACCES)


def site_key(boot, distributions):
    """Same wheels in the same order under the same kind of interpreter: same folder."""
    text = "\n".join([boot.abi] + [each["sha256"] for each in distributions])
    return compat.sha256(text.encode("utf-8")).hexdigest()[:32]


def ensure(boot, container, distributions):
    """Have the merged folder of these distributions; returns its key and contents."""
    key = site_key(boot, distributions)
    folder = "%s/sites/%s" % (boot.run, key)
    contents = place.kept(boot, place.load, folder + "/contents")
    if contents is None or not place.is_ours(folder, "/site-packages", contents["names"]):
        folders.sweep(boot.run + "/sites")
        contents = wheels.mending(boot, distributions, lambda: build(boot, container, distributions, folder))
        place.hold(folder)
    return key, contents


def build(boot, container, distributions, folder):
    files = wheels.ensure(boot, container, distributions)
    temporary = folders.temporary_sibling(folder)
    try:
        contents = merge(boot, distributions, files, temporary)
        folders.save_record(temporary + "/contents", contents)
        folders.write_file(temporary + "/.last-access", b"")
        folders.publish(boot, temporary, folder, lambda: place.has_names(folder + "/site-packages", contents["names"]))
    except BaseException:
        folders.remove(temporary)
        raise
    return contents


def merge(boot, distributions, files, temporary):
    """Link every file of every wheel; the first one of a name wins."""
    target = compat.path_bytes(temporary) + b"/site-packages"
    owners = {}
    for each, names in zip(distributions, files):
        source = compat.path_bytes(wheels.store_folder(boot.run, each["sha256"])) + b"/lib/"
        for name in names:
            first = owners.setdefault(name, source)
            if boot.verbose and first is not source and place.read(first + name) != place.read(source + name):
                boot.say(1, "%s: %s is also in an earlier distribution, which wins" % (each["file"], compat.path_text(name)))
    parents = unpack.parents_of(owners)
    drop_shadowed(boot, owners, parents)
    folders.make_folder(compat.path_text(target))
    unpack.make_folders(target, parents)
    link_all([(source + name, target + b"/" + name) for name, source in owners.items()], boot)
    top_names = sorted(set(name.partition(b"/")[0] for name in owners))
    return {"names": tuple(top_names), "pth": has_startup_files(top_names)}


def has_startup_files(names):
    """Whether Python runs any of these when it finds them at the top of its site-packages."""
    return any(compat.path_bytes(name).endswith((b".pth", b".start")) for name in names)


def drop_shadowed(boot, owners, parents):
    """What one wheel has as a file and another as a folder cannot be both: the file goes."""
    for name in sorted(parents):
        if name in owners:
            boot.say(1, "%s is a file and a folder: the folder wins" % compat.path_text(name))
            del owners[name]


def link_all(pairs, boot):
    def work():
        link = os.link
        try:
            while pairs:
                source, target = pairs.pop()
                try:
                    link(source, target)
                except OSError as error:
                    if error.errno not in CANNOT_LINK:
                        raise
                    copy(source, target)
        except IndexError:  # another thread took the last pair
            if pairs:
                raise

    threads = unpack.count_threads(boot)
    unpack.in_threads(work, min(threads, len(pairs) // 500 + 1))


def copy(source, target):
    mode = os.stat(source).st_mode
    with open(source, "rb") as stream:
        descriptor = os.open(target, unpack.CREATE, mode & 0o777)
        try:
            piece = stream.read(unpack.PIECE)
            while piece:
                folders.write_all(descriptor, piece)
                piece = stream.read(unpack.PIECE)
        finally:
            os.close(descriptor)
