"""`python -m pexjs` is `pex`."""

from pexjs.launcher import pex

if __name__ == "__main__":
    pex()
