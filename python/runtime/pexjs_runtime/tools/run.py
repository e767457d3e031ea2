"""The command line of the tools."""

import argparse
import os
import sys

from pexjs_runtime import folders
from pexjs_runtime.tools import graph, info, interpreter, repository, venv

TOOLS = (("info", info), ("interpreter", interpreter), ("graph", graph), ("repository", repository), ("venv", venv))


def run(boot, name=None):
    """Never returns."""
    name = name or "PEX_TOOLS=1 %s" % os.path.basename(boot.name)
    parser = argparse.ArgumentParser(prog=name, description="Look into this PEX, and take it apart.")
    commands = parser.add_subparsers(title="tools", dest="tool", metavar="TOOL")
    for tool_name, tool in TOOLS:
        tool.add_to(commands, tool_name)
    arguments = sys.argv[1:]
    if not arguments:
        parser.error("a tool is needed: %s" % ", ".join(tool_name for tool_name, _ in TOOLS))
    options = parser.parse_args(arguments)
    folders.choose_root(boot)
    options.run(boot, options)
    sys.stdout.flush()
    sys.exit(0)
