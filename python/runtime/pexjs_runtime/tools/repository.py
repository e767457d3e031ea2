"""`repository info` and `repository extract`: the distributions of the PEX that this interpreter uses."""

import os

from pexjs_runtime import archive, compat, folders, wheels
from pexjs_runtime.settings import Failure
from pexjs_runtime.tools import common

PIECE = 1 << 20


def add_to(commands, name):
    parser = commands.add_parser(name, help="list the distributions of the PEX, or extract them")
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION")
    actions.required = True
    info = actions.add_parser("info", help="list name, version and place of each")
    info.add_argument("-v", "--verbose", action="store_true", help="as one JSON object for each, with what they require")
    common.add_output_options(info)
    info.set_defaults(run=show)
    extract = actions.add_parser("extract", help="write them as wheels, byte for byte as they came from the index")
    extract.add_argument("-f", "--dest-dir", "--find-links", required=True, metavar="DIR", help="where they go")
    extract.add_argument("--use-system-time", action="store_true", help="no effect: wheels stay as they are")
    extract.set_defaults(run=write_wheels)


def show(boot, options):
    from pexjs_runtime.start import locate

    distributions = common.chosen(boot, boot.read_info())
    is_unpacked = boot.facts["format"] and boot.facts["deps_are_wheel_files"] and locate(boot)[0]["site"]
    lines = []
    for each in distributions:
        if is_unpacked:
            place = wheels.store_folder(boot.run, each["sha256"]) + "/lib"
        else:
            place = "%s/.deps/%s" % (boot.home, each["file"])
        if options.verbose:
            lines.append(common.to_json({
                "project_name": each["project"], "version": each["version"], "requires_python": each.get("requires_python"),
                "requires_dists": each["requires"], "location": place,
            }, options.indent))
        else:
            lines.append("%s %s %s" % (each["project"], each["version"], place))
    common.write("".join(line + "\n" for line in lines), options.output)


def write_wheels(boot, options):
    if not boot.facts["deps_are_wheel_files"]:
        what = "The distributions lie in this PEX as installed trees, of which no wheels can be made: %s" % boot.home
        raise Failure(what, "build the PEX with `--no-pre-install-wheels`")
    container = archive.Container(boot.home)
    common.make_folder(options.dest_dir)
    for each in common.chosen(boot, boot.read_info()):
        path = os.path.join(options.dest_dir, each["file"])
        try:
            copy(container.wheel(each["file"]), path)
        except (OSError, IOError) as error:
            raise Failure("Cannot write %s: %s" % (path, error.strerror), "name another folder by -f")
        common.write(path + "\n")


def copy(region, path):
    """A part of a file to a file of its own, which appears whole or not at all."""
    temporary = folders.temporary_sibling(os.path.abspath(path))
    source = os.open(region.path, os.O_RDONLY)
    try:
        target = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
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
        os.rename(temporary, path)
    except BaseException:
        folders.remove(temporary)
        raise
    finally:
        os.close(source)
