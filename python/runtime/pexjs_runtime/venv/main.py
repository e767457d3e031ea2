"""Starts the program of this virtual environment, which was made from a PEX and needs it no longer."""

FACTS = {}


def _boot():
    import marshal
    import os
    import sys

    home = sys.prefix
    if os.path.dirname(__file__) != home:
        here = os.path.dirname(os.path.realpath(__file__))
        if not os.path.samefile(home, here):  # started by another Python
            python = here + "/bin/python"
            try:
                if sys.executable != python:  # else this is its Python, which does not know that it is one
                    os.execv(python, [python] + [__file__] + sys.argv[1:])
            except OSError:
                pass
            name = os.path.basename(sys.argv[0])
            sys.exit("%s: The virtual environment is damaged: %s\nhint: remove that folder, and start the PEX that made it" % (name, here))
    runtime = {"__name__": "pexjs_runtime"}
    try:
        with open("%s/.bootstrap/compiled-%x" % (home, sys.hexversion), "rb", 0) as stream:
            saved = stream.read()
        modules = marshal.loads(saved) if saved.endswith(b"\npexjs 1\n") else {}
        exec(marshal.loads(modules["pexjs_runtime.begin"]), runtime)
    except Exception:
        sys.path.insert(0, home + "/.bootstrap")
        from pexjs_runtime.begin import begin

        return begin(FACTS, home)
    return runtime["begin"](FACTS, home, modules)


if __name__ == "__main__":
    _code, _main = _boot()
    exec(_code, _main)
