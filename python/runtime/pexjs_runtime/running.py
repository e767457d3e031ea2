"""Finds what a PEX runs: its function, module or script; without one it is an interpreter, see `like_python`.

Every way ends in a new `__main__` module and code to execute in it. That code runs in `__main__.py` at the top
level, so that a traceback has one frame of ours, and the module stays `__main__` until exit: `multiprocessing`
and `python -i` look at it.
"""

import os
import sys

from pexjs_runtime import compat
from pexjs_runtime.settings import Failure


def entry(boot, activation):
    """A new `__main__` and the code to run in it."""
    chosen = boot.settings
    module, script = chosen.get("PEX_MODULE"), chosen.get("PEX_SCRIPT")
    both = [name for name in ("PEX_INTERPRETER", "PEX_MODULE", "PEX_SCRIPT") if chosen.get(name)]
    if len(both) > 1:
        raise Failure("Only one of these variables can be set: %s" % ", ".join(both), "unset all but one of them")
    if not module and not script and not chosen.get("PEX_INTERPRETER"):
        sealed = boot.facts["entry_point"], boot.facts["script"]
        if sealed != (None, None):
            module, script = sealed
            sys.argv[1:1] = boot.inject_args
    if script:
        from pexjs_runtime.scripts import find_script

        return find_script(boot, activation, compat.native(script))
    if module:
        try:
            return reference(boot, compat.native(module))
        except Failure as failure:
            if not chosen.get("PEX_MODULE"):
                failure.hint = "build the PEX again with another entry point"
            elif module.startswith("pex.tools"):  # where upstream has them
                failure.hint = "unset PEX_MODULE, and set PEX_TOOLS=1 to run the tools"
            else:
                failure.hint = "correct or unset PEX_MODULE"
            raise
    from pexjs_runtime.like_python import interpreter

    return interpreter(boot, activation, sys.argv[1:])


def reference(boot, text):
    """What `module` or `module:function` means."""
    module, _, attribute = text.partition(":")
    return call(boot, module.strip(), attribute.strip()) if attribute else run_module(module.strip())


def new_main(**names):
    main = type(sys)("__main__")
    for name, value in names.items():
        setattr(main, "__%s__" % name, value)
    if not compat.PY2 and sys.version_info < (3, 14):
        main.__annotations__ = {}
    if compat.PYPY and (sys.flags.inspect or os.environ.get("PYTHONINSPECT")):
        show_at_prompt(sys.modules["__main__"], main)
    if "rlcompleter" in sys.modules:  # `python -i` imports it first, and it remembers whose names it completes
        sys.modules["rlcompleter"].__main__ = main
    sys.modules["__main__"] = main
    return main


def show_at_prompt(first, main):
    """PyPy's prompt stays in the module that was `__main__` first: it gets what the program has left."""
    hook = getattr(sys, "__interactivehook__", None)

    def prepare():
        first.__dict__.clear()
        first.__dict__.update(main.__dict__)
        if hook:
            hook()

    sys.__interactivehook__ = prepare


def call(boot, module, attribute):
    """A function whose result is the exit status, as in the console scripts that pip makes."""
    first = attribute.partition(".")[0]
    lines = ["global sys, " + first, "import sys", "from %s import %s" % (module, first), "sys.exit(%s())" % attribute]
    try:
        code = compiled(lines, "<%s:%s>" % (module, attribute))
    except (SyntaxError, UnicodeError):
        raise Failure("No function of a module has the name `%s:%s`" % (module, attribute))
    return new_main(file=boot.main_file, package=None), code


def compiled(lines, name):
    """Code of few lines. `exec` makes it where it can: `compile` would make all classes of `ast` first, which takes 1.5 ms."""
    if sys.version_info < (3, 8):
        return compile("\n".join(lines), name, "exec", 0, True)
    names = {}
    exec("def code():\n " + "\n ".join(lines), names)
    return names["code"].__code__.replace(co_filename=name, co_name="<module>")


def run_module(name):
    """What `python -m name` does."""
    sys.argv[0] = "-m"
    if compat.PY2:
        return run_module_2(name)
    spec = find_spec(name)
    if spec.submodule_search_locations is not None:
        name += ".__main__"
        spec = find_spec(name)
    code = spec.loader.get_code(spec.name) if hasattr(spec.loader, "get_code") else None
    if code is None:
        raise Failure("No code can be run in the module `%s`" % name)
    sys.argv[0] = spec.origin
    main = new_main(file=spec.origin, loader=spec.loader, package=spec.parent, spec=spec)
    if sys.version_info < (3, 15):
        main.__cached__ = spec.cached
    return main, code


def find_spec(name):
    try:
        spec = ask_finders(name)
    except ImportError as error:
        missing = getattr(error, "name", None)
        if missing and (name + ".").startswith(missing + "."):
            spec = None
        else:  # a package above it is there, and broken
            raise
    except (AttributeError, ValueError):
        spec = None
    if spec is None or spec.loader is None and spec.submodule_search_locations is None:
        raise Failure("No module named %s" % name)
    return spec


def ask_finders(name):
    """What `importlib.util.find_spec` does, which costs 3 ms to import where Python was not started with an archive."""
    parent = name.rpartition(".")[0]
    path = __import__(parent, fromlist=["__path__"]).__path__ if parent else None
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path) if hasattr(finder, "find_spec") else None
        if spec is not None:
            return spec
    return None


def run_module_2(name):
    import runpy

    try:
        found, loader, code, origin = runpy._get_module_details(name)
    except ImportError as error:
        raise Failure(str(error))
    sys.argv[0] = origin
    return new_main(file=origin, loader=loader, package=found.rpartition(".")[0]), code
