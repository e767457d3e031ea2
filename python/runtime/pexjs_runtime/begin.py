"""The first of the runtime's modules: makes the others importable, and takes them away again before the program starts."""

import marshal
import os
import sys
import zipimport

PACKAGE = "pexjs_runtime"
FOLDERS = (PACKAGE, PACKAGE + ".standards", PACKAGE + ".venv", PACKAGE + ".tools")


def begin(facts, home, saved=None, missing=None):
    """Returns the code to run and the namespace of the new `__main__`.

    `saved` are the compiled modules from the cache by name, or None where this module was imported as a plain file.
    `missing` is the file in the cache that should hold them, but does not: these come from the PEX, which may have no others than this one.
    """
    if saved is None:
        del sys.path[0]  # through which this module came
    finder = open_package(facts, home, saved or {})
    try:
        if missing:
            finder.begin_with(saved)
            if len(saved) == 1 and not missing.startswith("~"):  # where nobody knows a home
                share_compiling(finder, missing)
        else:
            finder.load_saved()
        if facts["layout"] == "venv":
            from pexjs_runtime.venv.inside import start
        else:
            from pexjs_runtime.start import start

        main, code = start(facts, home, finder)
    finally:
        close_package(finder)
    return code, main.__dict__


def share_compiling(finder, file):
    """Of many first starts one compiles the runtime; the others sleep until `folders.save_modules` has kept the result."""
    from pexjs_runtime import compat, locks, place

    finder.lock = locks.Lock(os.path.dirname(os.path.dirname(file)) + "/locks/" + os.path.basename(file))
    try:
        finder.lock.acquire()
        saved = place.load(file)
    except UnicodeError:  # the sealed name of the cache means nothing in this locale, until `place` has translated it
        return
    except KeyboardInterrupt:
        compat.hide_traceback()
        raise
    if saved:
        finder.saved, finder.compiled = dict(finder.saved, **saved), {}
        finder.lock.release()


def mount(facts, home, name):
    """What `__pex__` does."""
    finder = open_package(facts, home, {})
    try:
        from pexjs_runtime.mount import mount

        mount(facts, home, name, finder)
    finally:
        close_package(finder)


def open_package(facts, home, saved):
    finder = Finder(home, saved)
    finder.is_plain = facts["layout"] in ("loose", "venv")
    if finder.is_plain and not saved:
        finder.inside = finder.read_compiled()
    if hasattr(sys, "get_lazy_imports") and sys.get_lazy_imports() == "all":  # PEP 810
        finder.restore_laziness = import_at_once()
    sys.meta_path.insert(0, finder)
    package = sys.modules[PACKAGE] = type(sys)(PACKAGE)
    package.__path__ = finder.search_path(PACKAGE)
    return finder


def import_at_once():
    """For our modules only: they are gone when the program runs, and could not be imported any more. Returns what undoes it."""
    others = sys.get_lazy_imports_filter()

    def may_be_lazy(importing, imported, names):
        return not (importing + ".").startswith(PACKAGE + ".") and (others is None or others(importing, imported, names))

    sys.set_lazy_imports_filter(may_be_lazy)
    return lambda: sys.set_lazy_imports_filter(others)


def close_package(finder):
    """Leave no trace."""
    if finder.lock is not None:
        finder.lock.release()
    if finder.restore_laziness is not None:
        finder.restore_laziness()
    sys.meta_path[:] = [each for each in sys.meta_path if each is not finder]
    for path in [path for path in sys.path_importer_cache if (path + "/").startswith(finder.folder + "/")]:
        del sys.path_importer_cache[path]
    modules = sys.modules  # Python 2 empties this module as soon as it is gone from there
    for name in [name for name in modules if (name + ".").startswith(PACKAGE + ".")]:
        del modules[name]


