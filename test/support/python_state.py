"""Prints all that Python's options and variables have an effect on, as one line of JSON: a PEX must not differ from `python script.py`."""

from __future__ import print_function

import sys

MODULES = sorted(sys.modules)
FINDERS = [repr(each) if isinstance(each, type) else type(each).__name__ for each in sys.meta_path]
CACHE = [str(path) for path in sys.path_importer_cache]

import gc
import json
import os
import signal
import warnings

try:
    import builtins
except ImportError:
    import __builtin__ as builtins


def ask(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__


def flags():
    found = dict((name, getattr(sys.flags, name)) for name in dir(sys.flags) if not name.startswith(("_", "n_")))
    return dict((name, int(value)) for name, value in found.items() if isinstance(value, int))


def pattern(value):
    return getattr(value, "pattern", value)


def tracing():
    import tracemalloc

    return [tracemalloc.is_tracing(), tracemalloc.get_traceback_limit()]


def asyncio_debug():
    import asyncio

    loop = asyncio.new_event_loop()
    try:
        return loop.get_debug()
    finally:
        loop.close()


def state():
    site = sys.modules.get("site")
    streams = (sys.stdin, sys.stdout, sys.stderr)
    hooks = ("excepthook", "displayhook", "breakpointhook", "unraisablehook")
    helpers = ("exit", "quit", "copyright", "credits", "license", "help")
    return {
        "flags": flags(),
        "warnings": [sys.warnoptions, [str([each[0], pattern(each[1]), each[2], pattern(each[3]), each[4]]) for each in warnings.filters]],
        "xoptions": getattr(sys, "_xoptions", None),
        "options": [word for word in getattr(sys, "orig_argv", [])[1:] if word[:1] == "-"],
        "bytecode": [sys.dont_write_bytecode, getattr(sys, "pycache_prefix", None), getattr(sys, "platlibdir", None)],
        "numbers": [ask(lambda: sys.get_int_max_str_digits()), sys.getrecursionlimit(), ask(lambda: os.process_cpu_count())],
        "streams": [[getattr(each, name, None) for name in ("encoding", "errors", "line_buffering", "write_through")] for each in streams],
        "encoding": [sys.getfilesystemencoding(), ask(lambda: sys.getfilesystemencodeerrors()), ask(lambda: __import__("locale").getpreferredencoding(False))],
        "hash": hash("a seed") if os.environ.get("PYTHONHASHSEED", "").isdigit() else None,
        "user": [getattr(site, "ENABLE_USER_SITE", None), getattr(site, "USER_BASE", None)],
        "builtins": [sorted(dir(builtins)), [type(getattr(builtins, name, None)).__name__ for name in helpers]],
        "hooks": [getattr(sys, name, None) is getattr(sys, "__%s__" % name, None) for name in hooks],
        "debugging": [ask(lambda: __import__("faulthandler").is_enabled()), ask(tracing), ask(lambda: sys._is_gil_enabled())],
        "asyncio": ask(asyncio_debug) if os.environ.get("PYTHONASYNCIODEBUG") or flags().get("dev_mode") else None,
        "tracing": [str(sys.gettrace()), str(sys.getprofile()), gc.isenabled(), ask(lambda: gc.get_threshold())],
        "signals": [str(signal.getsignal(number)) for number in range(1, 32)],
        "interpreter": [sys.executable, sys.prefix, getattr(sys, "base_prefix", None), sys.exec_prefix],
        "library": [path for path in sys.path if path.startswith((sys.prefix, os.path.dirname(os.__file__))) and "-packages" not in path],
        "hooks for paths": [getattr(each, "__qualname__", getattr(each, "__name__", "")) for each in sys.path_hooks],
        "environment": sorted(name for name in os.environ if name not in ("PEX", "PYTHONPATH", "_", "SHLVL")),
        "umask": os.umask(18),
        "annotations": "__annotations__" in globals(),
        "laziness": ask(lambda: [sys.get_lazy_imports(), str(sys.get_lazy_imports_filter())]),
    }, {"modules": MODULES, "lazy": sorted(getattr(sys, "lazy_modules", ())), "finders": FINDERS, "cache": CACHE, "attributes": dir(sys)}


if __name__ == "__main__":
    print(json.dumps(state()))
