"""`import __pex__`: adds the sources and distributions of a PEX to the `sys.path` of a program that runs already."""

import os
import sys

from pexjs_runtime import place, settings
from pexjs_runtime.boot import Boot, find_rc_files
from pexjs_runtime.start import locate, run_startup_files, without


def mount(facts, home, name, finder):
    boot = Boot(facts, home)
    boot.finder = finder
    boot.stage += ["handed", "mounted"]  # no other interpreter can take over here, and the host stays as it is
    try:
        boot.settings = settings.read(os.environ, find_rc_files(boot.started_as))
        place.set_root(boot, place.find_root(facts, boot.settings))
        paths, sites = find_in_environment(boot) if boot.wants("PEX_VENV") else find(boot)
    except settings.Failure as failure:  # the program may know what to do without
        raise ImportError("%s: %s%s" % (home, failure.what, "\nhint: %s" % failure.hint if failure.hint else ""))
    extra = boot.settings.get("PEX_EXTRA_SYS_PATH") or []
    sys.path[:] = extra + paths + without(sys.path, (home,))  # what is asked for is what is inside
    if sites:
        run_startup_files(sites)
    sys.modules[name] = Mounted(sys.modules[name])


def find(boot):
    """What goes on `sys.path`, and those of it that may hold startup files."""
    activation, code = locate(boot)
    sites = place.site_folders(boot, activation)
    codes, more_sites, more_pth = gather(boot)
    sites += more_sites
    return ([code] if code else []) + codes + sites, sites if activation["pth"] or more_pth else []


def find_in_environment(boot):
    """The same for a PEX that runs from a virtual environment, which holds its sources, too."""
    from pexjs_runtime.venv import RECORD
    from pexjs_runtime.venv.outside import ensure

    folder = ensure(boot)
    sites = ["%s/%s" % (folder, inner) for inner in place.load("%s/%s" % (folder, RECORD))["folders"]]
    codes, more_sites, _ = gather(boot)
    return sites + codes + more_sites, sites + more_sites


def gather(boot):
    if not boot.facts["pex_path"] and "PEX_PATH" not in boot.settings:
        return [], [], False
    from pexjs_runtime.others import gather

    sites, codes, pth = gather(boot)
    return codes, sites, pth


class Mounted(type(sys)):
    """`from __pex__ import click` gives the top-level `click`."""

    def __init__(self, module):
        type(sys).__init__(self, module.__name__)
        self.__dict__.update(module.__dict__)
        self.__dict__["_modules"] = sys.modules

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        __import__(name)
        return self._modules[name]
