"""`graph`: which distribution requires which, in the language of Graphviz."""

import os
import subprocess
import sys

from pexjs_runtime.settings import Failure
from pexjs_runtime.standards.requirement import Requirement, normalize
from pexjs_runtime.tools import common, formats


def add_to(commands, name):
    parser = common.add_tool(commands, name, run, "print the graph of distributions in the language of Graphviz")
    parser.add_argument("-r", "--render", action="store_true", help="make a picture of it; `dot` of Graphviz must be on PATH")
    parser.add_argument("-f", "--format", default="svg", metavar="FORMAT", help="of the picture: svg (default), png, pdf, ...")
    parser.add_argument("--open", action="store_true", help="make a picture and open it in the viewer of the system")
    common.add_output_options(parser, indent=False)


def run(boot, options):
    text = graph_of(boot)
    if not options.render and not options.open:
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
    if options.open:
        open_file(path)
    elif path != "-":
        common.write(path + "\n")


def open_file(path):
    viewer = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        status = subprocess.call([viewer, path])
    except (OSError, IOError) as error:
        status = error.strerror
    if status:
        raise Failure("Cannot open %s with `%s`: %s" % (path, viewer, status), "open it yourself")


def graph_of(boot):
    found = [(container, each) for container, distributions in common.distributions(boot) for each in distributions]
    chosen = [each for _, each in found]
    headers = dict((each["project"], common.metadata(container, each)) for container, each in found)
    names = dict((each["project"], common.project_name(headers[each["project"]], each)) for each in chosen)
    title = "Dependency graph of %s for interpreter %s (%s)" % (
        os.path.basename(boot.home), formats.interpreter_path(), formats.interpreter_requirement())
    lines = ["strict digraph %s {" % quoted(os.path.basename(boot.home))]
    lines.append("graph [%s];" % attributes([("fontsize", "14"), ("labelloc", "t"), ("label", title)]))
    edges, seen = [], set(names)
    for each in chosen:
        own = headers[each["project"]]
        name = names[each["project"]]
        lines.append("%s [%s];" % (quoted(name), attributes([("label", "%s %s" % (name, each["version"]))] + link(own))))
        for text in own.get("requires-dist", ()):
            requirement = Requirement(text)
            target = names.get(requirement.project, requirement.name)
            if requirement.project not in seen:
                seen.add(requirement.project)
                inactive = [("color", "lightgrey"), ("style", "filled"), ("tooltip", "inactive requirement")]
                lines.append("%s [%s];" % (quoted(target), attributes(inactive)))
            condition = formats.condition(requirement)
            label = [("label", condition)] if condition else []
            edges.append("%s -> %s [%s];" % (quoted(name), quoted(target), attributes(label + [("fontsize", "10")])))
    return "\n".join(lines + edges + ["}"]) + "\n"


def link(headers):
    """To the page of the project, as far as its metadata names one."""
    pages = [("homepage", page) for page in headers.get("home-page", ())]
    for text in headers.get("project-url", ()):
        label, _, page = text.partition(",")
        pages.append((normalize(label.strip()), page.strip()))
    pages.sort(key=lambda pair: pair[0] != "homepage")
    return [("URL", pages[0][1]), ("target", "_blank")] if pages else []


def attributes(pairs):
    return ", ".join("%s=%s" % (name, quoted(value)) for name, value in pairs)


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')
