"""`python setup.py bdist_pex`: PEX files of a project, by `pex --bdist`."""

import argparse
import os
import shlex
import subprocess
import sys

from setuptools import Command

try:
    from setuptools.errors import OptionError
except ImportError:  # before setuptools 59
    from distutils.errors import DistutilsOptionError as OptionError

from pexjs import launcher

# What the project itself decides, in the spellings of `pex`.
DECIDED = (
    ("-m", "-e", "--entry-point"),
    ("-c", "--script", "--console-script"),
    ("--exe", "--executable", "--python-script"),
    ("-o", "--output-file"),
)


class bdist_pex(Command):
    description = "create a PEX file that runs the console script named like the project"
    user_options = [
        ("bdist-all", None, "one PEX for each console script, named like the script"),
        ("bdist-dir=", None, "directory to put the files in (default: dist)"),
        ("pex-args=", None, "more arguments for pex, as in a shell"),
    ]
    boolean_options = ["bdist-all"]

    def initialize_options(self):
        self.bdist_all = False
        self.bdist_dir = None
        self.pex_args = ""

    def finalize_options(self):
        try:
            self.pex_args = shlex.split(self.pex_args)
        except ValueError as error:
            raise OptionError("--pex-args: %s: %s" % (error, self.pex_args))
        given = _decided_by_the_project(self.pex_args)
        if given:
            raise OptionError(
                "Must not specify entry point, script or output file to --pex-args, given: %s" % " ".join(given)
            )

    def run(self):
        # Like every command of setuptools, this one runs in the project's directory.
        arguments = ["--project", os.curdir, "--bdist", "--bdist-dir", self.bdist_dir or "dist"]
        if self.bdist_all:
            arguments.append("--bdist-all")
        try:
            command = launcher.command_line("pex")
        except launcher.NodeUnavailable as error:
            sys.exit("error: %s" % error)
        sys.stdout.flush()
        try:
            status = subprocess.call(command + arguments + self.pex_args, env=launcher.environment())
        except OSError as error:
            sys.exit("error: %s" % launcher.cannot_run(command[0], error))
        if status != 0:
            sys.exit(status)  # What was wrong has been said.


def _decided_by_the_project(arguments):
    """Those of the arguments that name an entry point, a script or an output file, with their values."""
    parser = _Parser(add_help=False)
    for flags in DECIDED:
        parser.add_argument(*flags, action=_Collect, dest="given", default=[])
    return parser.parse_known_args(arguments)[0].given


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise OptionError("--pex-args: %s" % message)


class _Collect(argparse.Action):
    def __call__(self, parser, namespace, value, flag=None):
        namespace.given = namespace.given + [flag, value]
