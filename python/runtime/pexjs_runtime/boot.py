"""What is known about a start, and what the program finds when its turn has come: outside and inside of virtual environments."""

import os
import sys

from pexjs_runtime import compat, place, running, settings

RC_NAME = ".pexrc"

# Variables for the process that takes this one's place.
STAGE = "__PEXJS_STAGE"  # what has been done already
SAVED_PATH = "__PEXJS_PYTHONPATH"  # what PYTHONPATH was


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
        self.name = self.started_as = (sys.argv or [""])[0] or home  # a program that embeds Python may have no arguments
        self.finder = None
        self.stage = []
        self.settings = {}
        self.undo = {}  # variables that were changed for the program, as they were before
        self.verbose = 0
        self.more_sites = []  # of other PEX files
        self.inherit = "false"
        self.safe_path = compat.python_flag("safe_path")

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


def find_rc_files(started_as):
    paths = ("/etc/pexrc", os.path.expanduser("~/.pexrc"), os.path.join(os.path.dirname(started_as), RC_NAME))
    return [path for path in paths if os.access(path, os.R_OK)]


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
