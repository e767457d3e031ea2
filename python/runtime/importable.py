"""Makes what is inside a PEX importable where it is imported: `sys.path.insert(0, "app.pex"); import __pex__`."""

FACTS = {}


def _mount():
    import os
    import sys

    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    package = type(sys)("pexjs_runtime")
    package.__path__ = [home + "/.bootstrap/pexjs_runtime"]
    sys.modules["pexjs_runtime"] = package
    from pexjs_runtime.mount import mount

    mount(FACTS, home, __name__)
    for name in [name for name in sys.modules if name.startswith("pexjs_runtime")]:
        del sys.modules[name]


_mount()
