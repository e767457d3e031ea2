"""The variables that steer a PEX: one table, from which the documentation is made too."""

import os
import sys

from pexjs_runtime import compat, place


class Failure(Exception):
    """An end that the user can do something about: one line what, one line what to do."""

    def __init__(self, what, hint=None, code=1):
        Exception.__init__(self, what)
        self.what = what
        self.hint = hint
        self.code = code

    def end(self, name):
        compat.tell("%s: %s" % (os.path.basename(name.rstrip("/")), self.what) + ("\nhint: %s" % self.hint if self.hint else ""))
        sys.exit(self.code)


# (variable, type, default, help). "past" has no effect and is warned of.
TABLE = (
    ("PEX", "output", None, "Set for the program: the absolute path of the PEX file or directory."),
    ("PEX_ALWAYS_CACHE", "past", None, "No effect: distributions are always unpacked to the cache."),
    ("PEX_COVERAGE", "boolean", False, "Run the program under coverage and print a report."),
    ("PEX_COVERAGE_FILENAME", "path", None, "Save the coverage data to this file instead of printing a report."),
    ("PEX_DISABLE_VARIABLES", "boolean", False, "Ignore all other PEX_ variables and the pexrc files."),
    ("PEX_EMIT_WARNINGS", "boolean", None, "Print warnings, or not; otherwise as the PEX was built."),
    ("PEX_EXTRA_SYS_PATH", "paths", None, "Directories to add to sys.path, also in the Pythons that the program starts."),
    ("PEX_FORCE_LOCAL", "past", None, "No effect: sources are always unpacked to the cache."),
    ("PEX_IGNORE_ERRORS", "boolean", None, "Run even if requirements are missing; otherwise as the PEX was built."),
    ("PEX_IGNORE_RCFILES", "boolean", False, "Do not read pexrc files."),
    ("PEX_INHERIT_PATH", "false|prefer|fallback", None, "Whether the host's packages are seen: not at all, before or after those inside."),
    ("PEX_INTERPRETER", "boolean", False, "Start an interpreter instead of the program."),
    ("PEX_INTERPRETER_HISTORY", "boolean", False, "Keep the history of the interpreter's prompt."),
    ("PEX_INTERPRETER_HISTORY_FILE", "path", "~/.python_history", "Where that history is kept."),
    ("PEX_MAX_INSTALL_JOBS", "integer >= -1", None, "Threads that unpack at the first start; 0 and -1: as many as there are CPUs. Otherwise as the PEX was built."),
    ("PEX_MODULE", "text", None, "Run this `module` or `module:function` instead of the program."),
    ("PEX_MULTIPROCESSING_START_METHOD", "fork|forkserver|spawn", None, "No effect: no worker processes are used."),
    ("PEX_PATH", "paths", None, "Other PEX files whose distributions are merged in."),
    ("PEX_PROFILE", "boolean", False, "Run the program under the profiler and print its table."),
    ("PEX_PROFILE_FILENAME", "path", None, "Save the numbers of the profiler to this file instead."),
    ("PEX_PROFILE_SORT", "text", "cumulative", "The order of the profiler's table."),
    ("PEX_PYTHON", "text", None, "The Python to run under: a path, or a name looked up on PATH."),
    ("PEX_PYTHON_PATH", "paths", None, "Directories and files to search for Pythons instead of PATH."),
    ("PEX_ROOT", "path", None, "The folder of all caches."),
    ("PEX_SCRIPT", "text", None, "Run this console script of any distribution inside instead of the program."),
    ("PEX_TEARDOWN_VERBOSE", "past", None, "No effect."),
    ("PEX_TOOLS", "boolean", False, "Run the tools for PEX files instead of the program."),
    ("PEX_UNZIP", "past", None, "No effect: everything is always unpacked to the cache."),
    ("PEX_VENV", "boolean", None, "Run from a virtual environment, or not; otherwise as the PEX was built."),
    ("PEX_VENV_BIN_PATH", "false|prepend|append", None, "Whether the scripts of the virtual environment are put on PATH; otherwise as the PEX was built."),
    ("PEX_VERBOSE", "integer", 0, "How much is told on stderr: 0 to 9."),
    ("PEX_VERIFY", "boolean", False, "Make what the program needs of the cache again, compare, and replace what was changed."),
)


def read(environ, rc_files):
    """The values of all variables that are set; the environment wins over rc files, later rc files over earlier ones."""
    if boolean("PEX_DISABLE_VARIABLES", environ.get("PEX_DISABLE_VARIABLES")):
        return {}
    texts = {}
    if not boolean("PEX_IGNORE_RCFILES", environ.get("PEX_IGNORE_RCFILES")):
        for path in rc_files:
            texts.update(read_rc_file(path))
    for name, _, _, _ in TABLE:
        if name in environ:
            texts[name] = environ[name]
    values = {}
    for name, kind, _, _ in TABLE:
        if name in texts:
            value = parse(name, kind, texts[name])
            if kind == "past" and texts[name]:
                values.setdefault("past", []).append(name)
            if value is not None:
                values[name] = value
    return values


def read_rc_file(path):
    """`KEY=VALUE` lines; what looks different has no effect, as no line of such a file ever was an error."""
    content = place.read(path) or b""
    pairs = [line.strip().split("=") for line in compat.path_text(content).splitlines()]
    return dict(pair for pair in pairs if len(pair) == 2)


def parse(name, kind, text):
    if kind == "boolean":
        return boolean(name, text)
    if kind.startswith("integer"):
        return integer(name, kind.partition(" >= ")[2], text)
    if kind == "paths":
        return [os.path.expanduser(path) for path in text.split(os.pathsep) if path]
    if kind == "path":
        return os.path.expanduser(text) if text else None
    if kind == "text":
        return text or None
    if "|" in kind and text and text not in kind.split("|"):
        choices = ", ".join("`%s`" % choice for choice in kind.split("|"))
        raise Failure("The variable %s must be one of %s: %r" % (name, choices, text), "set it to one of these, or unset it")
    return None if kind in ("past", "output") else text or None


def boolean(name, text):
    if not text:
        return None
    value = {"0": False, "false": False, "1": True, "true": True}.get(text.lower())
    if value is None:
        raise Failure("The variable %s must be 0, 1, true or false: %r" % (name, text), "set it to one of these, or unset it")
    return value


def integer(name, least, text):
    try:
        value = int(text) if text else None
    except ValueError:
        raise Failure("The variable %s must be an integer: %r" % (name, text), "set it to a number, or unset it")
    if value is not None and least and value < int(least):
        raise Failure("The variable %s must be at least %s: %s" % (name, least, text), "set it to such a number, or unset it")
    return value
