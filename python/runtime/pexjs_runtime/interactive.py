"""The interpreter's prompt, and options of Python that come after the name of the PEX."""

import os
import sys

from pexjs_runtime import compat, interpreters, like_python
from pexjs_runtime.settings import Failure

WITH_VALUE = "WXQ"  # options whose value may be a word of its own


def interact(boot, activation, arguments):
    """A new `__main__` and the code to run in it; what Python itself does better is left to it."""
    options, rest = split_options(arguments)
    if options:
        interpreters.start_again(boot, sys.executable, [], options, rest)
    if rest:
        if rest[0] in ("-c", "-m"):
            if len(rest) == 1:
                raise Failure("Argument expected for the %s option" % rest[0], "give the code or the module after it", 2)
        return like_python.interpreter(boot, activation, rest)
    sys.argv = [""]
    if sys.flags.interactive:
        prepare_prompt(boot, os.environ.get("PYTHONINSPECT"))
        return like_python.at_prompt(boot)
    if not sys.stdin or not sys.stdin.isatty():
        return like_python.run_stdin(boot)
    return prompt(boot, activation)


def split_options(arguments):
    """The options for Python itself, and the rest: what to run and its arguments."""
    options = []
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            options.append(word)
            if word == "--check-hash-based-pycs" and rest:
                options.append(rest.pop(0))
            continue
        letters = word[1:]
        for position, letter in enumerate(letters):
            if letter in "cm":
                if letters[:position]:
                    options.append("-" + letters[:position])
                operand = letters[position + 1:]
                return options, ["-" + letter] + ([operand] if operand else []) + rest
            if letter in WITH_VALUE:
                break
        options.append(word)
        if letters and letters[-1] in WITH_VALUE and position == len(letters) - 1 and rest:
            options.append(rest.pop(0))
    return options, rest


def prompt(boot, activation):
    """Python's own prompt, which follows when PYTHONINSPECT is set at the end of the program."""
    like_python.put_first(boot, "")
    if sys.flags.ignore_environment:
        sys.stderr.write(banner(boot, activation))
        interpreters.start_again(boot, sys.executable, [], ["-i"])
    prepare_prompt(boot, os.environ.get("PYTHONINSPECT"))
    os.environ["PYTHONINSPECT"] = "1"
    main = like_python.new_main()
    sys.stderr.write(banner(boot, activation))
    startup = os.environ.get("PYTHONSTARTUP")
    return main, compile(STARTUP if startup else "", "<stdin>", "exec")


STARTUP = """
def _run(path):
    with open(path, "rb") as stream:
        source = stream.read()
    exec(compile(source, path, "exec", 0, True), globals())
try:
    _run(__import__("os").environ["PYTHONSTARTUP"])
except Exception:
    __import__("traceback").print_exc()
finally:
    del _run
"""


def banner(boot, activation):
    count = len(activation["distributions"])
    requirements = activation["requirements"]
    inside = "no dependencies" if not count else "%d requirement%s and %d activated distribution%s" % (
        requirements, "" if requirements == 1 else "s", count, "" if count == 1 else "s")
    kind = "ephemeral " if boot.facts["ephemeral"] else ""
    lines = (
        "Pex %s %shermetic environment with %s." % (compat.native(boot.facts["version"]), kind, inside),
        "Python %s on %s" % (sys.version, sys.platform),
        'Type "help", "copyright", "credits" or "license" for more information.',
    )
    return "\n".join(lines) + "\n"


class FirstPrompt(object):
    """Python 2 has no hook for the start of its prompt, but it asks for the text of one."""

    def __init__(self, prepare):
        self.prepare = prepare

    def __str__(self):
        sys.ps1 = ">>> "
        self.prepare()
        return sys.ps1


def prepare_prompt(boot, inspect):
    """Line editing, completion and history; and PYTHONINSPECT is not for the Pythons that are started from the prompt."""
    history = History(boot)

    def prepare(os=os, edit_lines=edit_lines):
        if inspect is None:
            os.environ.pop("PYTHONINSPECT", None)
        else:
            os.environ["PYTHONINSPECT"] = inspect
        edit_lines(history)

    if compat.PY2:
        sys.ps1 = FirstPrompt(prepare)
    else:
        sys.__interactivehook__ = prepare


class History(object):
    """What was typed at earlier prompts, if the user wants it to be kept."""

    def __init__(self, boot):
        self.path = None
        if boot.settings.get("PEX_INTERPRETER_HISTORY"):
            self.path = boot.settings.get("PEX_INTERPRETER_HISTORY_FILE") or os.path.expanduser("~/.python_history")
        self.warn = boot.warn
        self.modules = [sys.modules[name] for name in (__name__, type(boot).__module__)] + [compat]  # Python 2 would empty them

    def keep(self, editor):
        import atexit

        try:
            editor.read_history_file(self.path)
        except (OSError, IOError):
            pass
        self.editor = editor
        atexit.register(self.save)

    def save(self):
        try:
            self.editor.write_history_file(self.path)
        except (OSError, IOError) as error:
            self.warn("the history of the prompt cannot be saved as %s: %s" % (self.path, error.strerror))


def edit_lines(history):
    own = own_editor(history.path or os.devnull)
    try:
        import readline
        import rlcompleter  # noqa: F401  it registers itself
    except ImportError:
        readline = None
    else:
        libedit = "libedit" in (getattr(readline, "__doc__", "") or "")
        readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    editor = own or readline
    if history.path and editor:
        history.keep(editor)


def own_editor(history_file):
    """The editor that Python 3.13 and later have themselves, or None; that of 3.14 saves each line where `site` says."""
    if sys.version_info < (3, 13) or compat.PYPY:
        return None
    if not sys.flags.ignore_environment and os.environ.get("PYTHON_BASIC_REPL"):
        return None
    import site

    site.gethistoryfile = lambda: history_file
    try:
        from _pyrepl import readline
        from _pyrepl.main import CAN_USE_PYREPL
    except ImportError:
        return None
    return readline if CAN_USE_PYREPL else None
