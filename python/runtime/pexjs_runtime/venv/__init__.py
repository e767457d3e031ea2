"""Runs a PEX from a virtual environment that it makes of itself: `--venv` and PEX_VENV."""

# Variables for the process inside, where the one outside tells what it knows.
NAME = "__PEXJS_VENV_NAME"  # what the program sees as `sys.argv[0]`
HOME = "__PEXJS_VENV_PEX"  # the PEX
LOCK = "__PEXJS_VENV_LOCK"  # the descriptor that holds the environment until the process inside does
TEMPORARY = "__PEXJS_VENV_ROOT"  # the folder of the caches, where that ends with the process
PYTHON = "__PEXJS_VENV_PYTHON"  # the Python that would have been started, where a shell has gone inside directly

RECORD = ".contents"  # marshal: what is inside, and what must be there

# Variables that choose among environments or are obeyed before one is entered; `start.sh` has them too.
OUTSIDE = (
    "PEX_DISABLE_VARIABLES", "PEX_IGNORE_ERRORS", "PEX_IGNORE_RCFILES", "PEX_INHERIT_PATH", "PEX_PATH", "PEX_PYTHON",
    "PEX_PYTHON_PATH", "PEX_TOOLS", "PEX_VENV", "PEX_VERBOSE", "PEX_VERIFY",
)


def has_parts(folder, record):
    """Whether nothing is missing that a cleaner of temporary folders may have taken."""
    from pexjs_runtime.place import has_names

    return all(has_names(folder + "/" + inner, names) for inner, names in record["parts"])
