"""A start of a PEX that runs from a virtual environment: finds the environment, or has it made, and becomes its Python."""

import os
import sys

from pexjs_runtime import compat, interpreters, place
from pexjs_runtime.settings import Failure
from pexjs_runtime.venv import HOME, LOCK, NAME, OUTSIDE, RECORD, TEMPORARY, has_parts


def go_inside(boot):
    """Never returns."""
    root = boot.root
    folder = ensure(boot)
    if boot.root != root:
        os.environ[TEMPORARY] = boot.root
    become(boot, folder)


def ensure(boot):
    """The environment, whole."""
    folder = find_or_make(boot, base_python())
    if boot.facts["sh_boot"]:
        help_shell(boot, folder)
    return folder


def find_or_make(boot, base):
    folder = environment_folder(boot, base)
    if place.kept(boot, is_whole, boot, folder):
        boot.say(2, "everything is in %s" % folder)
        if boot.finder.compiled or not boot.finder.saved:
            from pexjs_runtime.folders import save_modules

            save_modules(boot)
        return folder
    from pexjs_runtime.venv.make import make

    return make(boot, base)


def help_shell(boot, folder):
    """Let the next start go inside at once, if it is the environment's link that tells which Python that is."""
    mark = "%s/venvs/%s" % (place.shell_folder(boot), os.path.basename(folder))
    if place.helps_shell(boot, mark) or not os.path.islink(folder + "/bin/python") or any(name in boot.settings for name in OUTSIDE):
        return
    from pexjs_runtime.shell import keep_environment

    keep_environment(boot, mark, folder)


def base_python():
    """The interpreter that environments are made from, by the path of its file: links to it may be turned elsewhere."""
    executable = os.path.realpath(sys.executable or "")
    if hasattr(sys, "real_prefix") or sys.prefix != getattr(sys, "base_prefix", sys.prefix):
        if executable.startswith(os.path.realpath(sys.prefix) + "/"):  # a copy
            executable = os.path.realpath(interpreters.base_interpreter() or "")
    if not os.path.isfile(executable):
        raise Failure("The Python interpreter of this process cannot be found", "start the PEX by the path of a Python")
    return executable


def environment_folder(boot, base):
    """One for each PEX and interpreter; the name is short, for it stands in the first lines of scripts."""
    facts = boot.facts
    words = [repr(sorted(facts.items())), boot.abi, base, str(bool(boot.wants("PEX_IGNORE_ERRORS")))]
    words += fingerprints_of_others(boot)
    key = compat.sha256(compat.utf8("\0".join(words))).hexdigest()[:24]
    return "%s/venvs/%s" % (boot.run, key)


def fingerprints_of_others(boot):
    """The environment of a PEX and of those merged in is the same after all of them were moved."""
    if not boot.facts["pex_path"] and not boot.settings.get("PEX_PATH"):
        return []
    from pexjs_runtime.others import fingerprint, named

    return [fingerprint(other) for other in named(boot)]


def is_whole(boot, folder):
    """Whether nothing is missing that pruning or a cleaner of temporary folders may have taken; then it is held."""
    boot.lock = place.hold(folder)
    record = place.load(folder + "/" + RECORD) if boot.lock is not None else None
    return record is not None and os.access(folder + "/bin/python", os.X_OK) and has_parts(folder, record)


def become(boot, folder):
    environ = interpreters.environment_before(boot)
    environ[NAME] = boot.name
    environ[HOME] = boot.home
    environ.pop("__PYVENV_LAUNCHER__", None)
    if boot.lock is not None:
        environ[LOCK] = str(compat.keep_on_exec(boot.lock))
    python = folder + "/bin/python"
    options = interpreters.original_options()
    command = [python] + interpreters.sealed_options(boot) + (with_site(options) if sys.flags.no_site else options)
    if boot.facts["venv_hermetic_scripts"]:
        command.append(isolated())
        if environ.get("PYTHONINSPECT"):  # of the variables that this hides, the one that only adds something
            command.append("-i")
    command += [folder + "/pex"] + sys.argv[1:]
    boot.say(1, "starting %s" % " ".join(command))
    compat.flush()
    try:
        os.execve(python, command, environ)
    except OSError as error:
        raise Failure("Cannot start the Python interpreter %s: %s" % (python, error.strerror), "remove the folder %s" % folder)


def with_site(options):
    """Without `-S`: it is the module `site` that makes a virtual environment one."""
    kept = []
    for word in options:
        end = min([position for position, letter in enumerate(word) if letter in "WXQ-" and position] or [len(word)])
        if word.startswith("-"):
            word = word[:end].replace("S", "") + word[end:]
        if word != "-":
            kept.append(word)
    return kept


def isolated():
    """The option that hides the user's own packages and variables for Python."""
    return "-sE" if compat.PY2 else "-I"
