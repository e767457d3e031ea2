"""Making folders that appear whole or not at all, and finding a place where that is possible."""

import errno
import marshal
import os
import sys
import time

from pexjs_runtime import compat, place
from pexjs_runtime.settings import Failure

STALE = 86400.0  # seconds after which a temporary folder belongs to nobody
# What every start or nearly every one needs, in the order in which one imports another.
WARM_MODULES = tuple("pexjs_runtime." + name for name in (
    "begin", "compat", "place", "settings", "running", "boot", "isolation", "start", "like_python",
))


def make_folder(path):
    try:
        os.makedirs(os.path.realpath(path))  # a link may lead to a disk that somebody has emptied
    except OSError:
        if not os.path.isdir(path):
            raise


def temporary_sibling(path):
    """A name beside `path` that nobody else uses; it is renamed to `path` when it is complete."""
    unique = "".join("%02x" % byte for byte in bytearray(os.urandom(6)))
    return "%s/.tmp-%d-%s" % (os.path.dirname(path), os.getpid(), unique)


def write_file(path, content):
    """Replace a file at once."""
    make_folder(os.path.dirname(path))
    temporary = temporary_sibling(path)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            write_all(descriptor, content)
        finally:
            os.close(descriptor)
        os.rename(temporary, path)
    except BaseException:
        remove(temporary)
        raise


def write_all(descriptor, content):
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, content[written:])


def read_if_there(path):
    """The bytes of a file, none if it is missing; one that cannot be read must not pass for a missing one."""
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except (OSError, IOError) as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR):
            raise
        return b""


def save_record(path, value):
    write_file(path, marshal.dumps(value) + place.MAGIC)


def publish(boot, temporary, path, is_whole):
    """Give a complete folder its name. Who comes second throws its own away; a damaged one makes room."""
    if boot.settings.get("PEX_VERIFY"):
        from pexjs_runtime.verify import is_same

        def is_whole():
            same = is_same(temporary, path)
            boot.say(1, "%s is %s" % (path, "what it should be" if same else "replaced: it was changed"))
            return same

    done = []
    while True:
        try:
            os.rename(temporary, path)
            break
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
        if is_whole():
            done.append(temporary)
            break
        try:
            done.append(set_aside(path))  # deleted later: programs that run from there find the new one at once
        except OSError as error:
            if error.errno != errno.ENOENT:  # else another start was faster
                raise
    for each in done:
        remove(each)


def set_aside(path):
    """Take a folder out of use; returns its new name. Those who have it open keep it.

    What comes from a lower layer of an overlay, as in a container whose image holds a cache, cannot be renamed: it is deleted where it is.
    """
    aside = temporary_sibling(path)
    try:
        os.rename(path, aside)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        for mark in ("/.last-access", "/files"):  # without which nobody takes the rest for whole
            remove(path + mark)
        remove(path)
        if os.path.lexists(path):
            raise
    return aside


def remove(path):
    """Delete a file or folder as far as possible."""
    try:
        if os.path.islink(path) or not os.path.isdir(path):
            os.unlink(path)
            return
        for name in os.listdir(path):
            remove(os.path.join(path, name))
        os.rmdir(path)
    except OSError:
        pass


def remove_damaged(path):
    """Take a folder out of use and delete it."""
    try:
        remove(set_aside(path))
    except OSError:
        pass


def sweep(folder):
    """Delete what killed processes have left in `folder`."""
    limit = time.time() - STALE
    for name in os.listdir(folder):
        path = folder + "/" + name
        try:
            stale = name.startswith(".tmp-") and os.lstat(path).st_mtime < limit
        except OSError:  # finished meanwhile
            continue
        if stale:  # taken away first: where clocks differ somebody may be filling it, and must not finish it
            remove_damaged(path)


def choose_root(boot):
    """Make sure that the cache can be written; otherwise take a temporary one, which ends with the process."""
    problem = try_root(boot.run)
    if problem is None:
        return
    for folder in (os.environ.get("TMPDIR"), "/tmp", "/dev/shm", "."):
        if not folder:
            continue
        try:
            temporary = temporary_sibling(os.path.join(os.path.abspath(folder), "x")).replace(".tmp-", "pex-root-")
            os.mkdir(temporary, 0o700)
        except OSError:
            continue
        if try_root(place.run_folder(temporary)) is None:
            use_temporary_root(boot, temporary, problem)
            return
        remove(temporary)
    hint = "set PEX_ROOT to a folder that can be written, or build the PEX with `--layout loose`, which runs in place"
    raise Failure("No place for the cache: %s and all temporary folders are not writable" % boot.root, hint)


def try_root(run):
    if run.startswith("~"):
        return OSError(errno.ENOENT, "there is no home folder")
    try:
        for name in ("locks", "wheels", "sites", "code", "activations"):
            make_folder(run + "/" + name)
        probe = temporary_sibling(run + "/locks/x")
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.unlink(probe)
    except OSError as error:
        return error
    return None


def use_temporary_root(boot, root, problem):
    text = "the cache %s is not writable (%s), everything is unpacked again to %s: set PEX_ROOT"
    boot.warn(text % (boot.root, problem.strerror, root))
    place.set_root(boot, root)
    remove_at_exit(root)


def remove_at_exit(root):
    import atexit

    def clean(owner=os.getpid(), remove=remove, modules=(sys.modules[__name__], os, place)):
        if os.getpid() == owner:
            remove(root)

    atexit.register(clean)


def save_modules(boot):
    """Keep the runtime compiled: to compile it again at every start would cost more than all the rest of a warm one."""
    finder = boot.finder
    if finder.is_plain:
        from pexjs_runtime.in_place import keep_modules

        keep_modules(boot)
        return
    compiled, finder.compiled = finder.compiled, {}
    finder.saved = dict(finder.saved, **compiled)
    path = place.modules_file(boot)
    try:
        if any(name not in WARM_MODULES for name in compiled):
            save_record(path + "-more", dict((name, code) for name, code in finder.saved.items() if name not in WARM_MODULES))
        if any(name in WARM_MODULES for name in compiled):
            save_record(path, dict((name, finder.saved[name]) for name in WARM_MODULES if name in finder.saved))
    except (OSError, IOError):
        pass
    if finder.lock is not None:
        finder.lock.release()
