"""What several tools need."""

import json
import os
import sys

from pexjs_runtime import activation
from pexjs_runtime.settings import Failure


def add_output_options(parser, indent=True):
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE instead of standard output")
    if indent:
        add_indent_option(parser)


def add_indent_option(parser):
    parser.add_argument("-i", "--indent", type=int, metavar="N", help="indent JSON by N")


def write(text, path=None):
    """To a file, or to standard output."""
    if path is None:
        sys.stdout.write(text)
        return
    try:
        with open(path, "w") as stream:
            stream.write(text)
    except (IOError, OSError) as error:
        raise Failure("Cannot write %s: %s" % (path, error.strerror), "name another file by -o")


def to_json(value, indent=None):
    return json.dumps(value, sort_keys=True, indent=indent, separators=(",", ": ") if indent else None)


def chosen(boot, info):
    """What of the PEX this interpreter would use; another interpreter takes over if this one does not fit."""
    return sorted(activation.decide(boot, info).chosen, key=lambda each: each["project"])


def make_folder(path):
    try:
        os.makedirs(path)
    except OSError as error:
        if not os.path.isdir(path):
            raise Failure("Cannot make the folder %s: %s" % (path, error.strerror), "name another folder")
