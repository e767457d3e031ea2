"""`interpreter`: the path of the Python that the PEX would run under, or of all that it could."""

import os
import subprocess
import sys

from pexjs_runtime import search
from pexjs_runtime.standards import tag
from pexjs_runtime.standards.environment import full_version, implementation_title, marker_environment
from pexjs_runtime.tools import common


def add_to(commands, name):
    parser = commands.add_parser(name, help="print the path of the Python that the PEX would run under")
    parser.add_argument("-a", "--all", action="store_true", help="print all that could run it")
    parser.add_argument(
        "-v", "--verbose", action="count", default=0,
        help="tell more, as JSON: requirement and platform; -vv: supported tags, too; -vvv: environment of markers, too",
    )
    common.add_output_options(parser)
    parser.set_defaults(run=run)


def run(boot, options):
    info = boot.read_info()
    common.chosen(boot, info)  # makes sure that this one can run it
    lines = [describe(options)]
    if options.all:
        places = boot.settings.get("PEX_PYTHON_PATH")
        own = os.path.realpath(sys.executable)
        candidates = [path for path in search.list_interpreters(places) if os.path.realpath(path) != own]
        answers = [(path, search.probe(boot, path)) for path in candidates]
        fitting = [path for path, process in answers if process.communicate()[0].split(b"\n")[2:3] == [b"fits"]]
        lines += [ask(boot, path, options) if options.verbose else path for path in fitting]
    common.write("\n".join(lines) + "\n", options.output)


def describe(options):
    if not options.verbose:
        return sys.executable
    ranker = tag.Ranker()
    version = full_version(sys.version_info)
    python, abi, platform = ranker.most_specific().split("-", 2)
    told = {
        "path": sys.executable,
        "requirement": "%s==%s" % (implementation_title(), version),
        "platform": "-".join((platform, python.rstrip("0123456789"), version, abi)),
    }
    if options.verbose > 1:
        told["supported_tags"] = supported_tags(ranker)
    if options.verbose > 2:
        told["env_markers"] = marker_environment()
        told["venv"] = sys.prefix != getattr(sys, "base_prefix", sys.prefix)
    return common.to_json(told, options.indent)


def supported_tags(ranker):
    """All of them, the best first."""
    tags = []
    for pair in sorted(ranker.pairs, key=ranker.pairs.get):
        if len(pair) == 3:
            tags.append("-".join(pair))
        else:
            tags += ["%s-%s-%s" % (pair + (platform,)) for platform in tag.list_platforms()]
    return tags


def ask(boot, path, options):
    """What another interpreter says of itself."""
    environ = dict(os.environ, PEX_TOOLS="1", PEX_PYTHON=path)
    environ.pop("PEX_PYTHON_PATH", None)
    command = [path, boot.name, "interpreter", "-" + "v" * options.verbose]
    if options.indent:
        command += ["-i", str(options.indent)]
    text = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE).communicate()[0]
    return text.decode("utf-8").rstrip("\n")
