"""`venv DIR`: a virtual environment that runs like the PEX and needs it no longer.

`--scope` splits it in two, each of which can be a layer of a container: `deps` holds the distributions, `srcs` the
user's own sources; one laid over the other is the whole. `.pex-venv-scope` tells which of them a folder holds.
"""

import errno
import os
import subprocess
import sys

from pexjs_runtime import activation, compat, folders, place
from pexjs_runtime.settings import Failure
from pexjs_runtime.tools import common, shells
from pexjs_runtime.venv import RECORD, make, outside, scripts

MARK = ".pex-venv-scope"
REPL = """%simport os
import sys

os.environ["PEX_INTERPRETER"] = "1"
pex = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pex")
os.execv(pex, [pex] + sys.argv[1:])
"""


def add_to(commands, name):
    parser = common.add_tool(commands, name, run, "make a virtual environment of the PEX")
    add = parser.add_argument
    add("folder", metavar="DIR", help="where it goes")
    add("--scope", choices=("all", "deps", "srcs"), default="all", help="all, only distributions, or only the sources of the PEX")
    add("-b", "--bin-path", choices=("false", "prepend", "append"), help="whether its scripts are put on PATH for the program")
    add("-f", "--force", action="store_true", help="replace DIR if it is there")
    add(
        "--collisions-ok", action="store_true",
        help="where distributions have different files for one place, take that of the first one and warn",
    )
    add("-p", "--pip", action="store_true", help="install pip into it, unless the PEX holds one")
    add("--copies", action="store_true", help="copy the interpreter instead of linking to it")
    add("--site-packages-copies", action="store_true", help="copy packages instead of linking to those in the cache")
    add("--system-site-packages", action="store_true", help="let it see the packages of its interpreter")
    add("--non-hermetic-scripts", action="store_true", help="let its scripts honour PYTHONPATH")
    add("--compile", action="store_true", help="compile all Python files")
    add("--prompt", metavar="TEXT", help="what shells show while it is active; by default the name of DIR")
    add(
        "--rm", "--remove", choices=("pex", "all"),
        help="afterwards delete the PEX; `all`: also what PEX files have unpacked below PEX_ROOT",
    )


def run(boot, options):
    folders.choose_root(boot)
    folder = os.path.abspath(options.folder)
    common.make_folder(os.path.dirname(folder))
    if options.force or not must_stay(folder) or has_other_scope(folder, options):
        replace(boot, folder, options)
    else:
        build(boot, folder, options, folders.temporary_sibling(folder + "/" + MARK), lay_among)
    if options.rm:
        folders.remove(boot.home)
    if options.rm == "all":
        folders.remove(boot.run)
        remove_empty(os.path.dirname(boot.run), os.path.dirname(boot.root))


def must_stay(folder):
    """Whether it is there, and not just empty: it has content of its own, or its place belongs to somebody else."""
    if not os.path.isdir(folder):
        return False
    is_free = os.access(os.path.dirname(folder), os.W_OK) and not os.path.islink(folder) and not os.path.ismount(folder)
    return not is_free or bool(os.listdir(folder))


def has_other_scope(folder, options):
    there = (place.read(folder + "/" + MARK) or b"").decode("utf-8", "replace")
    return {"deps": "srcs", "srcs": "deps"}.get(there) == options.scope


def replace(boot, folder, options):
    """An earlier folder comes back if this one fails; else its other scope does."""
    aside = make_room(folder, options)
    try:
        build(boot, folder, options, folders.temporary_sibling(folder), folders.publish)
    except BaseException:
        put_back(aside, folder)
        raise
    if aside:
        if not options.force:
            add_missing(aside, folder)
        folders.remove(aside)


def make_room(folder, options):
    """What is there gets another name, which is returned."""
    if not os.path.lexists(folder) or os.path.isdir(folder) and not os.listdir(folder):
        return None
    if not options.force and not os.path.isdir(folder):
        raise Failure("It is there already: %s" % folder, "replace it by --force, or name another folder")
    aside = folders.temporary_sibling(folder)
    try:
        move(folder, aside)
    except (OSError, IOError) as error:
        raise Failure("Cannot replace %s: %s" % (folder, error.strerror or error), "name another folder")
    return aside


def move(folder, aside):
    """What an earlier step of the making of an image has left cannot be renamed: it is in a lower layer."""
    try:
        os.rename(folder, aside)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        import shutil

        shutil.copytree(folder, aside, symlinks=True)
        folders.remove(folder)


