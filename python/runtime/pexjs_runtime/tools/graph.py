"""`graph`: which distribution requires which, in the language of Graphviz."""

import os
import subprocess
import sys

from pexjs_runtime.settings import Failure
from pexjs_runtime.standards.environment import full_version, implementation_title
from pexjs_runtime.standards.requirement import Requirement
from pexjs_runtime.tools import common


def add_to(commands, name):
    parser = commands.add_parser(name, help="print the graph of distributions in the language of Graphviz")
    parser.add_argument("-r", "--render", action="store_true", help="make a picture of it; `dot` of Graphviz must be on PATH")
    parser.add_argument("-f", "--format", default="svg", metavar="FORMAT", help="of the picture: svg (default), png, pdf, ...")
    common.add_output_options(parser, indent=False)
    parser.set_defaults(run=run)


def run(boot, options):
    text = graph_of(boot)
    if not options.render:
        common.write(text, options.output)
        return
    path = options.output or os.path.splitext(os.path.basename(boot.home))[0] + "." + options.format
    command = ["dot", "-T" + options.format, "-o", path]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE)
    except (OSError, IOError) as error:
        raise Failure("Cannot start `dot`: %s" % error.strerror, "install Graphviz, or leave out --render and give it the text yourself")
    process.communicate(text.encode("utf-8"))
    if process.returncode:
        raise Failure("`%s` ended with the status %d" % (" ".join(command), process.returncode), "choose another --format")
    common.write(path + "\n")


def graph_of(boot):
    info = boot.read_info()
    chosen = dict((each["project"], each) for each in common.chosen(boot, info))
    title = "Dependency graph of %s for %s %s" % (
        os.path.basename(boot.home), implementation_title(), full_version(sys.version_info))
    lines = ["strict digraph %s {" % quoted(os.path.basename(boot.home)), "  graph [label=%s, labelloc=t, fontsize=24];" % quoted(title)]
    inactive, edges = set(), []
    for project in sorted(chosen):
        each = chosen[project]
        lines.append("  %s [label=%s];" % (quoted(project), quoted("%s %s" % (project, each["version"]))))
        for text in each["requires"]:
            requirement = Requirement(text)
            if requirement.project not in chosen:
                inactive.add(requirement.project)
            label = text[len(requirement.name):].strip()
            edges.append("  %s -> %s%s;" % (quoted(project), quoted(requirement.project), " [label=%s]" % quoted(label) if label else ""))
    for project in sorted(inactive):
        lines.append('  %s [color=lightgrey, fontcolor=grey, style=filled, tooltip="inactive requirement"];' % quoted(project))
    return "\n".join(lines + edges + ["}"]) + "\n"


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')
