"""Starts a PEX file: with the runtime's compiled modules from the cache if they are there, else with its own."""

FACTS = {}


def _boot():  # kept short: Python compiles it twice at every start
    import marshal
    import os
    import sys

    home = os.path.dirname(os.path.abspath(__file__))
    if FACTS["layout"] != "zipapp" and not os.path.exists(home + "/.bootstrap"):  # started by a link from elsewhere
        home = os.path.dirname(os.path.realpath(__file__))
    caches = "~/Library/Caches" if sys.platform == "darwin" else os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    root = os.path.expanduser(os.environ.get("PEX_ROOT") or FACTS["pex_root"] or caches + "/pex")
    runtime = {"__name__": "pexjs_runtime"}
    is_loose = FACTS["layout"] == "loose"  # plain files; what is made of them is kept where Python keeps it
    warm = home + "/__pycache__" if is_loose else root + "/pexjs/1/run/warm"
    warm += "/%s-%x-%d" % (FACTS["bootstrap_hash"], sys.hexversion, hasattr(sys, "pypy_version_info"))
    try:
        with open(warm, "rb", 0) as stream:
            saved = stream.read()
        modules = marshal.loads(saved) if saved.endswith(b"\npexjs 1\n") else {}
        exec(marshal.loads(modules["pexjs_runtime.begin"]), runtime)
        warm = None
    except Exception:
        if is_loose:
            sys.path.insert(0, home + "/.bootstrap")
            from pexjs_runtime.begin import begin

            return begin(FACTS, home)
        from zipimport import zipimporter

        folder = home + "/.bootstrap"
        get = zipimporter(folder).get_data
        try:
            from _frozen_importlib_external import MAGIC_NUMBER as magic

            modules = marshal.loads(get("%s/compiled-%s-%s" % (folder, sys.implementation.cache_tag, magic.hex())))
            code = marshal.loads(modules["pexjs_runtime.begin"])
        except Exception:
            code = compile(get(folder + "/pexjs_runtime/begin.py"), "<pexjs_runtime.begin>", "exec", 0, True)
            modules = {"pexjs_runtime.begin": marshal.dumps(code)}
        exec(code, runtime)
    return runtime["begin"](FACTS, home, modules, warm)


if __name__ == "__main__":
    _code, _main = _boot()
    exec(_code, _main)
