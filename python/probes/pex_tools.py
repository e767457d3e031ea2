"""Runs the tools on a PEX that need not hold them, without starting it. Python 2.7 and newer.

The PEX is named by a variable and not by an argument, so that the runtime can start this script again, under another
interpreter too, as it would start the PEX.
"""

import os
import sys

VARIABLE = "__PEXJS_TOOLS_FOR"
RUNTIME = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "runtime")


def main():
    # type: () -> None
    sys.dont_write_bytecode = True  # our own folder stays as it was installed
    sys.path[0] = RUNTIME
    from pexjs_runtime import begin, isolation, others, settings, start

    class Outside(start.Boot):
        """A PEX that is looked at from outside."""

        is_ours = True

        def read_info(self):
            if self.is_ours:
                return start.Boot.read_info(self)
            return others.read(others.Other(self, self.home, VARIABLE))[1]

    path = os.environ[VARIABLE]
    home = os.path.abspath(path)
    try:
        found = read_facts(home)
        boot = Outside(found or facts_of_other(home), home)
        boot.is_ours = found is not None
        boot.started_as = path
        boot.finder = begin.Finder(RUNTIME, {})
        boot.finder.folder, boot.finder.is_plain = RUNTIME, True
        start.prepare(boot)
        isolation.hide_host()
        from pexjs_runtime.tools.run import run

        run(boot, "pex-tools %s" % os.path.basename(home))
    except settings.Failure as failure:
        failure.end(home)


def read_facts(home):
    # type: (str) -> object
    """What the builder wrote into `__main__.py`; None if it was another builder than ours."""
    import ast

    from pexjs_runtime import archive

    try:
        body = ast.parse(archive.Container(home).read("__main__.py")).body
        for each in body:
            if isinstance(each, ast.Assign) and getattr(each.targets[0], "id", None) == "FACTS":
                return ast.literal_eval(each.value)
    except (IOError, OSError, SyntaxError, ValueError):
        pass
    return None


def facts_of_other(home):
    # type: (str) -> dict
    """The same, as far as tools need it, from the PEX-INFO of a PEX that upstream built."""
    from pexjs_runtime import archive

    info = archive.read_info(archive.Container(home))
    facts = dict(
        format=0, pex_hash="", bootstrap_hash="", code_hash="", deps_hash="", has_code=False, pex_root=None, venv=False,
        ignore_errors=False, emit_warnings=True, inject_python_args=[], interpreter_constraints=[], inherit_path="false", deps_are_wheel_files=False,
    )
    facts.update((name, info[name]) for name in facts if info.get(name) is not None)
    facts["inherit_path"] = {True: "prefer", False: "false"}.get(facts["inherit_path"], facts["inherit_path"])
    return facts


main()
