"""Calls one hook of a PEP 517 build backend: JSON in, JSON out.

    build_hook.py REQUEST RESULT

REQUEST is a JSON file: {"backend": "module:object", "backend_path": [directories], "hook": name, "arguments": [...],
"scratch": directory or null}. With a scratch directory nothing that setuptools makes on the way is left in the project.
RESULT is written as JSON: {"value": what the hook returned}, or {"missing": true} when the backend has no such hook.
Output of the backend goes where this process's goes; an exception of the backend ends it with a traceback, status 1.

Python 2.7 and 3; standard library only. The working directory is the project's.
"""

import json
import os
import sys


def main():
    request_path, result_path = sys.argv[1:]
    with open(request_path) as stream:
        request = json.load(stream)
    # The folder of this file is not part of the build environment.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != here]
    share_with_children()
    sys.path[:0] = [os.path.abspath(entry) for entry in request["backend_path"]]
    if request["scratch"]:
        send_elsewhere(native(request["scratch"]))
    hook = find_hook(request["backend"], request["hook"])
    result = {"missing": True} if hook is None else {"value": hook(*native(request["arguments"]))}
    with open(result_path, "w") as stream:
        json.dump(result, stream)


def share_with_children():
    """Backends start compilers and generators that are Python programs: let them import what we can."""
    standard = [os.path.realpath(os.path.dirname(os.__file__)), os.path.realpath(sys.prefix)]
    standard += [os.path.realpath(prefix) for prefix in (getattr(sys, "base_prefix", ""), sys.exec_prefix) if prefix]
    entries = []
    for entry in sys.path:
        real = os.path.realpath(entry)
        if os.path.isdir(real) and not any(real == each or real.startswith(each + os.sep) for each in standard):
            entries.append(entry)
    if entries:
        os.environ["PYTHONPATH"] = os.pathsep.join(entries)


def send_elsewhere(scratch):
    """setuptools makes `build` and `*.egg-info` in the project, and takes old files into the wheel that lie there already."""
    try:
        import setuptools  # noqa: F401 - brings a distutils of its own
        from distutils.dist import Distribution
    except ImportError:
        return
    egg_base = os.path.join(scratch, "egg")
    if not os.path.isdir(egg_base):
        os.makedirs(egg_base)
    config = os.path.join(scratch, "setup.cfg")
    with open(config, "w") as stream:
        # A relative path: absolute ones are refused among the files of a project.
        stream.write("[egg_info]\negg_base = %s\n" % os.path.relpath(egg_base, os.path.realpath(os.getcwd())))
        stream.write("[build]\nbuild_base = %s\n" % os.path.join(scratch, "build"))
    find = Distribution.find_config_files
    Distribution.find_config_files = lambda self: list(find(self)) + [config]


def find_hook(backend, name):
    module_name, _, attributes = backend.partition(":")
    __import__(module_name)
    found = sys.modules[module_name]
    for attribute in filter(None, attributes.split(".")):
        found = getattr(found, attribute)
    return getattr(found, name, None)


def native(value):
    """The value with native strings: Python 2 reads JSON as unicode, which old backends dislike."""
    if sys.version_info[0] > 2:
        return value
    if isinstance(value, dict):
        return dict((native(key), native(each)) for key, each in value.items())
    if isinstance(value, list):
        return [native(each) for each in value]
    return value.encode("utf-8") if hasattr(value, "encode") else value


if __name__ == "__main__":
    main()
