"""Where the runtime keeps things, and whether they are still whole. `docs/internals/runtime.md` shows the tree."""

import marshal
import os
import sys

from pexjs_runtime import compat

DAY = 86400
MAGIC = b"\npexjs 1\n"


NOTHING = {"site": "", "names": (), "pth": False, "requirements": 0, "distributions": ()}


def find_root(facts, settings):
    """The folder of all caches; `main.py` says the same once more, because it needs it before it can import.

    It still starts with a tilde where nobody knows a home; such a folder is never made. Links on the way to it are followed: build tools
    give each step a folder with such a link, which is gone when the next step starts what this one has made.
    """
    caches = "~/Library/Caches" if sys.platform == "darwin" else os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    root = os.path.expanduser(settings.get("PEX_ROOT") or compat.system_text(facts["pex_root"] or u"") or caches + "/pex")
    try:
        return root if root.startswith("~") else os.path.realpath(root)
    except OSError:  # relative to a working directory that was deleted: such a folder cannot be made either
        return root


def run_folder(root):
    return root + "/pexjs/1/run"


def set_root(boot, root):
    boot.root = root
    boot.run = run_folder(root)


def modules_file(boot):
    """Where the compiled modules of a warm start are kept; `main.py` knows it too."""
    folder = boot.home + "/__pycache__" if boot.facts["layout"] == "loose" else boot.run + "/warm"
    return "%s/%s-%x-%d" % (folder, boot.facts["bootstrap_hash"], sys.hexversion, compat.PYPY)


def abi_key():
    """Names what two interpreters must share to share unpacked code: one home folder may serve many machines."""
    implementation = sys.implementation.name if hasattr(sys, "implementation") else "python"
    system = os.uname()
    try:
        libc = os.confstr("CS_GNU_LIBC_VERSION").replace(" ", "")
    except (AttributeError, ValueError, OSError):
        libc = system[0] + (system[2].split(".")[0] if sys.platform == "darwin" else "-libc")
    bits = "64" if sys.maxsize > 2**32 else "32"
    parts = (implementation, "%x" % sys.hexversion, compat.extension_suffix(), system[4] + "-" + bits, libc)
    return "-".join(part for part in parts if part).replace("/", "_")


def read(path):
    """A file's bytes, or None."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        content = os.read(descriptor, 1 << 15)
        while len(content) >= 1 << 15:
            more = os.read(descriptor, 1 << 20)
            if not more:
                break
            content += more
        return content
    except OSError:
        return None
    finally:
        os.close(descriptor)


def load(path):
    """A record written by `folders.save_record`, or None if it is missing or damaged."""
    content = read(path)
    if content is None or not content.endswith(MAGIC):
        return None
    try:
        return marshal.loads(content)
    except (EOFError, ValueError, TypeError):
        return None


def has_names(folder, names):
    """Whether every name is there: cleaners of temporary folders like to take some."""
    try:
        return set(names).issubset(os.listdir(compat.path_bytes(folder)))
    except OSError:
        return False


def kept(boot, look, *where):
    """What `look` finds in the cache; under PEX_VERIFY nothing, so that all is made again and compared: see `verify`."""
    return None if boot.settings.get("PEX_VERIFY") else look(*where)


def code_folder(run, facts):
    """The unpacked sources of a PEX, or None if they are not (any longer) whole."""
    folder = "%s/code/%s" % (run, facts["code_key"])
    names = read(folder + "/names")
    whole = names is not None and is_ours(folder, "/src", names.split(b"\0"))
    return folder + "/src" if whole else None


def activation(run, facts, abi):
    """What a boot under this interpreter found out: as `install` notes it down; None if it must be found out again."""
    for identity in identities(facts):
        found = load("%s/activations/%s-%s" % (run, identity, abi))
        if found is not None:
            whole = not found["site"] or is_ours("%s/sites/%s" % (run, found["site"]), "/site-packages", found["names"])
            return found if whole else None
    return None


def identities(facts):
    """The names under which an activation may be found, the widely shared one first.

    What depends on more than the distributions and the interpreter is found by the hash of the whole PEX only.
    """
    if facts["deps_hash"] and not facts["interpreter_constraints"]:
        return (facts["deps_hash"], facts["pex_hash"])
    return (facts["pex_hash"],)


def site_folder(run, found):
    """The merged site-packages of an activation."""
    return "%s/sites/%s/site-packages" % (run, found["site"])


def site_folders(boot, found):
    """What stands on `sys.path`: the merged folder, or each distribution where it lies in a loose PEX."""
    if "folders" in found:  # inside a virtual environment
        return found["folders"]
    if found["site"]:
        return [site_folder(boot.run, found)]
    return [boot.home + "/.deps/" + file for file, _ in found["distributions"]]


def shell_folder(boot):
    """Where a shell that starts this PEX looks for shorter ways: see `shell`."""
    return "%s/shell/%s" % (boot.run, boot.facts["sh_boot"])


def helps_shell(boot, path):
    """Whether this way is there, and pruning has not begun to close it."""
    return os.path.exists(path) and os.path.exists(shell_folder(boot) + "/open")


def is_ours(folder, inner, names):
    """Whether everything is there; then it stays until exit. Held first: pruning may come between a look and a lock."""
    descriptor = hold(folder)
    if descriptor is None:
        return False
    whole = has_names(folder + inner, names)
    if not whole:
        os.close(descriptor)
    return whole


def hold(folder):
    """Keep pruning away: a shared lock until exit, and a date of use that is at most a day old.

    Returns its descriptor, or None if the folder is gone or about to go. Read-only caches work as well, and file systems
    without locks, where pruning refuses to work.
    """
    path = folder + "/.last-access"
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        import time

        compat.close_on_exec(descriptor)
        state = os.fstat(descriptor)
        if not lock_shared(descriptor) or os.stat(path).st_ino != state.st_ino:  # moved away before it was locked
            os.close(descriptor)
            return None
        if time.time() - state.st_mtime > DAY:
            os.utime(path, None)
    except (ImportError, OSError, IOError):
        pass
    return descriptor


def lock_shared(descriptor):
    """False if another process has it for itself; a file system without locks says neither."""
    try:
        from fcntl import LOCK_NB, LOCK_SH, flock

        flock(descriptor, LOCK_SH | LOCK_NB)
    except (ImportError, OSError, IOError) as error:
        from errno import EAGAIN

        return getattr(error, "errno", None) != EAGAIN
    return True
