"""The command line of the tools."""

import argparse
import errno
import os
import sys

from pexjs_runtime.settings import Failure
from pexjs_runtime.tools import common, graph, info, interpreter, repository, venv

TOOLS = (("info", info), ("interpreter", interpreter), ("graph", graph), ("repository", repository), ("venv", venv))


def run(boot, name=None):
    """Never returns."""
    name = name or "PEX_TOOLS=1 %s" % os.path.basename(boot.name)
    parser = argparse.ArgumentParser(prog=name, description="Look into this PEX, and take it apart.")
    commands = parser.add_subparsers(title="tools", dest="tool", metavar="TOOL")
    for tool_name, tool in TOOLS:
        tool.add_to(commands, tool_name)
    repository.add_extract_to(commands, "extract")  # shorter for `repository extract`
    arguments = sys.argv[1:]
    if not arguments:
        parser.error("a tool is needed: %s" % ", ".join(tool_name for tool_name, _ in TOOLS))
    options = parser.parse_args(arguments)
    common.apply(boot, options)
    try:
        options.run(boot, options)
        sys.stdout.flush()
    except (IOError, OSError) as error:
        if error.errno != errno.EPIPE:
            what = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
            raise Failure(what, "look whether it is there, and whether you may use it")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whoever read our output has seen enough
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
