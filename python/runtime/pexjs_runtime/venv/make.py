"""Makes the virtual environment of a PEX for the running interpreter.

    venvs/<key>/bin/...          the interpreter and scripts
                lib/pythonX.Y/site-packages/...   hard links to the unpacked wheels and to the sources of the PEX
                pyvenv.cfg, PEX-INFO
                __main__.py      starts the program; `pex` is a link to it
                .bootstrap/...   this runtime, so that the environment needs nothing else
                .contents        marshal: what is inside, and what must be there
                .last-access     its date tells pruning when it was last used; a shared lock, that it is
"""

import marshal
import os
import sys

from pexjs_runtime import activation, archive, compat, folders, install, isolation, locks, place, unpack, wheels
from pexjs_runtime.settings import Failure
from pexjs_runtime.venv import RECORD, interpreter, scripts
from pexjs_runtime.venv.distributions import files_below
from pexjs_runtime.venv.outside import environment_folder, is_whole
from pexjs_runtime.venv.packages import Packages

# What every start inside needs, compiled; the rest is compiled when it is imported.
# What every start in an environment needs, and what only some do.
WARM_MODULES = ("begin", "compat", "place", "settings", "running", "boot", "venv", "venv.inside")
MORE_MODULES = ("like_python", "interpreters", "scripts", "interactive")


def make(boot, base):
    """Returns the folder of the environment; another interpreter takes over if the running one does not fit."""
    folders.choose_root(boot)
    container, info = install.open_container(boot)
    if "mounted" not in boot.stage:
        isolation.hide_host()
    folder = environment_folder(boot, base)
    try:
        folders.make_folder(boot.run + "/venvs")
        with locks.Lock("%s/locks/venv-%s" % (boot.run, os.path.basename(folder))):
            if not place.kept(boot, is_whole, boot, folder):
                choice = activation.decide(boot, info)
                boot.say(1, "making the virtual environment %s" % folder)
                build(boot, container, info, choice, base, folder)
    except (OSError, IOError) as error:
        what = "Cannot make the virtual environment %s: %s" % (folder, error.strerror or error)
        raise Failure(what, "make room there, or set PEX_ROOT to another folder")
    folders.save_modules(boot)
    return folder


def build(boot, container, info, choice, base, folder, finish=None, temporary=None, publish=folders.publish):
    """Make it in a temporary folder, in which everything that holds a path holds that of the final one.

    `finish` is given what is inside, and the temporary folder before `publish` makes it the final one.
    """
    temporary = temporary or folders.temporary_sibling(folder)
    with locks.no_pruning(boot):
        wheels.mending(
            boot, choice.chosen, lambda: fill(boot, container, info, choice, base, folder, finish, temporary, publish)
        )
        boot.lock = place.hold(folder)


def fill(boot, container, info, choice, base, folder, finish, temporary, publish):
    folders.sweep(boot.run + "/venvs")
    packages = Packages(boot, folder, info)
    for name in interpreter.names():
        packages.reserve("bin/" + name)
    for name in ("pyvenv.cfg", "__main__.py", "pex", "PEX-INFO", ".bootstrap", RECORD, ".last-access"):
        packages.reserve(name)
    sites, codes = [], []
    if boot.facts["pex_path"] or boot.settings.get("PEX_PATH"):
        from pexjs_runtime.others import gather

        sites, codes, _ = gather(boot)
    packages.add_sources(container)
    for code in codes:
        packages.add_code(code)
    packages.add_distributions(container, choice)
    packages.add_others(sites)
    try:
        packages.put(temporary)
        interpreter.put(temporary, base, info)
        put_program(boot, container, info, temporary, folder)
        record = {
            "site": "", "names": (), "pth": False, "requirements": len(choice.roots), "abi": boot.abi,
            "distributions": tuple((each["file"], each["sha256"]) for each in choice.chosen),
            "folders": (packages.library,),
            "parts": parts(temporary, ("", "bin", ".bootstrap", packages.library)),
        }
        folders.save_record("%s/%s" % (temporary, RECORD), record)
        folders.write_file(temporary + "/.last-access", b"")
        if finish is not None:
            finish(packages, temporary)
        publish(boot, temporary, folder, lambda: is_whole(boot, folder))
    except BaseException:
        folders.remove(temporary)
        raise


def parts(top, inner):
    """What must be there: the names in the folders that every start looks into."""
    found = []
    for folder in inner:
        names = os.listdir(compat.path_bytes(os.path.join(top, folder)))
        found.append((folder, tuple(sorted(name for name in names if name != b"__pycache__"))))
    return tuple(found)


PROGRAM = ("__main__.py", "pex", "PEX-INFO", ".bootstrap")


def put_program(boot, container, info, top, folder):
    """PROGRAM: `__main__.py` and the runtime that it starts."""
    put_main(boot, top, scripts.first_lines(folder, info.get("venv_hermetic_scripts", True)))
    os.symlink("__main__.py", top + "/pex")
    folders.write_file(top + "/PEX-INFO", container.read("PEX-INFO"))
    sources = runtime_sources(boot.finder.folder, boot.home)
    bootstrap = compat.path_bytes(top + "/.bootstrap")
    os.mkdir(bootstrap)
    unpack.make_parents(bootstrap, sources)
    for name, content in sources.items():
        folders.write_file(compat.path_text(bootstrap + b"/" + name), content)
    runs_something = boot.facts["entry_point"] or boot.facts["script"]
    warm = WARM_MODULES if runs_something else WARM_MODULES + ("like_python",)
    for ending, names in (("", warm), ("-more", MORE_MODULES)):
        names = ["pexjs_runtime." + name for name in names]
        compiled = dict((name, compiled_module(boot.finder, name)) for name in names)
        folders.save_record("%s/.bootstrap/compiled-%x%s" % (top, sys.hexversion, ending), compiled)


def put_main(boot, top, head):
    template = boot.finder.read("pexjs_runtime/venv/main.py").decode("ascii")
    literal = "FACTS = {%s}" % ", ".join("%r: %r" % item for item in sorted(dict(boot.facts, layout="venv").items()))
    text = "\n".join(literal if line.startswith("FACTS = ") else line for line in template.split("\n"))
    folders.write_file(top + "/__main__.py", compat.path_bytes(head) + text.encode("ascii", "backslashreplace"))
    os.chmod(top + "/__main__.py", os.stat(top + "/__main__.py").st_mode | 0o111)


def compiled_module(finder, name):
    """As `marshal` keeps it, with references: what the PEX holds has none, and takes longer to load."""
    return marshal.dumps(finder.code(name))


def runtime_sources(bootstrap, home):
    """The files of this runtime by name, wherever the layout of the PEX keeps them."""
    if os.path.isdir(bootstrap):
        package = compat.path_bytes(bootstrap) + b"/pexjs_runtime"
        return dict((b"pexjs_runtime/" + name, folders.read_if_there(package + b"/" + name)) for name in files_below(package))
    path, prefix = (bootstrap, b"") if os.path.isfile(bootstrap) else (home, b".bootstrap/")
    members = archive.members(archive.whole_file(path))
    return dict(
        (name[len(prefix):], archive.content(path, member)) for name, member in members.items() if name.startswith(prefix)
    )
