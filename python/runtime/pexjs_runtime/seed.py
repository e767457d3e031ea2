"""`pex --seed`: everything that a first start does, but for the program."""

import sys

from pexjs_runtime import compat, isolation
from pexjs_runtime.interpreters import respond
from pexjs_runtime.settings import Failure


def seed(boot):
    """Never returns; tells the cache, the interpreter, and what that is to run."""
    root = boot.root
    if boot.wants("PEX_VENV"):
        from pexjs_runtime.venv.outside import ensure

        program = ensure(boot) + "/pex"
    else:
        from pexjs_runtime.start import locate

        if boot.inherit == "false":
            isolation.hide_host()
        locate(boot)
        if boot.facts["pex_path"] or "PEX_PATH" in boot.settings:
            from pexjs_runtime.others import gather

            gather(boot)
        program = boot.home if boot.facts["layout"] == "zipapp" else boot.home + "/__main__.py"
    if boot.root != root:
        raise Failure("The cache cannot be written: %s" % root, "set PEX_ROOT to a folder that can be")
    respond([compat.path_bytes(path) for path in (boot.root, sys.executable, program)])
