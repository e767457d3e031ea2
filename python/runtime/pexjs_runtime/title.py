"""The title of the process, for PEX files with the distribution `setproctitle` inside."""

import os
import sys


def set_title(arguments):
    """`<python> <path of the PEX> <arguments>`, whichever way the program was started."""
    try:
        from setproctitle import setproctitle
    except ImportError:  # built for another machine, or broken: no reason not to run the program
        return
    setproctitle(" ".join([sys.executable, os.environ["PEX"]] + arguments))
