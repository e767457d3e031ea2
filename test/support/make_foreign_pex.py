"""Makes a PEX as upstream's tool lays it out, without its runtime: `make_foreign_pex.py SPEC.json` or on stdin.

SPEC: {"output": path, "layout": "zipapp"|"packed"|"loose", "trees": bool, "wheels": [path...], "roots": [text...], "sources": {name: text}}
"""

import hashlib
import io
import json
import os
import sys
import zipfile


def tree_of(path):
    """The files of a wheel as upstream installs them, without RECORD and entry points."""
    files = {".layout.json": b'{"stash_dir":".prefix"}'}
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            head, _, rest = name.partition("/")
            scheme, _, inner = rest.partition("/")
            place = ".prefix/%s/%s" % ("bin" if scheme == "scripts" else scheme, inner) if head.endswith(".data") else name
            files[place] = wheel.read(name)
    return files


def zipped(files, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    return stream.getvalue()


def make(spec):
    files = {name: text.encode("utf-8") for name, text in spec.get("sources", {}).items()}
    stored = {}
    distributions = {}
    for path in spec["wheels"]:
        name = os.path.basename(path)
        with open(path, "rb") as stream:
            content = stream.read()
        distributions[name] = hashlib.sha256(content + (b"tree" if spec["trees"] else b"")).hexdigest()
        if not spec["trees"]:
            stored[".deps/" + name] = content
        elif spec["layout"] == "packed":
            stored[".deps/" + name] = zipped(tree_of(path))
        else:
            files.update((".deps/%s/%s" % (name, inner), data) for inner, data in tree_of(path).items())
    info = {
        "code_hash": hashlib.sha1(json.dumps(spec.get("sources", {}), sort_keys=True).encode("utf-8")).hexdigest(),
        "deps_are_wheel_files": not spec["trees"], "distributions": distributions, "pex_hash": "0" * 40,
        "requirements": spec["roots"], "interpreter_constraints": [], "ignore_errors": False,
    }
    files["PEX-INFO"] = json.dumps(info, sort_keys=True, separators=(",", ":")).encode("utf-8")
    files["__main__.py"] = b"raise SystemExit('not to be run')\n"
    files["__pex__/__init__.py"] = b""
    bootstrap = {"pex/__init__.py": b""}
    if spec["layout"] == "packed":
        stored[".bootstrap"] = zipped(bootstrap)
    else:
        files.update((".bootstrap/" + name, content) for name, content in bootstrap.items())
    write = write_zip if spec["layout"] == "zipapp" else write_folder
    write(spec["output"], files, stored)


def write_zip(output, files, stored):
    with open(output, "wb") as stream:
        stream.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in sorted(files.items()):
                archive.writestr(name, content, zipfile.ZIP_DEFLATED)
            for name, content in sorted(stored.items()):
                archive.writestr(name, content, zipfile.ZIP_STORED)


def write_folder(output, files, stored):
    for name, content in dict(files, **stored).items():
        path = os.path.join(output, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(content)


if __name__ == "__main__":
    make(json.load(open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin))
