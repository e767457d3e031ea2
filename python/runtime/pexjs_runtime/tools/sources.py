"""`repository extract --sources`: the sources of the PEX as a source distribution that builds with nothing but Python."""

import gzip
import io
import os
import tarfile
import time

from pexjs_runtime import archive, compat, install
from pexjs_runtime.standards.requirement import normalize
from pexjs_runtime.tools import common
from pexjs_runtime.venv.distributions import files_below

PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = '''"""Makes a wheel of `src`, just as it is ("A build-system independent format for source trees", PEP 517)."""

import base64
import hashlib
import os
import zipfile

STEM = %(stem)r
ENTRY_POINTS = %(entry_points)r


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = STEM + ".dist-info/"
    files = []
    for folder, _, names in sorted(os.walk("src")):
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as stream:
                files.append((os.path.relpath(path, "src").replace(os.sep, "/"), stream.read()))
    with open("PKG-INFO", "rb") as stream:
        files.append((info + "METADATA", stream.read()))
    files.append((info + "WHEEL", b"Wheel-Version: 1.0\\nGenerator: pexjs\\nRoot-Is-Purelib: true\\nTag: py2-none-any\\nTag: py3-none-any\\n"))
    if ENTRY_POINTS:
        files.append((info + "entry_points.txt", ENTRY_POINTS.encode("utf-8")))
    rows = []
    for name, content in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode("ascii")
        rows.append('"%%s",sha256=%%s,%%d\\n' %% (name.replace('"', '""'), digest, len(content)))
    files.append((info + "RECORD", ("".join(rows) + info + "RECORD,,\\n").encode("utf-8")))
    wheel = STEM + "-py2.py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return wheel
'''


def write(boot, container, info, folder, use_system_time):
    """Returns the path; `publish` makes it appear whole."""
    from pexjs_runtime.tools.repository import publish

    name = normalize(os.path.splitext(os.path.basename(boot.home))[0]).strip("-") or "app"
    stem = "%s-0.0.0+%s" % (name.replace("-", "_"), boot.facts["code_hash"])
    path = os.path.join(folder, stem + ".tar.gz")
    members = [(b"PKG-INFO", metadata(name, boot, info).encode("utf-8"), False), (b"pyproject.toml", PROJECT.encode("ascii"), False)]
    values = {"stem": stem, "entry_points": entry_points(name, info)}
    members.append((b"backend.py", (BACKEND % values).encode("utf-8"), False))
    members += [(b"src/" + each, content, program) for each, content, program in sorted(sources(boot, container))]
    date = int(time.time()) if use_system_time else 315532800  # 1980-01-01
    publish(path, lambda temporary: write_tar(temporary, stem, members, date))
    return path


def sources(boot, container):
    """(name, content, whether it is a program) of each file of the user's own."""
    if not container.is_folder:
        for name, member in install.own_files(container):
            yield name, archive.content(container.home, member), member.executable
        return
    home = compat.path_bytes(container.home)
    for name in files_below(home):
        if install.is_own(name):
            with open(home + b"/" + name, "rb") as stream:
                yield name, stream.read(), os.access(home + b"/" + name, os.X_OK)


def metadata(name, boot, info):
    lines = ["Metadata-Version: 2.1", "Name: %s" % name, "Version: 0.0.0+%s" % boot.facts["code_hash"]]
    lines += ["Requires-Dist: %s" % text for text in info.get("requirements") or ()]
    return "\n".join(lines) + "\n"


def entry_points(name, info):
    """The program of the PEX under the name of the PEX, if it is a function."""
    point = info.get("entry_point") or ""
    return "[console_scripts]\n%s = %s\n" % (name, point) if ":" in point else ""


def write_tar(path, stem, members, date):
    with open(path, "wb") as stream:
        with gzip.GzipFile("", "wb", 9, stream, date) as packed:
            with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as target:
                for name, content, program in members:
                    entry = tarfile.TarInfo(stem + "/" + compat.path_text(name))
                    entry.size, entry.mtime = len(content), date
                    entry.mode = 0o755 if program else 0o644
                    target.addfile(entry, io.BytesIO(content))
