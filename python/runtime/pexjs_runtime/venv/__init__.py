"""Runs a PEX from a virtual environment that it makes of itself: `--venv` and PEX_VENV."""

# Variables for the process inside, where the one outside tells what it knows.
NAME = "__PEXJS_VENV_NAME"  # what the program sees as `sys.argv[0]`
HOME = "__PEXJS_VENV_PEX"  # the PEX
LOCK = "__PEXJS_VENV_LOCK"  # the descriptor that holds the environment until the process inside does
TEMPORARY = "__PEXJS_VENV_ROOT"  # the folder of the caches, where that ends with the process

RECORD = ".contents"  # marshal: what is inside, and what must be there
