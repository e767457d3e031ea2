"""Runs the tools on a PEX that need not hold them, without starting it. Python 2.7 and newer.

The PEX is named by a variable and not by an argument, so that the runtime can start this script again, under another
interpreter too, as it would start the PEX.
"""

import os
import sys

VARIABLE = "__PEXJS_TOOLS_FOR"
RUNTIME = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "runtime")

# What our builder writes into `__main__.py`, for a PEX that another one built, or an older release of ours.
FACTS = dict(
    format=0, pex_hash="", bootstrap_hash="", code_hash="", code_key="", has_code=True, deps_hash="", deps_are_wheel_files=False, layout="zipapp",
    entry_point=None, script=None, inject_args=[], inject_env=[], inject_python_args=[], inherit_path="false",
    interpreter_constraints=[], pex_root=None, strip_pex_env=True, ignore_errors=False, emit_warnings=True, pex_path=[],
    venv=False, venv_bin_path="false", venv_hermetic_scripts=True, sh_boot=False, bind_resource_paths=[], version="", ephemeral=False,
    max_install_jobs=0,
)

HASHES = ("pex_hash", "bootstrap_hash", "code_hash", "code_key", "deps_hash")


def main():
    # type: () -> None
    sys.dont_write_bytecode = True  # our own folder stays as it was installed
    sys.path[0] = RUNTIME
    from pexjs_runtime import archive, begin, install, isolation, settings, start, trees

    class Outside(start.Boot):
        """A PEX that is looked at from outside."""

        def read_info(self):
            container = trees.TreeContainer(self.home)
            return trees.complete(container, archive.read_info(container))

    path = os.environ[VARIABLE]
    home = os.path.abspath(path)
    try:
        try:
            facts = dict(FACTS, **(read_facts(home) or facts_of_other(home)))
            for name in HASHES:  # which name folders of ours
                facts[name] = facts[name] and trees.safe_name(facts[name])
            facts["code_key"] = facts["code_key"] or install.FOREIGN + identify(home)
            boot = Outside(facts, home)
        except (AttributeError, TypeError, ValueError):
            raise settings.Failure("The PEX-INFO is broken: %s" % path, "build the PEX again")
        except (IOError, OSError) as error:
            raise settings.Failure("Cannot read the PEX %s: %s" % (path, error.strerror), "look at its permissions")
        boot.started_as = path
        boot.finder = begin.Finder(RUNTIME, {})
        boot.finder.folder, boot.finder.is_plain = RUNTIME, True
        start.prepare(boot)
        isolation.hide_host()
        from pexjs_runtime.tools.run import run

        run(boot, "pex-tools %s" % os.path.basename(home))
    except settings.Failure as failure:
        failure.end(home)


def identify(home):
    # type: (str) -> str
    """The name of sources that nothing in the PEX says as we need it."""
    from pexjs_runtime import compat

    state = os.stat(home)
    return compat.sha256(repr((home, state.st_size, state.st_mtime)).encode("utf-8")).hexdigest()


def read_facts(home):
    # type: (str) -> object
    """What our builder wrote into `__main__.py`; None if it was another builder."""
    import ast

    from pexjs_runtime import archive

    try:
        body = ast.parse(archive.Container(home).read("__main__.py")).body
        for each in reversed(body):  # a preamble may use the name, too
            if isinstance(each, ast.Assign) and getattr(each.targets[0], "id", None) == "FACTS":
                return ast.literal_eval(each.value)
    except (IOError, OSError, SyntaxError, ValueError):
        pass
    return None


def facts_of_other(home):
    # type: (str) -> dict
    """The same from PEX-INFO."""
    from pexjs_runtime import archive, install, others, trees

    container = archive.Container(home)
    info = archive.read_info(container)
    facts = dict((name, info[name]) for name in FACTS if info.get(name) is not None)
    facts["code_hash"] = trees.safe_name(info.get("code_hash") or "")
    facts["has_code"] = others.has_code(container, install)
    facts["inherit_path"] = {True: "prefer", False: "false"}.get(info.get("inherit_path"), info.get("inherit_path") or "false")
    facts["pex_path"] = info.get("pex_paths") or [path for path in (info.get("pex_path") or "").split(":") if path]
    facts["inject_env"] = sorted((info.get("inject_env") or {}).items())
    facts["bind_resource_paths"] = sorted((info.get("bind_resource_paths") or {}).items())
    if os.path.isdir(home):
        facts["layout"] = "packed" if os.path.isfile(home + "/.bootstrap") else "loose"
    return facts


main()
