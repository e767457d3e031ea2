"""A start of a PEX. With everything in place, only this, `boot`, `compat`, `place`, `settings`, `isolation` and `running` are needed."""

import os
import sys

from pexjs_runtime import compat, isolation, place, settings
from pexjs_runtime.boot import SAVED_PATH, STAGE, Boot, arrange_environment, arrange_program, export_paths, find_rc_files


def start(facts, home, finder):
    """Do everything up to the program; returns a new `__main__` and the code to run in it."""
    boot = Boot(facts, home)
    boot.finder = finder
    try:
        activation, code = arrive(boot)
        return enter(boot, activation, code)
    except settings.Failure as failure:
        failure.end(boot.home)


def arrive(boot):
    """What is done before anything of the program's runs. Does not return where another process takes over."""
    try:
        prepare(boot)
        if boot.facts["sh_boot"]:
            help_shell(boot)
        if "seed" in boot.stage:
            from pexjs_runtime.seed import seed

            seed(boot)
        if boot.settings.get("PEX_TOOLS"):
            from pexjs_runtime.tooling import run_tools

            run_tools(boot)
        if boot.wants("PEX_VENV"):
            from pexjs_runtime.venv.outside import go_inside

            go_inside(boot)
        if boot.inherit == "false":
            isolation.hide_host()
        return locate(boot)
    except KeyboardInterrupt:
        compat.hide_traceback()
        raise


def prepare(boot):
    """Read the settings; start again as another process where the running one cannot do."""
    environ = os.environ
    if STAGE in environ:
        boot.stage = environ.pop(STAGE).split(",")
    if SAVED_PATH in environ:
        environ["PYTHONPATH"] = environ.pop(SAVED_PATH)
    rc_files = find_rc_files(boot.started_as)
    if rc_files or any(name.startswith("PEX_") for name in environ):
        boot.settings = settings.read(environ, rc_files)
        boot.verbose = boot.settings.get("PEX_VERBOSE", 0)
    place.set_root(boot, place.find_root(boot.facts, boot.settings))
    boot.finder.more = lambda: place.load(place.modules_file(boot) + "-more") or {}
    boot.inherit = boot.wants("PEX_INHERIT_PATH")
    if "probe" in boot.stage:
        from pexjs_runtime.interpreters import answer

        answer(boot)
    reasons = reasons_to_leave(boot)
    if reasons:
        from pexjs_runtime.interpreters import leave

        leave(boot, reasons)


def help_shell(boot):
    """Leave the next start a file that is smaller than the archive."""
    path = "%s/start/%s" % (place.shell_folder(boot), os.path.basename(boot.started_as))
    if boot.facts["layout"] == "zipapp" and path.startswith("/") and not place.kept(boot, place.helps_shell, boot, path):
        from pexjs_runtime.shell import keep_start

        keep_start(boot, path)


def reasons_to_leave(boot):
    """Why this process cannot run the program itself: each needs one exec, all together too."""
    reasons = []
    stage = boot.stage
    if "python" not in stage and (boot.settings.get("PEX_PYTHON") or boot.settings.get("PEX_PYTHON_PATH")):
        reasons.append("python")
    if boot.wants("PEX_VENV"):  # all else is done by becoming the interpreter of the virtual environment
        return reasons
    if boot.facts["inject_python_args"] and "arguments" not in stage:
        reasons.append("arguments")
    if boot.inherit == "false":
        if os.environ.get("PYTHONPATH") and "path" not in stage and not sys.flags.ignore_environment:
            reasons.append("path")
        if "venv" not in stage and (hasattr(sys, "real_prefix") or sys.prefix != getattr(sys, "base_prefix", sys.prefix)):
            reasons.append("venv")
    return reasons


def locate(boot):
    """The activation and the folder of the sources (or None): found in the cache, else made."""
    facts = boot.facts
    trivial = not facts["deps_hash"] and not facts["interpreter_constraints"]
    code = None
    if facts["has_code"]:
        code = boot.home if facts["layout"] != "zipapp" else place.kept(boot, place.code_folder, boot.run, facts)
    if not trivial and facts["layout"] == "loose" and not facts["deps_are_wheel_files"]:
        from pexjs_runtime.in_place import activate

        return activate(boot), code
    activation = place.NOTHING if trivial else place.kept(boot, place.activation, boot.run, facts, boot.abi)
    usable = activation is not None and (code is not None or not facts["has_code"])
    if usable:
        boot.say(2, "everything is in %s" % boot.run)
        if boot.finder.compiled or not boot.finder.saved:
            from pexjs_runtime.folders import save_modules

            save_modules(boot)
        return activation, code
    from pexjs_runtime.install import install

    return install(boot, activation, code)


def enter(boot, activation, code):
    """Give the program its paths and its environment, and find out what it is."""
    sites = place.site_folders(boot, activation)
    codes, pth = [], activation["pth"]
    if boot.facts["pex_path"] or "PEX_PATH" in boot.settings:
        from pexjs_runtime.others import gather

        boot.more_sites, codes, more_pth = gather(boot)
        sites, pth = sites + boot.more_sites, pth or more_pth
    paths = arrange_paths(boot, sites, code)
    paths[1 if code else 0:0] = codes
    if pth:
        run_startup_files(sites)
    boot.say(1, "sys.path is %s" % paths)
    arrange_environment(boot, sites, code)
    return arrange_program(boot, activation)


def run_startup_files(folders):
    """What Python does with the `.pth` files of its own site-packages, and from 3.15 on with the `.start` files (PEP 829)."""
    if compat.PY2 and sys.flags.no_site:  # where the import would undo -S
        return
    import site

    known = set(sys.path)  # else it looks at every path again for every folder
    if hasattr(site, "StartupState"):  # where `addsitedir` leaves out folders that are known
        state = site.StartupState(known)
        for folder in folders:
            state.addsitedir(folder)
        state.process()
        return
    for folder in folders:
        site.addsitedir(folder, known)


def arrange_paths(boot, sites, code):
    extra = boot.settings.get("PEX_EXTRA_SYS_PATH") or []
    inner = extra + sites
    host = without(sys.path, (boot.home, boot.real_home))
    if boot.inherit == "fallback":
        standard = isolation.is_standard_library()
        host = [path for path in host if standard(path)] + inner + [path for path in host if not standard(path)]
    else:
        host += inner
    sys.path[:] = ([code] if code else []) + host
    export_paths(boot, extra)
    return sys.path


def without(paths, own):
    """All but those that lead to one of our own; a host may have put anything among them, even what is no path."""
    return [path for path in paths if not isinstance(path, str) or compat.absolute(path) not in own]
