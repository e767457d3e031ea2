"""What a PEX built with --sh-boot leaves for the shell that starts it; the reader is `start.sh`, before the archive.

    shell/<sh_boot>/open                      empty: says that the rest may be used
                    start/<name of the PEX>   `__main__.py`, to be started in place of the archive
                    venvs/<key>               empty: says that this environment is one of this PEX

A shell can hold no lock. So pruning takes `open` first, and the rest when those who have seen it must have started.
"""

import os

from pexjs_runtime import folders, locks, place

# Makes Python forget that it was not the PEX that it was given.
HEAD = b'''"""Starts a PEX that a shell found: Python would read the directory of the archive first, and compile this twice."""
import os
import sys

_file = os.environ.pop("__PEXJS_SHELL_FILE")
if sys.path and sys.path[0].endswith(os.path.dirname(__file__)[-38:]):
    sys.path[0] = _file
if sys.argv[0] in getattr(sys, "orig_argv", ()):
    sys.orig_argv[sys.orig_argv.index(sys.argv[0])] = _file
sys.argv[0] = _file
__file__ = _file + "/__main__.py"
'''


def keep_start(boot, path):
    """Best effort: without it the next start is right too."""
    source = HEAD + boot.read_main()
    try:
        compile(source, path, "exec", 0, True)
        keep(boot, path, source)
    except (OSError, IOError, SyntaxError):  # there are preambles that must stand first
        pass


def keep_environment(boot, mark, folder):
    """Of the environments that a shell could take for one another, the latest is left."""
    try:
        folders.make_folder(os.path.dirname(mark))
        for name in os.listdir(os.path.dirname(mark)):
            if same_python("%s/venvs/%s" % (boot.run, name), folder):
                folders.remove(os.path.join(os.path.dirname(mark), name))
        keep(boot, mark, b"")
    except (OSError, IOError):
        pass


def keep(boot, path, content):
    with locks.no_pruning(boot):
        folders.write_file(path, content)
        folders.write_file(place.shell_folder(boot) + "/open", b"")


def same_python(folder, other):
    try:
        return os.path.samefile(folder + "/bin/python", other + "/bin/python")
    except OSError:  # one of them is gone
        return True
