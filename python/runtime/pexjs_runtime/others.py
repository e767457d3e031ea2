"""PEX_PATH: the distributions and the sources of other PEX files, ours or upstream's, are merged into this one.

What one of them gives is kept as `others/<key>`, a marshalled {"site", "names", "pth", "distributions", "code", "info"};
the key holds its path, size and date, so that a warm start opens none of them.
"""

import os

from pexjs_runtime import compat, folders, locks, place
from pexjs_runtime.settings import Failure


class Other(object):
    """One of them; it is to the modules of a first start what `Boot` is."""

    def __init__(self, boot, home, source):
        self.boot = boot
        self.home = home
        self.source = source  # the variable or the option that names it
        self.run = boot.run
        self.abi = boot.abi
        self.settings = boot.settings
        self.say = boot.say
        self.verbose = boot.verbose
        self.facts = {}

    def wants(self, name):
        value = self.settings.get(name)
        return self.facts[name[4:].lower()] if value is None else value


def named(boot, sealed=None):
    """All of them, those that are sealed in first."""
    paths = [(compat.system_text(path), "`--pex-path`") for path in (boot.facts["pex_path"] if sealed is None else sealed)]
    paths += [(path, "PEX_PATH") for path in boot.settings.get("PEX_PATH") or ()]
    return [Other(boot, compat.absolute(path), source) for path, source in paths]


def gather(boot, sealed=None):
    """The folders of distributions, those of sources, and whether there are startup files, of all the others."""
    sites, codes, pth = [], [], False
    for other in named(boot, sealed):
        record = find(other)
        found = place.site_folders(other, record)
        sites += found
        pth = pth or record["pth"]
        if record["code"]:
            codes.append(other.home if record["code"] == "." else place.code_folder(boot.run, {"code_key": record["code"]}))
    return sites, codes, pth


def find(other):
    """What the other PEX gives: remembered, if it is still whole, else made."""
    path = "%s/others/%s" % (other.run, identify(other))
    record = place.kept(other, place.load, path)
    if record is not None and is_whole(other, record):
        return record
    folders.choose_root(other.boot)
    if other.run != other.boot.run:
        other.run = other.boot.run
        path = "%s/others/%s" % (other.run, os.path.basename(path))
    try:
        with locks.no_pruning(other.boot):
            record = make(other)
        folders.save_record(path, record)
        folders.save_modules(other.boot)
    except (OSError, IOError) as error:
        what = "Cannot unpack %s to %s: %s" % (other.home, other.run, error.strerror or error)
        raise Failure(what, "make room there, or set PEX_ROOT to another folder")
    return record


def identify(other):
    is_folder = os.path.isdir(other.home)
    try:
        state = os.stat(other.home + "/PEX-INFO" if is_folder else other.home)
    except OSError as error:
        raise refusal(other, "it is no PEX" if is_folder else error.strerror)
    words = (other.abi, other.home, state.st_size, state.st_mtime, other.settings.get("PEX_IGNORE_ERRORS"))
    return compat.sha256(repr(words).encode("utf-8")).hexdigest()[:32]


def fingerprint(other):
    """What it gives, wherever it lies: a digest of its PEX-INFO, which has those of everything inside."""
    record = place.load("%s/others/%s" % (other.run, identify(other)))
    return record["info"] if record is not None and "info" in record else fingerprint_of(read(other)[0])


def fingerprint_of(container):
    return compat.sha256(container.read("PEX-INFO")).hexdigest()


def refusal(other, why):
    return Failure("Cannot merge %s, which %s names: %s" % (other.home, other.source, why), "correct or unset PEX_PATH")


def is_whole(other, record):
    if record["site"] and not place.is_ours("%s/sites/%s" % (other.run, record["site"]), "/site-packages", record["names"]):
        return False
    return record["code"] in ("", ".") or place.code_folder(other.run, {"code_key": record["code"]}) is not None


def choose(other):
    """The PEX, and what this interpreter can use of it."""
    from pexjs_runtime import activation, install

    identity = identify(other)
    container, info = read(other)
    other.facts = {
        "interpreter_constraints": info.get("interpreter_constraints") or [],
        "ignore_errors": info.get("ignore_errors", False),
        "max_install_jobs": other.boot.facts["max_install_jobs"],
        "code_key": install.FOREIGN + identity,
    }
    try:
        return container, activation.choose(other, info)
    except activation.Unfit as unfit:
        raise refusal(other, "\n".join(unfit.lines))


def make(other):
    """Unpack what this interpreter can use of it."""
    from pexjs_runtime import install, sites

    container, choice = choose(other)
    record = {"site": "", "names": (), "pth": False, "code": "", "info": fingerprint_of(container)}
    record["distributions"] = tuple((each["file"], each["sha256"]) for each in choice.chosen)
    if container.holds_trees and container.is_loose:
        names = [name for file, _ in record["distributions"] for name in container.top_names(file)]
        record["pth"] = sites.has_startup_files(names)
    elif choice.chosen:
        key, contents = sites.ensure(other, container, choice.chosen)
        record.update(contents, site=key)
    if has_code(container, install):
        record["code"] = "." if container.is_folder else other.facts["code_key"]
        if not container.is_folder:
            install.ensure_code(other, container)
    return record


def read(other):
    """Its container and its PEX-INFO, with a plan of activation."""
    from pexjs_runtime import archive, trees

    try:
        container = trees.TreeContainer(other.home)
        info = archive.read_info(container)
    except (Failure, ValueError, OSError, IOError):
        raise refusal(other, "it is no PEX")
    return container, trees.complete(container, info)


def has_code(container, install):
    if container.is_folder:
        known = [name.strip(b"/") for name in install.RESERVED] + list(install.RESERVED_FILES) + [b"pex", b"__pycache__"]
        return any(name not in known for name in os.listdir(compat.path_bytes(container.home)))
    return bool(install.own_files(container))
