"""`interpreter`: the path of the Python that the PEX would run under, or of all that it could."""

import os
import subprocess
import sys

from pexjs_runtime import interpreters, search
from pexjs_runtime.standards import tag
from pexjs_runtime.standards.environment import marker_environment
from pexjs_runtime.tools import common, formats


def add_to(commands, name):
    parser = common.add_tool(commands, name, run, "print the path of the Python that the PEX would run under")
    parser.add_argument("-a", "--all", action="store_true", help="print all that could run it, that one first")
    parser.add_argument(
        "-v", "--verbose", action="count", default=0,
        help="tell more, as JSON: requirement and platform; -vv: supported tags, too; -vvv: environment of markers, too",
    )
    common.add_output_options(parser)


def run(boot, options):
    info = boot.read_info()
    common.chosen(boot, info)  # makes sure that this one can run it
    lines = [describe(options)]
    if options.all:
        places = boot.settings.get("PEX_PYTHON_PATH")
        own = os.path.realpath(sys.executable)
        candidates = [path for path in search.list_interpreters(places) if os.path.realpath(path) != own]
        fitting = [path for path, words in search.ask(boot, candidates) if words[1:2] == ["fits"]]
        lines += [description(boot, path, options) if options.verbose else path for path in fitting]
    common.write("\n".join(lines) + "\n", options.output)


def describe(options):
    if not options.verbose:
        return formats.interpreter_path()
    ranker = tag.Ranker()
    told = [
        ("path", formats.interpreter_path()), ("requirement", formats.interpreter_requirement()), ("platform", formats.platform(ranker)),
    ]
    if options.verbose > 1:
        told.append(("supported_tags", formats.supported_tags(ranker)))
    if options.verbose > 2:
        is_venv = hasattr(sys, "real_prefix") or sys.prefix != getattr(sys, "base_prefix", sys.prefix)
        told += [("env_markers", marker_environment()), ("venv", is_venv)]
        if is_venv:
            told.append(("base_interpreter", interpreters.base_interpreter()))
    return common.to_json(told, options.indent)


def description(boot, path, options):
    """What another interpreter says of itself."""
    environ = dict(os.environ, PEX_TOOLS="1", PEX_PYTHON=path)
    environ.pop("PEX_PYTHON_PATH", None)
    command = [path, boot.name, "interpreter", "-" + "v" * options.verbose]
    if options.indent is not None:
        command += ["-i", str(options.indent)]
    text = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE).communicate()[0]
    return text.decode("utf-8").rstrip("\n")
