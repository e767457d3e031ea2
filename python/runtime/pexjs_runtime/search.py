"""Finds Python interpreters, and asks them whether they can run this PEX."""

import os
import sys

from pexjs_runtime import compat, folders, place
from pexjs_runtime.boot import SAVED_PATH, STAGE
from pexjs_runtime.interpreters import ANSWER, is_running
from pexjs_runtime.like_python import working_folder
from pexjs_runtime.settings import Failure

PATIENCE = 10  # seconds: all candidates together have them to say whether they fit
LONGEST_ANSWER = 1 << 20  # bytes


def pick(boot):
    """The interpreter that PEX_PYTHON and PEX_PYTHON_PATH ask for."""
    wanted = boot.settings.get("PEX_PYTHON")
    places = boot.settings.get("PEX_PYTHON_PATH")
    if wanted and os.sep in wanted:
        return pick_path(boot, compat.absolute(os.path.expanduser(wanted)), wanted, places)
    candidates = list_interpreters(places, wanted)
    where = "PEX_PYTHON_PATH=%s" % os.pathsep.join(places) if places else "PATH"
    if not candidates:
        what = "No Python named %s is on %s" % (wanted, where) if wanted else "No Python is on %s" % where
        variable = "PEX_PYTHON" if wanted else "PEX_PYTHON_PATH"
        raise Failure(what, "correct or unset %s" % variable)
    running = [path for path in candidates if is_running(path, boot)]
    if running and (not wanted or len(candidates) == 1):
        return running[0]
    if len(candidates) == 1 and is_named_python(candidates[0]):
        return candidates[0]
    strategy = "first" if wanted and not places else sealed_strategy(boot.read_info())  # PATH has an order, a choice has none
    found, others = choose_fitting(boot, candidates, strategy)
    if not found:
        raise Failure("\n".join(["No fitting Python %sis on %s" % (wanted + " " if wanted else "", where)] + others), "name another Python by PEX_PYTHON, or other places by PEX_PYTHON_PATH")
    return found


def pick_path(boot, path, wanted, places):
    is_program = os.access(path, os.X_OK) and not os.path.isdir(path)
    if not is_program or not is_named_python(path) and not has_answered(ask(boot, [path])[0][1]):
        raise Failure("PEX_PYTHON=%s is no Python interpreter" % wanted, "correct or unset PEX_PYTHON")
    if places and os.path.realpath(path) not in [os.path.realpath(each) for each in list_interpreters(places)]:
        raise Failure("PEX_PYTHON=%s is not on PEX_PYTHON_PATH=%s" % (wanted, os.pathsep.join(places)), "unset one of them")
    return path


def find_fitting(boot, info):
    """An interpreter on the search path that can run the PEX, or None; and lines about those that cannot."""
    candidates = [path for path in list_interpreters(boot.settings.get("PEX_PYTHON_PATH")) if not is_running(path, boot)]
    return choose_fitting(boot, candidates, sealed_strategy(info))


def sealed_strategy(info):
    return info.get("interpreter_selection_strategy") or "oldest"


def list_interpreters(places=None, name=None):
    """Paths of interpreters in folders (and of files) in the order of the search path, each real file once."""
    found, seen = [], set()
    for entry in places or os.environ.get("PATH", os.defpath).split(os.pathsep):
        if os.path.isfile(entry):
            paths = [entry] if name in (None, os.path.basename(entry)) else []
        else:
            paths = list_folder(entry, name)
        for path in paths:
            if os.access(path, os.X_OK) and os.path.isfile(path):
                known = os.path.realpath(path), not is_named_python(path) and os.path.basename(path)  # shims may share a program
                if known not in seen:
                    seen.add(known)
                    found.append(path)
    return found


def list_folder(folder, name):
    try:
        names = [name] if name else sorted(each for each in os.listdir(folder or ".") if is_python_name(each))
    except OSError:
        return []
    if os.path.basename(folder) == "shims" and os.path.isdir(os.path.join(os.path.dirname(folder), "versions")):
        return [path for path in (behind_shim(os.path.dirname(folder), each) for each in names) if path]
    return [os.path.join(folder, each) for each in names]


def is_python_name(name):
    for prefix in ("python", "pypy"):
        if name.startswith(prefix):
            return not name[len(prefix):].rstrip("td").strip("0123456789.")  # there are free-threaded and debug builds
    return False


