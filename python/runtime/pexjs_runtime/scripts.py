"""Finds what `-c NAME` and PEX_SCRIPT mean: an entry point of a distribution, or a file of its `scripts`."""

import os
import sys

from pexjs_runtime import compat, place, running
from pexjs_runtime.settings import Failure


def find_script(boot, activation, name):
    """A new `__main__` and the code to run in it."""
    points = entry_points(boot, activation, name)
    targets = sorted(set(target for _, target in points))
    if len(targets) > 1:
        lines = ["  %s of %s" % (target, distribution) for distribution, target in points]
        raise Failure("\n".join(["More than one distribution has a script `%s`:" % name] + lines), "use PEX_MODULE")
    if targets:
        module, _, attribute = targets[0].partition(":")
        return running.call(boot, module, attribute) if attribute else running.run_module(module)
    for folder in script_folders(boot, activation):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.sep not in name:
            return run_script(path, name)
    inside = ", ".join("-".join(file.split("-")[:2]) for file, _ in activation["distributions"]) or "no distributions"
    raise Failure("No script `%s` is inside; there are %s" % (name, inside), "see the names in their entry_points.txt")


def script_folders(boot, activation):
    """Where files of a wheel's `scripts` lie."""
    if "scripts" in activation:  # inside a virtual environment
        return activation["scripts"]
    if activation["site"]:
        stored = ["%s/wheels/%s" % (boot.run, sha256) for _, sha256 in activation["distributions"]]
        if not all(os.path.exists(folder + "/files") for folder in stored):  # pruned: what they merge into needs them no more
            from pexjs_runtime.install import restore_wheels

            restore_wheels(boot, activation)
        return [folder + "/scripts" for folder in stored]
    return [os.path.join(boot.home, ".deps", file, ".prefix", "bin") for file, _ in activation["distributions"]]


def entry_points(boot, activation, name):
    """(distribution, `module:function`) of the console and GUI scripts with this name."""
    found = []
    for site in place.site_folders(boot, activation) + boot.more_sites:
        for folder in sorted(os.listdir(site)):
            if folder.endswith(".dist-info"):
                content = place.read("%s/%s/entry_points.txt" % (site, folder)) or b""
                target = find_in(content.decode("utf-8", "replace"), name)
                if target:
                    found.append((folder[:-len(".dist-info")], compat.native(target)))
    return found


def find_in(text, name):
    for key, target in points(text):
        if compat.native(key) == name:
            return target
    return None


def points(text):
    """(name, `module` or `module:function`) for each console and GUI script of an `entry_points.txt`."""
    section = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section in ("console_scripts", "gui_scripts") and "=" in line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            module, _, attribute = value.partition("[")[0].partition(":")
            yield key.strip(), module.strip() + (":" + attribute.strip() if attribute.strip() else "")


def run_script(path, name):
    """A Python script sees its own name as program name; any other kind is a program that takes this process over."""
    with open(path, "rb") as stream:
        source = stream.read()
    first = source.partition(b"\n")[0]
    if b"\0" in first or first.startswith(b"#!") and b"python" not in first and b"pypy" not in first:
        if not os.access(path, os.X_OK):
            os.chmod(path, os.stat(path).st_mode | 0o111)
        compat.flush()
        compat.restore_signals()
        os.execv(path, [path] + sys.argv[1:])
    sys.argv[0] = name
    return running.new_main(file=path, package=None), compile(source, path, "exec", 0, True)
