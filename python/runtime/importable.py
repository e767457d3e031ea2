"""Makes what is inside a PEX importable where it is imported: `sys.path.insert(0, "app.pex"); import __pex__`."""

from __future__ import absolute_import

FACTS = {}


def _mount():
    import os
    import sys

    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, home + "/.bootstrap")
    from pexjs_runtime.begin import mount

    del sys.path[0]
    mount(FACTS, home, __name__)


_mount()
