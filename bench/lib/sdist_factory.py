"""Makes a source archive of pure Python. Usage: DIRECTORY VERSION REQUIREMENT BACKEND"""

import io
import os
import sys
import tarfile

PYPROJECT = """\
[build-system]
requires = ["%(requirement)s"]
build-backend = "%(backend)s"

[project]
name = "bench-source"
version = "%(version)s"
description = "One of many"
"""


def main(directory, version, requirement, backend):
    facts = {"version": version, "requirement": requirement, "backend": backend}
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: bench-source\nVersion: %s\n" % version,
        "pyproject.toml": PYPROJECT % facts,
        "bench_source/__init__.py": '"""One of many."""\n\n__version__ = "%s"\n' % version,
    }
    for number in range(50):
        files["bench_source/module%d.py" % number] = "VALUE = %d\n" % number * 100
    name = "bench_source-" + version
    with tarfile.open(os.path.join(directory, name + ".tar.gz"), "w:gz") as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo("%s/%s" % (name, path))
            entry.size = len(text)
            entry.mtime = 1600000000
            archive.addfile(entry, io.BytesIO(text.encode("ascii")))


if __name__ == "__main__":
    main(*sys.argv[1:])
