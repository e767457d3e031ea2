"""Tells `sys.path` of the Python that runs it, with what `site` adds, as one JSON list in ASCII. Python 2.7 and newer."""

import json
import sys


def main():
    # type: () -> None
    entries = sys.path[1:]  # without the directory of this script
    sys.stdout.write(json.dumps([as_text(entry) for entry in entries if entry]) + "\n")


def as_text(entry):
    # type: (object) -> str
    if isinstance(entry, bytes):
        return entry.decode(sys.getfilesystemencoding() or "utf-8", "replace")
    return str(entry)


main()
