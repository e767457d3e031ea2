"""A start inside a virtual environment that was made from a PEX: what `start` is outside of one."""

import os
import sys

from pexjs_runtime import compat, place, settings
from pexjs_runtime.boot import STAGE, Boot, arrange_environment, arrange_program, export_paths, find_rc_files
from pexjs_runtime.venv import HOME, LOCK, NAME, OUTSIDE, PYTHON, RECORD, TEMPORARY, has_parts


def start(facts, home, finder):
    """Returns a new `__main__` and the code to run in it."""
    environ = os.environ
    name = environ.get(NAME) or home + "/pex"
    pex = environ.get(HOME) or name
    boot = Boot(facts, pex)
    boot.finder = finder
    finder.more = lambda: place.load("%s/.bootstrap/compiled-%x-more" % (home, sys.hexversion)) or {}
    boot.main_file = home + "/__main__.py"
    boot.name = home + "/pex"
    boot.stage = ["arguments"]
    boot.inherit = "prefer"  # PYTHONPATH has been dealt with
    for variable in (NAME, HOME, TEMPORARY, PYTHON):
        boot.undo[variable] = environ.pop(variable, None)
    sys.argv[0] = name
    try:
        rc_files = find_rc_files(name)
        if rc_files or any(variable.startswith("PEX_") for variable in environ):
            boot.settings = settings.read(environ, rc_files)
            boot.verbose = boot.settings.get("PEX_VERBOSE", 0)
        if boot.undo[TEMPORARY]:
            from pexjs_runtime.folders import remove_at_exit

            remove_at_exit(boot.undo[TEMPORARY])
        return enter(boot, home)
    except settings.Failure as failure:
        failure.end(pex)


def enter(boot, home):
    place.set_root(boot, place.find_root(boot.facts, boot.settings))
    held = place.hold(home) is not None
    if LOCK in os.environ:  # now held twice
        os.close(int(os.environ.pop(LOCK)))
    record = place.load(home + "/" + RECORD)
    if boot.undo[PYTHON] and not (held and is_right(boot, home, record)):
        go_outside(boot, home)
    activation = record or dict(place.NOTHING, folders=site_packages(home), scripts=[home + "/bin"])
    sites = [home + "/" + folder for folder in activation["folders"]]
    activation["folders"], activation["scripts"] = sites, [home + "/bin"]
    if boot.facts["venv_hermetic_scripts"]:  # then the option for it was given by us
        boot.safe_path = False
    extra = boot.settings.get("PEX_EXTRA_SYS_PATH") or []
    if not compat.python_flag("isolated"):  # then Python has put the folder of the script there
        own = (home, os.path.realpath(home))
        sys.path[:] = [path for path in sys.path if path not in own]
    at = min([sys.path.index(site) for site in sites if site in sys.path] or [len(sys.path)])
    sys.path[at:at] = extra
    if "PEX_PATH" in boot.settings and boot.undo[HOME] is None:  # else what it names was there when this was made
        from pexjs_runtime.others import gather

        boot.more_sites, codes, _ = gather(boot, sealed=())
        sys.path += codes + boot.more_sites
    export_paths(boot, extra)
    boot.say(1, "sys.path is %s" % sys.path)
    put_scripts_on_path(boot, home + "/bin")
    arrange_environment(boot, sites, None)
    return arrange_program(boot, activation)


def is_right(boot, home, record):
    """Whether a shell that took the environment as it found it was right: it cannot see what Python sees."""
    if record is None or record["abi"] != boot.abi:
        return False
    expected = "%s/venvs/%s" % (boot.run, os.path.basename(home))
    if home != expected and os.path.realpath(home) != expected:  # a shell does not follow the links on the way to the cache
        return False
    return not any(name in boot.settings for name in OUTSIDE) and has_parts(home, record)


def go_outside(boot, home):
    """Start the PEX as if there had been no environment; never returns."""
    from pexjs_runtime import interpreters

    environ = interpreters.environment_before(boot)
    python, name = environ.pop(PYTHON), environ.pop(NAME)
    del environ[HOME]
    if boot.facts["inject_python_args"]:
        environ[STAGE] = "arguments"
    sys.argv[0] = home + "/pex"
    options = interpreters.original_options()
    if boot.facts["venv_hermetic_scripts"]:
        options.remove("-I")
    os.execve(python, [python] + options + [name] + sys.argv[1:], environ)


def site_packages(home):
    """Where the record is gone, by what Python itself has found."""
    return [path[len(home) + 1:] for path in sys.path if path.startswith(home + "/") and path.endswith("site-packages")]


def put_scripts_on_path(boot, folder):
    wanted = boot.wants("PEX_VENV_BIN_PATH")
    environ = os.environ
    boot.undo["VIRTUAL_ENV"], boot.undo["PATH"] = environ.get("VIRTUAL_ENV"), environ.get("PATH")
    environ["VIRTUAL_ENV"] = os.path.dirname(folder)
    if wanted != "false":
        path = [environ.get("PATH") or os.defpath]
        environ["PATH"] = os.pathsep.join([folder] + path if wanted == "prepend" else path + [folder])
