"""Compiles what a first start needs of the runtime for the Python that runs this; prints it as JSON for `bytecode.mjs`.

Usage: compile-runtime.py RUNTIME_FOLDER, with PYTHONHASHSEED=0 (sets among the constants have an order) and PYTHONNODEBUGRANGES=1 (without
columns of source code, which only tracebacks show, code is a quarter smaller).
"""

import base64
import hashlib
import importlib.util
import json
import marshal
import os
import sys

PACKAGE = "pexjs_runtime"
# What an application starts with, once its wheels are unpacked and before that. Tools, prompts and virtual environments are compiled
# by those who use them.
MODULES = [
    "activation", "archive", "begin", "boot", "compat", "folders", "in_place", "install", "isolation", "like_python", "locks", "place", "running", "settings",
    "sites", "standards", "standards.environment", "standards.requirement", "standards.tag", "standards.version", "start",
    "trees", "unpack", "wheels",
]
# Without references between objects, which depend on who else holds them: equal code gives equal bytes. 3.14 has constants that need more.
FORMAT = 2 if sys.version_info < (3, 14) else marshal.version
FACTS = b"the facts of a PEX"  # whose place this takes in `__main__`


def main(folder):
    modules = {}
    for name in MODULES:
        path = os.path.join(folder, PACKAGE, *name.split("."))
        source = read(os.path.join(path, "__init__.py") if os.path.isdir(path) else path + ".py")
        name = "%s.%s" % (PACKAGE, name)
        modules[name] = compiled(source, "<%s>" % name)
    answer = {
        "interpreter": "%s-%d%d" % ((sys.implementation.name,) + sys.version_info[:2]),
        "cacheTag": sys.implementation.cache_tag,
        "magic": importlib.util.MAGIC_NUMBER.hex(),
        "digest": digest(folder),
        "modules": text(marshal.dumps(modules, FORMAT)),
        "main": [text(piece) for piece in compiled_main(read(os.path.join(folder, "main.py")))],
    }
    json.dump(answer, sys.stdout)


def compiled_main(source):
    """`__main__` in two pieces: between them stand the length of marshalled facts, four bytes, and the facts."""
    lines = source.split(b"\n")
    lines[lines.index(b"FACTS = {}")] = b"FACTS = __import__('marshal').loads(b'%s')" % FACTS
    code = compiled(b"\n".join(lines), "<pex>")
    start, end = code.split(len(FACTS).to_bytes(4, "little") + FACTS)
    return start, end


def compiled(source, name):
    return marshal.dumps(compile(source, name, "exec", dont_inherit=True, optimize=2), FORMAT)


def digest(folder):
    """Of all sources together: code that was compiled of others is of no use. `src/pex/compiled-runtime.ts` computes it too."""
    paths = []
    for parent, folders, names in os.walk(os.path.join(folder, PACKAGE)):
        folders[:] = [name for name in folders if name != "__pycache__"]
        paths += [os.path.relpath(os.path.join(parent, name), folder) for name in names if name.endswith(".py")]
    total = hashlib.sha256(read(os.path.join(folder, "main.py")))
    for path in sorted(path.replace(os.sep, "/") for path in paths):
        total.update(read(os.path.join(folder, path)))
    return total.hexdigest()


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def text(data):
    return base64.b64encode(data).decode("ascii")


main(sys.argv[1])
