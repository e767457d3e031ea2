"""Hides everything of the host from the program, but the standard library."""

import os
import sys

from pexjs_runtime import compat

# Part of the interpreter, which PyPy does not say of them.
UNMARKED = ("_frozen_importlib", "_frozen_importlib_external", "_structseq", "zipimport")
HOOKS = ("breakpointhook", "displayhook", "excepthook", "unraisablehook")
FINDERS = ("_frozen_importlib", "_frozen_importlib_external", "importlib", "zipimport", "pexjs_runtime")


def is_standard_library():
    """A test for paths of the running interpreter's standard library, site-packages not being part of it."""
    library = os.path.dirname(os.__file__)
    below = library + "/"
    parent = os.path.dirname(library)
    version = sys.version_info[:2] + ("t" if compat.is_free_threaded() else "",)
    others = [parent + "/python%d%d%s.zip" % version, parent + "/lib_pypy", os.path.dirname(parent) + "/lib_pypy"]
    for prefix in (sys.exec_prefix, getattr(sys, "base_exec_prefix", sys.exec_prefix)):
        folder = getattr(sys, "platlibdir", "lib")
        others.append("%s/%s/python%d.%d%s/lib-dynload" % ((prefix, folder) + version))
    others = tuple(others)

    def test(path):
        if not isinstance(path, str):  # as nothing of the standard library's is
            return False
        if path.startswith(below):
            return not path.startswith(("site-packages", "dist-packages"), len(below))
        return path == library or path.startswith(others)

    return test


def hide_host():
    """Forget the paths, modules, finders and hooks that come from outside the standard library."""
    standard = is_standard_library()
    sys.path[:] = [path for path in sys.path if standard(path)]
    hide_modules(standard)
    sys.meta_path[:] = [finder for finder in sys.meta_path if is_own_finder(finder)]
    sys.path_hooks[:] = [hook for hook in sys.path_hooks if is_own_finder(hook)]
    for path in [path for path in sys.path_importer_cache if not standard(path)]:
        del sys.path_importer_cache[path]
    for name in HOOKS:
        if hasattr(sys, "__%s__" % name):
            setattr(sys, name, getattr(sys, "__%s__" % name))


def is_own_finder(finder):
    owner = getattr(finder, "__module__", None) or type(finder).__module__
    return owner is not None and owner.partition(".")[0] in FINDERS


def hide_modules(standard):
    builtin = set(sys.builtin_module_names + UNMARKED)
    hidden = set()
    for name, module in list(sys.modules.items()):
        if name in builtin or name == "__main__" or (name + ".").startswith("pexjs_runtime.") or module is None:
            continue
        names = getattr(module, "__dict__", {})
        origin = names.get("__file__")
        path = names.get("__path__")
        if origin is not None:
            known = standard(origin)
        elif path is not None:
            known = any(standard(each) for each in path)
        else:  # made in memory: a part of what stands above it, or frozen, or unknown
            known = "." in name or getattr(names.get("__spec__"), "origin", None) in ("built-in", "frozen")
        if not known:
            hidden.add(name)
        elif isinstance(path, list) and not all(standard(each) for each in path):
            path[:] = [each for each in path if standard(each)]
    if hidden:
        for name in list(sys.modules):
            if name in hidden or "." in name and is_below(name, hidden):
                del sys.modules[name]


def is_below(name, hidden):
    while "." in name:
        name = name.rpartition(".")[0]
        if name in hidden:
            return True
    return False
