"""A first start: makes what a warm start wants to find, or what of it is missing."""

import os

from pexjs_runtime import folders, locks, place
from pexjs_runtime.settings import Failure

# No part of the program: what the builder and the runtime put at the root of a PEX.
RESERVED = (b".bootstrap/", b".deps/", b"__pex__/")
FOREIGN = "of-"  # begins the keys of sources that cannot be checked: they belong to one file alone
RESERVED_FILES = (b"PEX-INFO", b"__main__.py", b"__main__.pyc", b".bootstrap", b".deps")


def install(boot, activation, code):
    """Returns a usable activation and the folder of the sources (None if there are none)."""
    folders.choose_root(boot)
    facts = boot.facts
    container, info = open_container(boot)
    try:
        if activation is None:
            lock = locks.Lock("%s/locks/%s-%s" % (boot.run, place.identities(facts)[0], boot.abi))
            with locks.no_pruning(boot), lock:
                activation = place.kept(boot, place.activation, boot.run, facts, boot.abi) or activate(boot, container, info)
        if code is None and facts["has_code"]:
            with locks.no_pruning(boot):
                code = ensure_code(boot, container)
    except (OSError, IOError) as error:
        raise cannot_unpack(boot, error)
    folders.save_modules(boot)
    return activation, code


def activate(boot, container, info):
    from pexjs_runtime import activation  # not for those who waited until another start had done it

    return activation.activate(boot, container, info)


def restore_wheels(boot, activation):
    """Unpack the wheels of an activation again."""
    from pexjs_runtime import wheels

    container, info = open_container(boot)
    chosen = set(sha256 for _, sha256 in activation["distributions"])
    plan = info["activation_plan"]["distributions"]
    try:
        with locks.no_pruning(boot):
            wheels.ensure(boot, container, [each for each in plan if each["sha256"] in chosen])
    except (OSError, IOError) as error:
        raise cannot_unpack(boot, error)


def cannot_unpack(boot, error):
    what = "Cannot unpack to %s: %s" % (boot.run, error.strerror or error)
    return Failure(what, "make room there, or set PEX_ROOT to another folder")


def open_container(boot):
    """The PEX and its PEX-INFO."""
    from pexjs_runtime.archive import Container, read_info, unreadable

    try:
        if boot.facts["deps_are_wheel_files"]:
            container = Container(boot.home)
            info = read_info(container)
        else:
            from pexjs_runtime.trees import TreeContainer, complete

            container = TreeContainer(boot.home)
            info = complete(container, read_info(container))
    except (OSError, IOError) as error:
        raise unreadable(boot.home, error)
    if info.get("pex_hash") != boot.facts["pex_hash"]:
        raise Failure("The file was replaced while it was starting: %s" % boot.home, "start it again")
    return container, info


def is_own(name):
    """Whether a file in the folder of a PEX (bytes) is one of the user's own."""
    return not name.startswith(RESERVED) and name not in RESERVED_FILES + (b"pex",)


def own_files(container):
    """(name, member) of each of the user's own files in a PEX that is one file."""
    before = container.sources_before()
    members = container.members if before is None else before
    return [
        (name, member) for name, member in members.items()
        if not name.startswith(RESERVED) and name not in RESERVED_FILES
    ]


def ensure_code(boot, container):
    """The folder of the sources; of many that want it at the same time one unpacks them."""
    with locks.Lock("%s/locks/%s" % (boot.run, boot.facts["code_key"])):
        return place.kept(boot, place.code_folder, boot.run, boot.facts) or unpack_code(boot, container)


def unpack_code(boot, container):
    """The sources of the PEX, below `code/<key>/src`; `names` lists what must be there at the top."""
    from pexjs_runtime import compat, unpack
    from pexjs_runtime.archive import damaged

    key = boot.facts["code_key"]
    folder = "%s/code/%s" % (boot.run, key)
    temporary = folders.temporary_sibling(folder)
    folders.sweep(boot.run + "/code")
    boot.say(1, "unpacking the sources to %s" % folder)
    sources = own_files(container)
    try:
        top = compat.path_bytes(temporary) + b"/src"
        os.makedirs(temporary + "/src")
        for name, _ in sources:
            unpack.check_name(name, container.home)
        unpack.make_parents(top, [name for name, _ in sources])
        jobs = [unpack.Job(container.home, member, top + b"/" + name) for name, member in sources]
        unpack.unpack(jobs, unpack.count_threads(boot))
        if not key.startswith(FOREIGN) and contents_key(top, sources) != key:
            raise damaged(container.home, "its sources are not those it was built with")
        names = sorted(set(name.partition(b"/")[0] for name, _ in sources))
        folders.write_file(temporary + "/names", b"\0".join(names))
        folders.write_file(temporary + "/.last-access", b"")
        folders.publish(boot, temporary, folder, lambda: place.code_folder(boot.run, boot.facts))
    except BaseException:
        folders.remove(temporary)
        raise
    return place.code_folder(boot.run, boot.facts) or folder + "/src"


def contents_key(top, sources):
    """What these files are known by; the builder's `contentsKey` says the same."""
    from pexjs_runtime import compat, unpack

    digest = compat.sha256(size=sum(member.size for _, member in sources))
    for name, member in sorted(sources):
        digest.update(name + ("\0%s%d\n" % ("x" if member.executable else "-", member.size)).encode("ascii"))
        with open(top + b"/" + name, "rb") as stream:
            piece = stream.read(unpack.PIECE)
            while piece:
                digest.update(piece)
                piece = stream.read(unpack.PIECE)
    return digest.hexdigest()
