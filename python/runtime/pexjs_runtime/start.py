"""A start of a PEX. With everything in place, only this, `compat`, `place`, `isolation` and `running` are needed."""

import os
import sys

from pexjs_runtime import compat, isolation, place, running, settings

STAGE = "__PEXJS_STAGE"
SAVED_PATH = "__PEXJS_PYTHONPATH"
RC_NAME = ".pexrc"


class Boot(object):
    """What is known about this start."""

    def __init__(self, facts, home):
        self.facts = facts
        self.home = home
        self.real_home = os.path.realpath(home)
        self.main_file = home
        self.inject_args = []
        self.root = self.run = None
        self.abi = place.abi_key()
        self.name = self.started_as = sys.argv[0] or home
        self.finder = None
        self.stage = []
        self.settings = {}
        self.undo = {}  # variables that were changed for the program, as they were before
        self.verbose = 0
        self.more_sites = []  # of other PEX files
        self.inherit = "false"

    def read_info(self):
        """PEX-INFO, with a plan of activation."""
        from pexjs_runtime import archive

        try:
            return archive.read_info(archive.Container(self.home))
        except (OSError, IOError) as error:
            raise archive.unreadable(self.home, error)

    def read_main(self):
        """`__main__.py`, as bytes."""
        from pexjs_runtime import archive

        return archive.Container(self.home).read("__main__.py")

    def say(self, level, text):
        """A line for PEX_VERBOSE."""
        if self.verbose >= level:
            compat.tell("pex: %s" % text)

    def warn(self, text):
        if self.wants("PEX_EMIT_WARNINGS"):
            compat.tell("%s: warning: %s" % (os.path.basename(self.home), text))

    def wants(self, name):
        """A setting, or the fact that was sealed under the same name."""
        value = self.settings.get(name)
        return self.facts[name[4:].lower()] if value is None else value


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


def find_rc_files(started_as=None):
    beside = os.path.dirname(started_as or sys.argv[0]) if sys.argv else ""
    paths = ("/etc/pexrc", os.path.expanduser("~/.pexrc"), os.path.join(beside, RC_NAME))
    return [path for path in paths if os.access(path, os.R_OK)]


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


def arrange_program(boot, activation):
    """A new `__main__` and the code to run in it; `ps` and measurements see the program as its user does."""
    if "past" in boot.settings and "warned" not in boot.stage:
        boot.stage.append("warned")
        for name in boot.settings["past"]:
            boot.warn("the variable %s has no effect any more, unset it" % name)
    arguments = sys.argv[1:]
    main, code = running.entry(boot, activation)
    for file, _ in activation["distributions"]:
        if file.startswith("setproctitle-"):
            from pexjs_runtime.title import set_title

            set_title(arguments)
    if any(name.startswith(("PEX_PROFILE", "PEX_COVERAGE")) for name in boot.settings):
        from pexjs_runtime.measure import measured

        return measured(boot, main, code)
    return main, code


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


def export_paths(boot, extra):
    """The Pythons that the program starts have them, too."""
    if extra:
        inherited = boot.undo["PYTHONPATH"] = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join(([inherited] if inherited else []) + extra)


def arrange_environment(boot, sites, code):
    environ = os.environ
    facts = boot.facts
    environ["PEX"] = boot.real_home
    if facts["strip_pex_env"]:
        for name in [name for name in environ if name.startswith("PEX_")]:
            boot.undo[name] = environ.pop(name)
    for name, value in facts["inject_env"]:
        environ.setdefault(compat.system_text(name), compat.system_text(value))
    for name, path in facts["bind_resource_paths"]:
        for folder in [code] + sites:
            bound = folder and os.path.join(folder, compat.system_text(path))
            if bound and os.path.exists(bound):
                environ[compat.system_text(name)] = bound
                break
        else:
            raise settings.Failure("The file for the variable %s is not inside: %s" % (name, path), "build the PEX again with it")
    boot.inject_args = [fill_in(compat.system_text(argument), environ) for argument in facts["inject_args"]]


def fill_in(text, environ):
    """Replace `{pex.env.NAME}`; what is not set is empty."""
    pieces = text.split("{pex.env.")
    for number, piece in enumerate(pieces[1:], 1):
        name, brace, rest = piece.partition("}")
        pieces[number] = environ.get(name, "") + rest if brace else "{pex.env." + piece
    return "".join(pieces)
