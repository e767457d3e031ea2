"""A loose PEX whose distributions are installed runs where it lies: each start chooses again, and nothing is written."""

import os

from pexjs_runtime import activation, archive


def activate(boot):
    """What `activation.activate` gives, without a merged folder."""
    info = boot.read_info()
    choice = activation.decide(boot, info)
    names = [name for each in choice.chosen for name in top_names(boot.home, each["file"])]
    return {
        "site": "", "names": (), "pth": any(name.endswith(".pth") for name in names), "requirements": len(choice.roots),
        "distributions": tuple((each["file"], each["sha256"]) for each in choice.chosen),
    }


def top_names(home, file):
    try:
        return os.listdir(home + "/.deps/" + file)
    except OSError:
        raise archive.damaged(home, "it lacks `.deps/%s`" % file)
