"""`import __pex__`: adds the sources and distributions of a PEX to the `sys.path` of a program that runs already."""

import os
import sys

from pexjs_runtime import place, settings
from pexjs_runtime.start import Boot, find_rc_files, locate


def mount(facts, home, name, finder):
    boot = Boot(facts, home)
    boot.finder = finder
    boot.settings = settings.read(os.environ, find_rc_files())
    place.set_root(boot, place.find_root(facts, boot.settings))
    boot.stage.append("handed")  # no other interpreter can take over here
    activation, code = locate(boot)
    sites = place.site_folders(boot, activation)
    here = [path for path in sys.path if os.path.abspath(path) == home]
    at = sys.path.index(here[0]) if here else 0
    sys.path[at:at + len(here[:1])] = ([code] if code else []) + sites
    if activation["pth"]:
        from site import addsitedir

        known = set(sys.path)
        for site in sites:
            addsitedir(site, known)
    sys.modules[name] = Mounted(sys.modules[name])


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
