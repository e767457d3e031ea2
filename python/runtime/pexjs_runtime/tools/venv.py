"""`venv DIR`: a virtual environment that runs like the PEX and needs it no longer.

`--scope` splits it in two, each of which can be a layer of a container: `deps` holds the distributions, `srcs` the
user's own sources; one laid over the other is the whole. `.pex-venv-scope` tells which of them a folder holds.
"""

import os
import subprocess
import sys

from pexjs_runtime import activation, folders, install, place
from pexjs_runtime.settings import Failure
from pexjs_runtime.tools import common
from pexjs_runtime.venv import RECORD, make, outside

MARK = ".pex-venv-scope"


def add_to(commands, name):
    parser = commands.add_parser(name, help="make a virtual environment of the PEX")
    add = parser.add_argument
    add("folder", metavar="DIR", help="where it goes")
    add("--scope", choices=("all", "deps", "srcs"), default="all", help="all, only distributions, or only the sources of the PEX")
    add("-b", "--bin-path", choices=("false", "prepend", "append"), help="whether its scripts are put on PATH for the program")
    add("-f", "--force", action="store_true", help="replace DIR if it is there")
    add("--collisions-ok", action="store_true", help="no effect: of files in several distributions the first one always counts")
    add("-p", "--pip", action="store_true", help="install pip into it")
    add("--copies", action="store_true", help="copy the interpreter instead of linking to it")
    add("--site-packages-copies", action="store_true", help="copy packages instead of linking to those in the cache")
    add("--system-site-packages", action="store_true", help="let it see the packages of its interpreter")
    add("--non-hermetic-scripts", action="store_true", help="let its scripts honour PYTHONPATH")
    add("--compile", action="store_true", help="compile all Python files")
    add("--prompt", metavar="TEXT", help="what shells show while it is active")
    add("--rm", choices=("pex", "all"), help="afterwards delete the PEX, or also what it has cached")
    parser.set_defaults(run=run)


def run(boot, options):
    if not boot.facts["format"]:
        what = "No virtual environment can be made of a PEX that was not built by pexjs: %s" % boot.home
        raise Failure(what, "build the PEX again with this `pex`, or use the `pex-tools` that belongs to its builder")
    folder = os.path.abspath(options.folder)
    aside = make_room(folder, options)
    try:
        build(boot, folder, options)
    except (OSError, IOError) as error:
        put_back(aside, folder)
        what = "Cannot make the virtual environment %s: %s" % (folder, error.strerror or error)
        raise Failure(what, "name another folder, or make room there")
    except BaseException:
        put_back(aside, folder)
        raise
    if aside:
        if not options.force:
            add_missing(aside, folder)
        folders.remove(aside)
    finish(boot, folder, options)


def make_room(folder, options):
    """An earlier folder gets another name, which is returned; its other scope comes back later."""
    common.make_folder(os.path.dirname(folder))
    if not os.path.lexists(folder):
        return None
    if os.path.isdir(folder) and not os.listdir(folder):
        os.rmdir(folder)
        return None
    there = (place.read(folder + "/" + MARK) or b"").decode("utf-8", "replace")
    if not options.force and {"deps": "srcs", "srcs": "deps"}.get(there) != options.scope:
        raise Failure("The folder is not empty: %s" % folder, "replace it by --force, or name another folder")
    aside = folders.temporary_sibling(folder)
    os.rename(folder, aside)
    return aside


def put_back(aside, folder):
    if aside:
        folders.remove(folder)
        os.rename(aside, folder)


def build(boot, folder, options):
    container, info = install.open_container(boot)
    choice = activation.decide(boot, info)
    for option, field in (
        ("copies", "venv_copies"), ("site_packages_copies", "venv_site_packages_copies"),
        ("system_site_packages", "venv_system_site_packages"),
    ):
        if getattr(options, option):
            info[field] = True
    if options.non_hermetic_scripts:
        info["venv_hermetic_scripts"] = False
    boot.facts = dict(boot.facts, venv_hermetic_scripts=info.get("venv_hermetic_scripts", True))
    boot.facts["venv_bin_path"] = options.bin_path or info.get("venv_bin_path") or "false"
    distributions = choice.chosen
    if options.scope == "srcs":
        choice.chosen = []
    if options.scope == "deps":
        boot.facts["has_code"] = False
    folders.make_folder(boot.run + "/venvs")  # where the making of one tidies up
    make.build(boot, container, info, choice, outside.base_python(), folder)
    record = place.load(folder + "/" + RECORD)
    record["distributions"] = tuple((each["file"], each["sha256"]) for each in distributions)
    folders.save_record(folder + "/" + RECORD, record)
    folders.write_file(folder + "/" + MARK, options.scope.encode("ascii"))
    if options.prompt:
        with open(folder + "/pyvenv.cfg", "a") as stream:
            stream.write("prompt = %s\n" % options.prompt)


def add_missing(source, target):
    """Move what only the first folder has into the second."""
    for name in os.listdir(source):
        path, there = os.path.join(source, name), os.path.join(target, name)
        if not os.path.lexists(there):
            os.rename(path, there)
        elif os.path.isdir(path) and not os.path.islink(path):
            add_missing(path, there)
        elif name == MARK:
            folders.write_file(there, b"all")


def finish(boot, folder, options):
    python = folder + "/bin/python"
    if options.pip:
        call([python, "-m", "ensurepip", "--default-pip"], "pip cannot be installed")
    if options.compile:
        record = place.load(folder + "/" + RECORD)
        libraries = [os.path.join(folder, library) for library in record["folders"]]
        with open(os.devnull, "w") as nothing:  # what does not compile is no fault of ours
            subprocess.call([python, "-sE", "-m", "compileall", "-q"] + libraries, stdout=nothing, stderr=nothing)
    if options.rm:
        folders.remove(boot.home)
    if options.rm == "all":
        folders.remove(boot.run)


def call(command, what):
    sys.stdout.flush()
    with open(os.devnull, "w") as nothing:
        status = subprocess.call(command, stdout=nothing)
    if status:
        raise Failure("%s: `%s` ended with the status %d" % (what, " ".join(command), status), "see above, or leave out --pip")
