"""What several tools need."""

import json
import os
import sys

from pexjs_runtime import activation, archive, compat, place, trees
from pexjs_runtime.settings import Failure


def add_tool(commands, name, run, help):
    """A parser for the command, with the options that every one of them has."""
    parser = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    add = parser.add_argument_group("options of all tools").add_argument
    add("--pex-root", "--cache-dir", metavar="DIR", help="the folder of all caches")
    add("--rcfile", metavar="FILE", help="a pexrc file to read besides the usual ones")
    add("--tmpdir", metavar="DIR", help="the folder of temporary files")
    add("--disable-cache", action="store_true", help="keep what must be unpacked only until the tool has ended")
    add("--emit-warnings", dest="emit_warnings", action="store_true", default=None, help="print warnings, even if the PEX was built not to")
    add("--no-emit-warnings", dest="emit_warnings", action="store_false", help="print no warnings")
    parser.set_defaults(run=run, misused=parser.error)
    return parser


def apply(boot, options):
    """The options of all tools are settings that win over variables."""
    if options.rcfile:
        from pexjs_runtime import settings

        if not os.path.isfile(options.rcfile):
            raise Failure("There is no file %s" % options.rcfile, "correct --rcfile")
        boot.settings = dict(settings.read(os.environ, [options.rcfile]), **boot.settings)
    if options.pex_root:
        boot.settings["PEX_ROOT"] = options.pex_root
    if options.emit_warnings is not None:
        boot.settings["PEX_EMIT_WARNINGS"] = options.emit_warnings
    if options.tmpdir:
        os.environ["TMPDIR"] = make_folder(os.path.abspath(options.tmpdir))
    place.set_root(boot, place.find_root(boot.facts, boot.settings))
    if options.disable_cache:
        import tempfile

        from pexjs_runtime.folders import remove_at_exit

        place.set_root(boot, tempfile.mkdtemp(prefix="pex-root-"))
        remove_at_exit(boot.root)


def add_output_options(parser, indent=True):
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE instead of standard output, which `-` is, too")
    if indent:
        add_indent_option(parser)


def add_indent_option(parser):
    parser.add_argument("-i", "--indent", type=int, metavar="N", help="indent JSON by N")


def write(text, path=None):
    """To a file, or to standard output: as UTF-8, whatever the locale says, and file names as they are."""
    content = compat.utf8(text)
    if path in (None, "-"):
        sys.stdout.flush()
        getattr(sys.stdout, "buffer", sys.stdout).write(content)
        return
    try:
        with open(path, "wb") as stream:
            stream.write(content)
    except (IOError, OSError) as error:
        raise Failure("Cannot write %s: %s" % (path, error.strerror), "name another file by -o")


def to_json(pairs, indent=None):
    """An object with its fields in this order."""
    from collections import OrderedDict

    return json.dumps(OrderedDict(pairs), indent=indent, separators=(",", ": ") if indent is not None else None)


def open_pex(boot):
    """The PEX, and its PEX-INFO with a plan of activation, whoever built it."""
    container = trees.TreeContainer(boot.home)
    return container, trees.complete(container, archive.read_info(container))


def chosen(boot, info):
    """What of the PEX this interpreter would use; another interpreter takes over if this one does not fit."""
    return activation.decide(boot, info).chosen


def distributions(boot):
    """Of the PEX, and behind it of those that it merges in: (which it is, what this interpreter would use of it)."""
    container, info = open_pex(boot)
    found = [(container, chosen(boot, info))]
    if boot.facts["pex_path"] or boot.settings.get("PEX_PATH"):
        from pexjs_runtime import others

        for other in others.named(boot):
            container, choice = others.choose(other)
            known = set(each["project"] for _, before in found for each in before)
            found.append((container, [each for each in choice.chosen if each["project"] not in known]))
    return found


def metadata(container, each):
    """The headers of a distribution's METADATA: lists of values by lower-case name."""
    return trees.read_headers(container.metadata(each["file"]))


def project_name(headers, each):
    """As the project itself spells it."""
    return headers.get("name", [each["project"]])[0]


def make_folder(path):
    try:
        os.makedirs(path)
    except OSError as error:
        if not os.path.isdir(path):
            raise Failure("Cannot make the folder %s: %s" % (path, error.strerror), "name another folder")
    return path
