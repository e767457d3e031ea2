"""`python -m pexjs.tools` is `pex-tools`."""

from pexjs.launcher import pex_tools

if __name__ == "__main__":
    pex_tools()
