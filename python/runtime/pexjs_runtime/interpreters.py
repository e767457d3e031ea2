"""Starts the PEX again under another interpreter or with other flags, in the same process."""

import os
import sys

from pexjs_runtime import compat, isolation
from pexjs_runtime.boot import SAVED_PATH, STAGE
from pexjs_runtime.settings import Failure

ANSWER = "\npexjs answers\n"  # a preamble may print before it


def leave(boot, reasons):
    """Become the process that `reasons` ask for; returns only if that is the running one."""
    executable = sys.executable
    if "python" in reasons:
        from pexjs_runtime.search import pick

        executable = pick(boot)
        if is_running(executable, boot):
            reasons = [reason for reason in reasons if reason != "python"]
            boot.stage.append("python")
            executable = sys.executable
            if not reasons:
                return
    elif "venv" in reasons:
        executable = base_interpreter()
        if executable is None:  # the scrub of `sys.path` will have to do
            boot.stage.append("venv")
            reasons = [reason for reason in reasons if reason != "venv"]
            executable = sys.executable
            if not reasons:
                return
    start_again(boot, executable, reasons)


def start_again(boot, executable, reasons, options=(), arguments=None):
    """Never returns. `options` are for Python, `arguments` for the PEX: those it was given unless said otherwise."""
    environ = environment_before(boot)
    stage = set(boot.stage) | set(reasons)
    command = [executable] + sealed_options(boot) + original_options()
    if boot.facts["inject_python_args"]:
        stage.add("arguments")
    if boot.inherit == "false" and environ.get("PYTHONPATH"):
        environ[SAVED_PATH] = environ.pop("PYTHONPATH")
        stage.add("path")
    if "python" in reasons and "venv" not in reasons:  # the other interpreter may be one of a virtual environment again
        stage.discard("venv")
    environ[STAGE] = ",".join(sorted(stage))
    environ.pop("__PYVENV_LAUNCHER__", None)
    boot.say(1, "starting again (%s) as %s" % (", ".join(reasons), " ".join(command)))
    target = boot.name if os.path.exists(boot.name) else boot.home
    command += list(options) + [target] + (sys.argv[1:] if arguments is None else arguments)
    compat.flush()
    try:
        os.execve(executable, command, environ)
    except OSError as error:
        raise Failure("Cannot start the Python interpreter %s: %s" % (executable, error.strerror), "check PEX_PYTHON and PATH")


def sealed_options(boot):
    """They stand before those that were typed: of two that contradict each other, the later wins."""
    if "arguments" in boot.stage:  # then they are among the original options
        return []
    return [compat.system_text(argument) for argument in boot.facts["inject_python_args"]]


def environment_before(boot):
    """The environment without what was changed in it for the program."""
    environ = dict(os.environ)
    for name, value in boot.undo.items():
        environ.pop(name, None)
        if value is not None:
            environ[name] = value
    return environ


def is_running(executable, boot):
    """Whether it is the interpreter of this process; that of a virtual environment counts as its base when it is hermetic."""
    if compat.absolute(executable) == compat.absolute(sys.executable):
        return True
    return boot.inherit == "false" and os.path.realpath(executable) == os.path.realpath(sys.executable)


def base_interpreter():
    """The interpreter that the running virtual environment was made from."""
    if hasattr(sys, "real_prefix"):  # virtualenv before 20
        path = os.path.join(sys.real_prefix, "bin", "%s%d.%d" % (("pypy" if compat.PYPY else "python",) + sys.version_info[:2]))
        return path if os.access(path, os.X_OK) else None
    known = getattr(sys, "_base_executable", None)
    if known and os.path.abspath(known) != os.path.abspath(sys.executable):
        return known
    linked = os.path.realpath(sys.executable)
    if linked != os.path.abspath(sys.executable) and not linked.startswith(sys.prefix + "/"):
        return linked
    for name in ("python%d.%d" % sys.version_info[:2], "python%d" % sys.version_info[0], "python", "pypy%d" % sys.version_info[0]):
        path = os.path.join(sys.base_prefix, "bin", name)
        if os.access(path, os.X_OK):
            return path
    return None


def original_options():
    """The options that Python itself was started with: they stand between its name and that of the PEX."""
    words = getattr(sys, "orig_argv", None) or command_line()
    number = len(words) - len(sys.argv)
    if number > 0 and os.path.basename(words[number]) == os.path.basename(sys.argv[0]) and words[number + 1:] == sys.argv[1:]:
        return list(words[1:number])
    return options_from_flags()


def command_line():
    try:
        with open("/proc/self/cmdline", "rb") as stream:
            return [compat.path_text(word) for word in stream.read().split(b"\0")[:-1]]
    except (IOError, OSError):
        return []


def options_from_flags():
    """Near enough where the command line cannot be had: what the environment has set comes twice."""
    letters = (
        ("bytes_warning", "b"), ("debug", "d"), ("dont_write_bytecode", "B"), ("ignore_environment", "E"), ("inspect", "i"),
        ("isolated", "I"), ("no_site", "S"), ("no_user_site", "s"), ("optimize", "O"), ("safe_path", "P"), ("verbose", "v"),
    )
    options = ["-" + letter * int(compat.python_flag(name)) for name, letter in letters if compat.python_flag(name)]
    options += ["-W" + option for option in sys.warnoptions]
    for name, value in getattr(sys, "_xoptions", {}).items():
        options += ["-X", name if value is True else "%s=%s" % (name, value)]
    return options


def answer(boot):
    """Asked by `search.probe`: say whether this interpreter can run the PEX."""
    from pexjs_runtime import activation
    from pexjs_runtime.standards.environment import full_version, implementation_title

    isolation.hide_host()
    title = "%s %s" % (implementation_title(), full_version(sys.version_info))
    try:
        activation.choose(boot, boot.read_info())
        lines = ["fits"]
    except activation.Unfit as unfit:
        lines = ["unfit"] + unfit.lines
    respond([compat.utf8(line) for line in [title] + lines])


def respond(words):
    """Tell the process that started this one what it asked for, in bytes. Never returns, and drops what a preamble has in its buffers."""
    os.write(1, ANSWER.encode("ascii") + b"".join(word + b"\0" for word in words))
    os._exit(0)


def hand_over(boot, info, unfit):
    """The running interpreter does not fit: go on with one that does, or tell what was found."""
    from pexjs_runtime import search
    from pexjs_runtime.standards.environment import full_version, implementation_title

    lines = ["%s %s (%s) cannot run it: %s" % (
        implementation_title(), full_version(sys.version_info), sys.executable, "\n".join(unfit.lines))]
    if boot.settings.get("PEX_PYTHON"):
        raise Failure("PEX_PYTHON=%s: %s" % (boot.settings["PEX_PYTHON"], lines[0]), "name another Python, or unset PEX_PYTHON")
    if "handed" not in boot.stage:
        found, others = search.find_fitting(boot, info)
        if found:
            start_again(boot, found, ["python", "handed"])
        lines += others
    hint = "put a fitting Python on PATH, name it by PEX_PYTHON, or build the PEX again for this one"
    raise Failure("\n".join(lines), hint)
