"""A loose PEX whose distributions are installed runs where it lies, and writes nothing into the cache.

What a start has found out is kept like the code that Python compiles, beside the sources: under the same conditions, and good
as long as what it was made of has the same dates.

    __pycache__/<bootstrap_hash>-<hexversion>-<is PyPy>   the runtime's modules, compiled
                <pex_hash>-<interpreter>                  an activation, with the dates of PEX-INFO and of all that it chose
"""

import os
import sys

from pexjs_runtime import place


def activate(boot):
    """What `activation.activate` gives, without a merged folder."""
    path = "%s/__pycache__/%s-%s" % (boot.home, boot.facts["pex_hash"], boot.abi)
    record = place.kept(boot, place.load, path)
    if record is None or record["dates"] != dates(boot.home, record["distributions"]):
        record = decide(boot, path)
    if not boot.finder.saved:
        keep_modules(boot)
    return record


def decide(boot, path):
    from pexjs_runtime import activation, sites

    choice = activation.decide(boot, boot.read_info())
    chosen = tuple((each["file"], each["sha256"]) for each in choice.chosen)
    before = dates(boot.home, chosen)
    names = [name for file, _ in chosen for name in top_names(boot.home, file)]
    record = {
        "site": "", "names": (), "pth": sites.has_startup_files(names), "requirements": len(choice.roots),
        "distributions": chosen, "dates": before,
    }
    if boot.settings.get("PEX_IGNORE_ERRORS") is None or not choice.pardoned:
        keep(path, record)
    return record


def dates(home, chosen):
    """When each of these was changed last, or None if one is gone."""
    try:
        return tuple(os.stat(home + "/" + name).st_mtime for name in ["PEX-INFO"] + [".deps/" + file for file, _ in chosen])
    except OSError:
        return None


def top_names(home, file):
    try:
        return os.listdir(home + "/.deps/" + file)
    except OSError:
        from pexjs_runtime import archive

        raise archive.damaged(home, "it lacks `.deps/%s`" % file)


def keep_modules(boot):
    """So that the next start reads one file and not one for each module."""
    from pexjs_runtime import folders

    finder = boot.finder
    path = place.modules_file(boot)
    if boot.facts["layout"] == "loose" and not finder.saved and place.load(path) is None:
        names = folders.WARM_MODULES + (__name__,)
        for name in names:
            finder.code(name)
        finder.saved = dict((name, finder.compiled[name]) for name in names)
        keep(path, finder.saved)


def keep(path, value):
    """If Python would keep compiled code there."""
    if sys.dont_write_bytecode or getattr(sys, "pycache_prefix", None):
        return
    from pexjs_runtime import folders

    try:
        folders.save_record(path, value)
    except (OSError, IOError):
        pass
