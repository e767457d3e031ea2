"""`repository info` and `repository extract`: the distributions of the PEX that this interpreter uses."""

import os

from pexjs_runtime import archive, compat, folders, wheels
from pexjs_runtime.settings import Failure
from pexjs_runtime.tools import common, formats

PIECE = 1 << 20


def add_to(commands, name):
    parser = commands.add_parser(name, help="list the distributions of the PEX, or extract them")
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION")
    actions.required = True
    info = common.add_tool(actions, "info", show, "list name, version and place of each distribution")
    info.add_argument("-v", "--verbose", action="store_true", help="as one JSON object for each, with what they require")
    common.add_output_options(info)
    add_extract_to(actions, "extract")


def add_extract_to(commands, name):
    add = common.add_tool(commands, name, extract, "write the distributions as wheels").add_argument
    add("-f", "--dest-dir", "--find-links", "--repo", metavar="DIR", help="where they go; only --serve does without")
    add("-D", "--sources", action="store_true", help="write the sources of the PEX as a source distribution, too")
    add(
        "--use-system-time", action="store_true",
        help="give what is put together the date of now, as far as its own is not known, instead of 1980-01-01",
    )
    add("--serve", action="store_true", help="then serve DIR to installers (--find-links) until interrupted")
    add("--port", type=int, default=0, metavar="N", help="where to serve it; by default where the system has room")
    add("--pid-file", metavar="FILE", help="write `<process>:<port>` of the server to FILE")


def show(boot, options):
    lines = []
    for container, distributions in common.distributions(boot):
        in_place = container.holds_trees and container.is_loose
        if not in_place:
            folders.choose_root(boot)
            wheels.ensure(boot, container, distributions)
        for each in distributions:
            place = "%s/.deps/%s" % (container.home, each["file"]) if in_place else wheels.store_folder(boot.run, each["sha256"]) + "/lib"
            lines.append(describe(container, each, place, options))
    common.write("".join(line + "\n" for line in lines), options.output)


def describe(container, each, place, options):
    headers = common.metadata(container, each)
    name = common.project_name(headers, each)
    if not options.verbose:
        return "%s %s %s" % (name, each["version"], place)
    requires_python = headers.get("requires-python", [None])[0]
    return common.to_json((
        ("project_name", name), ("version", each["version"]),
        ("requires_python", requires_python and formats.specifiers(requires_python)),
        ("requires_dists", [formats.requirement(text) for text in headers.get("requires-dist", ())]), ("location", place),
    ), options.indent)


def extract(boot, options):
    if not options.dest_dir and not options.serve:
        options.misused("-f is needed: where the distributions go")
    folder = options.dest_dir
    if not folder:
        import tempfile

        folder = tempfile.mkdtemp(prefix="pex-repository-")
        folders.remove_at_exit(folder)
    common.make_folder(folder)
    try:
        write_distributions(boot, options, folder)
    except (OSError, IOError) as error:
        raise Failure("Cannot write to %s: %s" % (folder, error.strerror or error), "name another folder by -f")
    if options.serve:
        from pexjs_runtime.tools import serve

        serve.serve(boot, folder, options.port, options.pid_file)


def write_distributions(boot, options, folder):
    found = common.distributions(boot)
    if options.sources:
        from pexjs_runtime.tools import sources

        container, info = common.open_pex(boot)
        tell(sources.write(boot, container, info, folder, options.use_system_time))
    for container, distributions in found:
        for each in distributions:
            path = os.path.join(folder, os.path.basename(each["file"]))
            if container.holds_trees:
                from pexjs_runtime.tools import rebuild

                publish(path, lambda temporary: rebuild.rebuild(boot, container, each["file"], temporary, options.use_system_time))
            else:
                publish(path, lambda temporary: copy(container.wheel(each["file"]), temporary))
            tell(path)


def tell(path):
    common.write(path + "\n")


def publish(path, write):
    """A file appears whole or not at all."""
    temporary = folders.temporary_sibling(os.path.abspath(path))
    try:
        write(temporary)
        os.rename(temporary, path)
    except BaseException:
        folders.remove(temporary)
        raise


def copy(region, path):
    """A part of a file, which a whole wheel is, to a file of its own."""
    source = os.open(region.path, os.O_RDONLY)
    try:
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            done = 0
            while done < region.size:
                data = compat.read_at(source, min(PIECE, region.size - done), region.start + done)
                if not data:
                    raise archive.damaged(region.path, "it ends too early")
                folders.write_all(target, data)
                done += len(data)
        finally:
            os.close(target)
    finally:
        os.close(source)