class Finder(object):
    """Imports the runtime. Python's own `zipimport` compiles every module twice, and has no cache."""

    def __init__(self, home, saved):
        self.folder = home + "/.bootstrap"
        self.is_plain = False  # then Python's own finder does what is not saved
        self.saved = saved
        self.more = None  # where modules that only some starts need may be kept
        self.inside = None  # modules that the PEX holds compiled, once somebody has looked
        self.compiled = {}  # what the cache does not hold yet
        self.archive = None
        self.restore_laziness = None  # called before the program starts, if its imports are lazy
        self.lock = None  # held while this process compiles what others wait for

    def begin_with(self, inside):
        """What is there of a first start; the cache is to have it, too."""
        name = PACKAGE + ".begin"
        self.inside = inside
        self.saved = {name: inside[name]}
        self.compiled = dict(self.saved)

    def load_saved(self):
        """Import at once what every start needs: Python's own way takes more time for a module than the module itself."""
        for name in self.saved:  # in the order of their imports, where dictionaries have one
            if name not in sys.modules and name.rpartition(".")[0] in sys.modules and name != PACKAGE + ".begin":
                self.load_module(name)

    def knows(self, name):
        return name.startswith(PACKAGE + ".") and (not self.is_plain or self.has_saved(name) or name in (self.inside or ()))

    def has_saved(self, name):
        """Whether the cache holds a module, be it one that every start needs or not."""
        if name not in self.saved and self.more is not None:
            more, self.more = self.more, None
            self.saved = dict(more(), **self.saved)
        return name in self.saved

    def search_path(self, name):
        """Where Python's own finder looks for what is inside a package."""
        return [self.folder + "/" + name.replace(".", "/")] if self.is_plain else []

    def find_spec(self, name, path=None, target=None):
        """PEP 451, for Python 3."""
        if not self.knows(name):
            return None
        from _frozen_importlib import ModuleSpec  # `importlib.machinery` is not always loaded yet

        spec = ModuleSpec(name, self)
        if name in FOLDERS:
            spec.submodule_search_locations = self.search_path(name)
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.code(module.__name__), module.__dict__)

    def find_module(self, name, path=None):
        """PEP 302, for Python 2, which asks for `pexjs_runtime.pexjs_runtime` first: importing `__future__` here would cost every start."""
        return self if self.knows(name) and not name.startswith(PACKAGE + "." + PACKAGE) else None

    def load_module(self, name):
        module = sys.modules.setdefault(name, type(sys)(name))
        if name in FOLDERS:
            module.__path__ = self.search_path(name)
        parent, _, child = name.rpartition(".")
        setattr(sys.modules[parent], child, module)
        self.exec_module(module)
        return module

    def code(self, name):
        if self.has_saved(name):
            return marshal.loads(self.saved[name])
        if self.inside is None:
            self.inside = self.read_compiled()
        if name in self.inside:
            self.compiled[name] = self.inside[name]
            return marshal.loads(self.inside[name])
        path = name.replace(".", "/") + ("/__init__.py" if name in FOLDERS else ".py")
        if sys.version_info[0] == 2:  # with absolute imports
            code = compile(self.read(path), "<%s>" % name, "exec", 0x4000, True)
        else:  # without documentation
            code = compile(self.read(path), "<%s>" % name, "exec", 0, True, 2)
        self.compiled[name] = marshal.dumps(code)
        return code

    def read_compiled(self):
        """What `scripts/bytecode.mjs` has compiled for this Python; `main.py` looks for it, too."""
        try:
            from _frozen_importlib_external import MAGIC_NUMBER

            return marshal.loads(self.read("compiled-%s-%s" % (sys.implementation.cache_tag, MAGIC_NUMBER.hex())))
        except Exception:  # not there, or damaged: there are the sources
            return {}

    def read(self, path):
        """A file of the runtime, as bytes."""
        if os.path.isdir(self.folder):
            with open(self.folder + "/" + path, "rb") as stream:
                return stream.read()
        if self.archive is None:
            self.archive = zipimport.zipimporter(self.folder)
        return self.archive.get_data(self.folder + "/" + path)
