"""
The build backend of the source distribution.

`scripts/build-python-package.mjs` has put everything below `wheel/` already, metadata included: it has only to be zipped.
"""

import pathlib
import sys
import tarfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONTENTS = ROOT / "wheel"
EPOCH = (1980, 1, 1, 0, 0, 0)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "%s-py3-none-any.whl" % _dist_info().name[: -len(".dist-info")]
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in _files(CONTENTS):
            member = zipfile.ZipInfo(path.relative_to(CONTENTS).as_posix(), EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o100644 << 16
            wheel.writestr(member, path.read_bytes())
    return name


def build_sdist(sdist_directory, config_settings=None):
    stem = _dist_info().name[: -len(".dist-info")]
    with tarfile.open(pathlib.Path(sdist_directory, stem + ".tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as sdist:
        for path in _files(ROOT):
            sdist.add(path, "%s/%s" % (stem, path.relative_to(ROOT).as_posix()))
    return stem + ".tar.gz"


def _dist_info():
    for path in CONTENTS.glob("*.dist-info"):
        return path
    sys.exit("pexjs is not built yet: run `npm run python-package`, and install what it writes")


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
