"""Starts a PEX file: from its warm cache where there is one, else from what lies in the file itself."""

FACTS = {}


def _boot():
    import marshal
    import os
    import sys

    home = os.path.dirname(os.path.abspath(__file__))
    root = os.environ.get("PEX_ROOT") or FACTS["pex_root"]
    if not root and sys.platform == "darwin":
        root = "~/Library/Caches/pex"
    elif not root:
        root = (os.environ.get("XDG_CACHE_HOME") or "~/.cache") + "/pex"
    if not isinstance(root, str):
        root = root.encode("utf-8")
    root = os.path.abspath(os.path.expanduser(root))
    package = type(sys)("pexjs_runtime")
    package.__path__ = [home + "/.bootstrap/pexjs_runtime"]
    sys.modules["pexjs_runtime"] = package
    warm = "%s/pexjs/1/run/warm/%s-%x" % (root, FACTS.get("bootstrap_hash", FACTS["pex_hash"]), sys.hexversion)
    if hasattr(sys, "pypy_version_info"):
        warm += "-pypy"
    try:
        with open(warm, "rb") as stream:
            saved = stream.read()
        for name, code in marshal.loads(saved) if saved.endswith(b"\npexjs 1\n") else ():
            module = type(sys)("pexjs_runtime." + name)
            sys.modules[module.__name__] = module
            setattr(package, name, module)
            exec(code, module.__dict__)
    except Exception:  # whatever is wrong with the cache: the file has everything that it has
        pass
    from pexjs_runtime.start import start

    main, code = start(FACTS, home, root)
    for name in [name for name in sys.modules if name.startswith("pexjs_runtime")]:
        del sys.modules[name]
    return code, main.__dict__


if __name__ == "__main__":
    _code, _main = _boot()
    exec(_code, _main)
