"""Prints the names of the distributions that PEX-INFO lists, one a line."""

import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as pex:
    print("\n".join(sorted(json.loads(pex.read("PEX-INFO").decode("utf-8"))["distributions"])))
