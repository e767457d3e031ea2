"""What `python ARGUMENTS` does, for a PEX that has no entry point or is asked to be an interpreter."""

import os
import sys

from pexjs_runtime import compat
from pexjs_runtime.running import new_main, run_module
from pexjs_runtime.settings import Failure


def interpreter(boot, activation, arguments):
    """What `python arguments` does."""
    first = arguments[0] if arguments else ""
    if first == "-c" and len(arguments) > 1:
        sys.argv = ["-c"] + arguments[2:]
        put_first(boot, "")
        return new_main(), compile(arguments[1], "<string>", "exec", 0, True)
    if first == "-m" and len(arguments) > 1:
        sys.argv = ["-m"] + arguments[2:]
        put_first(boot, "" if compat.PY2 else working_folder())
        return run_module(arguments[1])
    if first and (first == "-" or not first.startswith("-")):
        sys.argv = arguments
        if first == "-":
            return at_prompt(boot) if sys.flags.interactive else run_stdin(boot)
        return run_file(boot, first)
    from pexjs_runtime.interactive import interact

    return interact(boot, activation, arguments)


def working_folder():
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return ""


def put_first(boot, path):
    if not boot.safe_path:
        sys.path.insert(0, path)


def at_prompt(boot):
    """`python -i`: the prompt comes by itself, and reads what it is given."""
    put_first(boot, "")
    return new_main(), compile("", "<stdin>", "exec")


def run_stdin(boot):
    put_first(boot, "")
    stream = sys.stdin if compat.PY2 else getattr(sys.stdin, "buffer", None)
    source = stream.read() if stream else ""  # it may be closed
    return new_main(), compile(source, "<stdin>", "exec", 0, True)


def run_file(boot, path):
    """A script, or a folder or archive with a `__main__.py`."""
    try:
        if os.path.isdir(path) or not path.endswith(".py") and is_archive(path):
            return run_container(path)
        with open(path, "rb") as stream:
            source = stream.read()
    except (OSError, IOError) as error:
        raise Failure("can't open file %r: [Errno %s] %s" % (path, error.errno, error.strerror), code=2)
    put_first(boot, os.path.dirname(os.path.realpath(path)))
    full = os.path.abspath(path) if sys.version_info >= (3, 9) else path
    main = new_main(file=full, package=None)
    if not compat.PY2:
        from importlib.machinery import SourceFileLoader

        main.__loader__ = SourceFileLoader("__main__", full)
        main.__cached__ = None
    if path.endswith((".pyc", ".pyo")):
        import pkgutil

        with open(path, "rb") as stream:
            return main, pkgutil.read_code(stream)
    return main, compile(source, full, "exec", 0, True)


def is_archive(path):
    import zipimport

    try:
        zipimport.zipimporter(path)
    except zipimport.ZipImportError:
        return False
    return True


def run_container(path):
    sys.path.insert(0, path)
    if compat.PY2:
        import pkgutil

        found = pkgutil.get_importer(path).find_module("__main__")
        code = found.get_code("__main__") if found else None
        values = {"loader": found}
    else:
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec("__main__", [path])
        code = spec.loader.get_code("__main__") if spec else None
        values = {"loader": spec.loader, "spec": spec, "package": spec.parent} if spec else {}
    if code is None:
        raise Failure("can't find '__main__' module in %r" % path)
    return new_main(file=code.co_filename, **values), code