def put_back(aside, folder):
    folders.remove(folder)
    if aside:
        os.rename(aside, folder)


def build(boot, folder, options, temporary, publish):
    try:
        make_environment(boot, folder, options, temporary, publish)
        finish(folder, options)
    except (OSError, IOError) as error:
        what = "Cannot make the virtual environment %s: %s" % (folder, error.strerror or error)
        raise Failure(what, "name another folder, or make room there")


def make_environment(boot, folder, options, temporary, publish):
    container, info = common.open_pex(boot)
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
        boot.facts = dict(boot.facts, has_code=False)

    def complete(packages, top):
        tell_collisions(packages, options)
        record = place.load(top + "/" + RECORD)
        # The same in each layer, for either may be the upper one.
        record["distributions"] = tuple((each["file"], each["sha256"]) for each in distributions)
        record["parts"] = ()
        folders.save_record(top + "/" + RECORD, record)
        if options.scope == "deps":  # else this layer would be another one after each edit of the sources
            for name in make.PROGRAM:
                folders.remove(top + "/" + name)
        else:
            head = scripts.first_lines(folder, info.get("venv_hermetic_scripts", True))
            folders.write_file(top + "/pex-repl", compat.path_bytes(REPL % head))
            os.chmod(top + "/pex-repl", os.stat(top + "/__main__.py").st_mode)
        os.unlink(top + "/.last-access")  # that of the cache is for pruning
        shells.put(top, folder, options.prompt)
        if options.prompt:
            with open(top + "/pyvenv.cfg", "ab") as stream:
                stream.write(compat.path_bytes("prompt = %r\n" % options.prompt))
        folders.write_file(top + "/" + MARK, options.scope.encode("ascii"))

    folders.make_folder(boot.run + "/venvs")  # where the making of one tidies up
    make.build(boot, container, info, choice, outside.base_python(), folder, complete, temporary, publish)


def tell_collisions(packages, options):
    """Files of one place and different content: which one counts must not depend on an order that nobody sees."""
    lines = [
        "  %s of %s, %s" % (compat.path_text(name), first, second) for name, first, second in sorted(packages.collisions())]
    if not lines:
        return
    what = "\n".join(["Distributions have different files for the same place:"] + lines)
    if not options.collisions_ok:
        raise Failure(what, "take those of the first ones by --collisions-ok")
    packages.boot.warn(what)


def lay_among(_boot, temporary, folder, _is_whole):
    """Publish it in a folder that stays, and of which nothing is replaced."""
    there = sorted(in_both(temporary, folder), key=lambda path: (path.count("/"), path))
    if there:
        what = "The folder %s is not empty, and these are in it already: %s" % (folder, ", ".join(there[:6]))
        raise Failure(what + (", ..." if there[6:] else ""), "replace the folder by --force, or name another one")
    add_missing(temporary, folder)
    folders.remove(temporary)


def in_both(left, right, inner=""):
    """The paths below both folders that are not folders in both."""
    found = []
    for name in os.listdir(left):
        path, there = os.path.join(left, name), os.path.join(right, name)
        if all(os.path.isdir(each) and not os.path.islink(each) for each in (path, there)):
            found += in_both(path, there, inner + name + "/")
        elif os.path.lexists(there):
            found.append(inner + name)
    return found


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


def remove_empty(folder, end):
    """This folder and those around it, up to but without `end`, as far as nothing else is in them."""
    try:
        while folder != end:
            os.rmdir(folder)
            folder = os.path.dirname(folder)
    except OSError:
        pass


def finish(folder, options):
    """What runs in the environment, where it lies now."""
    python = [folder + "/bin/python", outside.isolated()]
    if options.pip:
        call(python + ["-m", "ensurepip", "--default-pip"])
    if options.compile:
        record = place.load(folder + "/" + RECORD)
        libraries = [os.path.join(folder, library) for library in record["folders"]]
        # Checked by the source's hash where that can be: a date would be lost on the way into an image.
        how = ["--invalidation-mode", "checked-hash"] if sys.version_info >= (3, 7) else []
        with open(os.devnull, "w") as nothing:  # what does not compile is no fault of ours
            subprocess.call(python + ["-m", "compileall", "-q"] + how + libraries, stdout=nothing, stderr=nothing)


def call(command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0]
    if process.returncode:
        last = (output.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
        what = "pip cannot be installed, `%s` ended with the status %d: %s" % (" ".join(command), process.returncode, last)
        raise Failure(what, "leave out --pip, or use a Python that has `ensurepip`")