def is_named_python(path):
    """Whether a program can be started without asking: it says by its name what it is, and is no shim, which may have nothing to run."""
    name = os.path.basename(os.path.realpath(path))
    return name.startswith(("python", "pypy")) and os.path.basename(os.path.dirname(path)) != "shims"


def behind_shim(pyenv, name):
    """What a shim of pyenv would run; None if its version is not active, for then it fails."""
    versions = os.path.join(pyenv, "versions")
    for active in active_versions(pyenv):
        for version in [active] + sorted((each for each in os.listdir(versions) if each.startswith(active + ".")), reverse=True):
            path = os.path.join(versions, version, "bin", name)
            if os.path.isfile(path):
                return path
    return None


def active_versions(pyenv):
    chosen = os.environ.get("PYENV_VERSION")
    if chosen:
        return chosen.split(":")
    folder = working_folder()
    files = [os.path.join(pyenv, "version")]
    while True:
        files.insert(-1, os.path.join(folder, ".python-version"))
        if folder == os.path.dirname(folder):
            break
        folder = os.path.dirname(folder)
    for path in files:
        content = place.read(path)
        if content is not None:
            return [line for line in content.decode("utf-8", "replace").split() if not line.startswith("#")]
    return []


def choose_fitting(boot, candidates, strategy):
    """The best of the candidates that fit, remembered for the next start; and lines about the others."""
    record = memory(boot, candidates, strategy)
    known = place.load(record)
    if known is not None and known[0] in candidates and known[1:] == state(known[0]):
        return known[0], []
    fitting, lines = [], []
    for path, words in ask(boot, candidates):
        if not has_answered(words):
            lines.append("%s does not work" % path)
        elif words[1] == "fits":
            fitting.append((path, words[0]))
        else:
            lines.append("%s (%s) cannot run it: %s" % (words[0], path, "\n".join(words[2:-1])))
    if not fitting:
        return None, lines
    found = fitting[0][0] if strategy == "first" else best(fitting, strategy)
    if is_named_python(found):  # a shim may have another answer next time
        try:
            folders.save_record(record, (found,) + state(found))
        except OSError:
            pass
    return found, lines


def ask(boot, candidates):
    """What each of them says, all at the same time: its title, `fits` or `unfit` and why; nothing if it does not work."""
    import time

    end = time.time() + PATIENCE
    processes = [(path, probe(boot, path)) for path in candidates]
    texts = [(path, compat.native(listen(process, end).decode("utf-8", "replace"))) for path, process in processes]
    return [(path, text.partition(ANSWER)[2].split("\0")) for path, text in texts]


def has_answered(words):
    return len(words) >= 3


def best(fitting, strategy):
    """The oldest or newest minor version, of that the highest patch."""

    def key(pair):
        from pexjs_runtime.standards.version import Version

        version = Version(pair[1].split()[-1])
        minor = version.release[:2]
        return tuple(-number for number in minor) if strategy == "oldest" else minor, version.key()

    return max(fitting, key=key)[0]


def memory(boot, candidates, strategy):
    words = [boot.facts["pex_hash"], strategy, os.path.realpath(sys.executable)] + candidates
    return "%s/interpreters/%s" % (boot.run, compat.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()[:32])


def state(path):
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return int(found.st_mtime), found.st_size


def listen(process, end):
    """What a process says until then; nothing if it cannot be run, or comes to no end."""
    import select
    import time

    if process is None:
        return b""
    said = b""
    while len(said) <= LONGEST_ANSWER and select.select([process.stdout], [], [], max(0, end - time.time()))[0]:
        piece = os.read(process.stdout.fileno(), 65536)
        if not piece:
            break
        said += piece
    else:
        said = b""
    process.kill()
    process.stdout.close()
    process.wait()
    return said


def probe(boot, path):
    """Ask an interpreter by running this PEX under it; all candidates are asked at the same time. None if it cannot be run."""
    import subprocess

    environ = dict(os.environ)
    environ.pop("PYTHONPATH", None)
    environ.pop(SAVED_PATH, None)
    environ[STAGE] = "probe"
    with open(os.devnull, "r+") as nothing:
        try:
            return subprocess.Popen([path, boot.name], env=environ, stdin=nothing, stdout=subprocess.PIPE, stderr=nothing, close_fds=True)
        except OSError:  # made for another machine, or no program at all
            return None
