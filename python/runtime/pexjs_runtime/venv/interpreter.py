"""The part of a virtual environment that makes it one: links to its interpreter and what that reads at its start."""

import os
import sys

from pexjs_runtime import compat, folders, sites
from pexjs_runtime.settings import Failure

# In place of the standard library's: Python 2.7 knows no virtual environments, but looks for its library beside itself.
SITE = """import sys
sys.real_prefix = sys.base_prefix = %(prefix)r
sys.base_exec_prefix = %(exec_prefix)r
__file__ = %(file)r
with open(__file__) as _stream:
    exec(compile(_stream.read(), __file__, "exec"))
for _path in %(others)r:
    addsitedir(_path)
"""


def library():
    """Where the interpreter looks for packages, relative to its environment."""
    version = sys.version_info[:2]
    if not compat.PYPY:
        return "lib/python%d.%d%s/site-packages" % (version + ("t" if compat.is_free_threaded() else "",))
    return "lib/pypy%d.%d/site-packages" % version if version >= (3, 8) else "site-packages"


def versioned_name():
    return ("pypy%d.%d" if compat.PYPY else "python%d.%d") % sys.version_info[:2]


def names():
    """The names of the interpreter below `bin`; all but the first are links to that."""
    kinds = ("python", "pypy") if compat.PYPY else ("python",)
    suffixes = ("", "%d" % sys.version_info[0], "%d.%d" % sys.version_info[:2])
    return [kind + suffix for kind in kinds for suffix in suffixes]


def put(top, base, info):
    """Everything below `top` but packages."""
    copies = bool(info.get("venv_copies"))
    system = bool(info.get("venv_system_site_packages"))
    first = top + "/bin/" + names()[0]
    if copies or compat.PY2:  # which follows a link before it looks around
        sites.copy(base, first)
        os.chmod(first, 0o755)
    else:
        os.symlink(base, first)
    for name in names()[1:]:
        put_name(first, top + "/bin/" + name, copies)
    if sys.maxsize > 2**32 and sys.platform != "darwin" and not os.path.lexists(top + "/lib64"):
        os.symlink("lib", top + "/lib64")
    lines = (
        "home = %s" % os.path.dirname(base), "include-system-site-packages = %s" % str(system).lower(),
        "version = %d.%d.%d" % sys.version_info[:3], "executable = %s" % base,
    )
    folders.write_file(top + "/pyvenv.cfg", compat.path_bytes("\n".join(lines) + "\n"))
    if compat.PY2:
        put_library_2(top, system)


def put_name(first, path, copies):
    """Python 3.14 does not find its library through a link to a copy of itself."""
    if not copies:
        os.symlink(os.path.basename(first), path)
        return
    try:
        os.link(first, path)
    except OSError:
        sites.copy(first, path)
        os.chmod(path, 0o755)


def put_library_2(top, system):
    """Links to every part of the standard library, with a `site` of our own among them."""
    if compat.PYPY:
        raise Failure("PyPy for Python 2 has no virtual environments", "set PEX_VENV=0, or use another Python")
    origin = os.path.dirname(os.__file__)
    target = top + "/lib/python2.7"
    for name in os.listdir(origin):
        if name not in ("site-packages", "dist-packages") and not name.startswith(("site.py", "__pycache__")):
            if not os.path.lexists(target + "/" + name):
                os.symlink(origin + "/" + name, target + "/" + name)
    prefix = getattr(sys, "real_prefix", sys.prefix)
    values = {
        "prefix": prefix, "exec_prefix": getattr(sys, "base_exec_prefix", sys.exec_prefix), "file": origin + "/site.py",
        "others": [origin + "/site-packages"] if system else [],
    }
    folders.write_file(target + "/site.py", (SITE % values).encode("utf-8"))
