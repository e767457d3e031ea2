"""Assembles a PEX as the builder does, from wheels at hand: `make_pex.py SPEC.json`; tests of the runtime need no builder so.

SPEC: {"output": path, "wheels": [path…], "roots": [requirement…], "sources": {name: text}, "facts": {…}, "info": {…}, "layout": "zipapp", "tools": bool}
"""

import email
import hashlib
import json
import os
import sys
import zipfile

RUNTIME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python", "runtime")
FACTS = {
    "format": 1, "pex_hash": "", "code_hash": "", "code_key": "", "has_code": False, "deps_hash": "", "deps_are_wheel_files": True, "layout": "zipapp", "entry_point": None,
    "script": None, "inject_args": [], "inject_env": [], "inject_python_args": [], "inherit_path": "false",
    "interpreter_constraints": [], "pex_root": None, "strip_pex_env": True, "ignore_errors": False, "emit_warnings": True,
    "pex_path": [], "venv": False, "venv_bin_path": "false", "venv_hermetic_scripts": True,
    "sh_boot": "", "max_install_jobs": 0, "bind_resource_paths": [], "version": "0.1.0", "ephemeral": False,
}


def distribution(path):
    file = os.path.basename(path)
    with zipfile.ZipFile(path) as wheel:
        name = [each for each in wheel.namelist() if each.endswith(".dist-info/METADATA")][0]
        metadata = email.message_from_string(wheel.read(name).decode("utf-8"))
    with open(path, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    return {
        "file": file, "project": metadata["Name"].lower().replace("_", "-").replace(".", "-"), "version": metadata["Version"],
        "sha256": digest, "requires_python": metadata["Requires-Python"], "requires": metadata.get_all("Requires-Dist") or [],
    }


def add(archive, name, content, mode=0o644, method=zipfile.ZIP_STORED):
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = (0o100000 | mode) << 16
    entry.create_system = 3
    entry.compress_type = method
    archive.writestr(entry, content)


def digest_of(value, kind):
    return kind(json.dumps(value, sort_keys=True).encode("utf-8")).hexdigest()


def keyed(name, text):
    content = text.encode("utf-8")
    return b"%s\0-%d\n%s" % (name.encode("utf-8"), len(content), content)


def runtime_files(with_tools):
    for folder, _, names in sorted(os.walk(os.path.join(RUNTIME, "pexjs_runtime"))):
        for name in sorted(names):
            if name.endswith(".py") and (with_tools or os.path.basename(folder) != "tools"):
                path = os.path.join(folder, name)
                with open(path, "rb") as stream:
                    yield ".bootstrap/" + os.path.relpath(path, RUNTIME), stream.read()


def make(spec):
    distributions = [distribution(path) for path in spec.get("wheels", [])]
    roots = spec.get("roots", [each["project"] for each in distributions])
    plan = {"format": 1, "roots": roots, "distributions": distributions}
    sources = spec.get("sources", {})
    runtime = list(runtime_files(spec.get("tools")))
    facts = dict(FACTS, layout=spec.get("layout", "zipapp"), has_code=bool(sources), **spec.get("facts", {}))
    facts["deps_hash"] = digest_of(plan, hashlib.sha256) if distributions or roots else ""
    facts["code_hash"] = digest_of(sources, hashlib.sha1)
    facts["code_key"] = hashlib.sha256(b"".join(keyed(*item) for item in sorted(sources.items()))).hexdigest()
    facts["bootstrap_hash"] = hashlib.sha1(b"".join(content for _, content in runtime)).hexdigest()
    info = dict({"activation_plan": plan, "requirements": roots, "deps_are_wheel_files": True}, **spec.get("info", {}))
    facts["pex_hash"] = info["pex_hash"] = digest_of([info, facts], hashlib.sha1)
    write(spec["output"], facts, info, runtime, sources, spec)


def write(output, facts, info, runtime, sources, spec):
    templates = {}
    for target, name in (("__main__.py", "main.py"), ("__pex__/__init__.py", "importable.py")):
        with open(os.path.join(RUNTIME, name)) as stream:
            lines = stream.read().split("\n")
        literal = "FACTS = {%s}" % ", ".join("%r: %r" % item for item in sorted(facts.items()))
        templates[target] = "\n".join(literal if line.startswith("FACTS = ") else line for line in lines)
    if facts["layout"] == "loose":
        files = dict(runtime, **{name: text.encode("utf-8") for name, text in sources.items()})
        files.update({name: text.encode("utf-8") for name, text in templates.items()})
        files["PEX-INFO"] = json.dumps(info, sort_keys=True).encode("utf-8")
        for path in spec.get("wheels", []):
            with open(path, "rb") as stream:
                files[".deps/" + os.path.basename(path)] = stream.read()
        for name, content in files.items():
            path = os.path.join(output, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as stream:
                stream.write(content)
        return
    with open(output, "wb") as stream:
        stream.write(("#!%s\n" % spec.get("shebang", "/usr/bin/env python3")).encode("utf-8"))
        with zipfile.ZipFile(stream, "a" if False else "w") as archive:
            for name, content in runtime:
                add(archive, name, content)
            for path in spec.get("wheels", []):
                with open(path, "rb") as wheel:
                    add(archive, ".deps/" + os.path.basename(path), wheel.read())
            for name, text in sorted(sources.items()):
                add(archive, name, text.encode("utf-8"), method=zipfile.ZIP_DEFLATED)
            add(archive, "PEX-INFO", json.dumps(info, sort_keys=True, separators=(",", ":")))
            add(archive, "__main__.py", templates["__main__.py"], 0o755)
            add(archive, "__pex__/__init__.py", templates["__pex__/__init__.py"])
    os.chmod(output, 0o755)


if __name__ == "__main__":
    make(json.load(open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin))
