"""PEX_TOOLS=1: runs the tools, if they are inside."""

from pexjs_runtime import isolation
from pexjs_runtime.settings import Failure


def run_tools(boot):
    """Never returns."""
    isolation.hide_host()  # the tools need the standard library alone
    try:
        from pexjs_runtime.tools.run import run
    except (ImportError, IOError, OSError):
        what = "The variable PEX_TOOLS is set, but this PEX was built without the tools"
        raise Failure(what, "build it again with `pex --include-tools`, or unset PEX_TOOLS")
    run(boot)
