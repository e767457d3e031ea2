"""Which wheels the running interpreter can use, and how well they fit (the order of `packaging.tags.sys_tags`)."""

import os
import sys

from pexjs_runtime import compat

LEGACY = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}
# What a 32-bit interpreter is, by what the kernel of its 64-bit machine is called.
NARROW = {"x86_64": ("i686",), "aarch64": ("armv8l", "armv7l"), "armv8l": ("armv8l", "armv7l")}
MANYLINUX = ("x86_64", "aarch64", "ppc64", "ppc64le", "s390x", "loongarch64", "riscv64", "i686")


def wheel_tags(file):
    """The tags of a wheel's file name: (interpreter, ABI, platform)."""
    pythons, abis, platforms = file[:-len(".whl")].lower().rsplit("-", 3)[1:]
    return [(python, abi, platform) for python in pythons.split(".") for abi in abis.split(".") for platform in platforms.split(".")]


class Ranker(object):
    """Grades tags for this interpreter; platforms are worked out only when a wheel has one."""

    def __init__(self):
        self.version = sys.version_info[:2]
        self.is_cpython = not hasattr(sys, "pypy_version_info") and interpreter_name() == "cp"
        self.pairs = {}
        for pair in self.interpreter_abi_pairs():
            self.pairs.setdefault(pair, len(self.pairs))
        self.found_platforms = None

    def rank(self, file):
        """The lower the better; None if the wheel does not fit."""
        ranks = [self.rank_tag(*tag) for tag in wheel_tags(file)]
        fitting = [rank for rank in ranks if rank is not None]
        return min(fitting) if fitting else None

    def rank_tag(self, python, abi, platform):
        if platform == "any":
            place = self.pairs.get((python, abi, "any"))
            return None if place is None else (place, 0)
        place = self.pairs.get((python, abi))
        if place is None:
            return None
        nth = self.platforms().get(platform)
        return None if nth is None else (place, nth)

    def platforms(self):
        if self.found_platforms is None:
            self.found_platforms = {}
            for platform in list_platforms():
                self.found_platforms.setdefault(platform, len(self.found_platforms))
        return self.found_platforms

    def most_specific(self):
        """The best tag, to name the interpreter by."""
        python, abi = next(pair for pair in sorted(self.pairs, key=self.pairs.get) if len(pair) == 2)
        return "%s-%s-%s" % (python, abi, next(iter(list_platforms())))

    def interpreter_abi_pairs(self):
        """In the order of preference; those that go with the platform `any` say so."""
        major, minor = self.version
        own = interpreter_name() + "%d%d" % self.version
        if self.is_cpython:
            for abi in cpython_abis():
                yield own, abi
            stable = "abi3t" if compat.is_free_threaded() else "abi3"
            if self.version >= (3, 2):
                yield own, stable
            yield own, "none"
            for older in range(minor - 1, 1, -1) if self.version >= (3, 2) else ():
                yield "cp%d%d" % (major, older), stable
        else:
            yield own, generic_abi()
            yield own, "none"
        pythons = ["py%d%d" % self.version, "py%d" % major] + ["py%d%d" % (major, older) for older in range(minor - 1, -1, -1)]
        for python in pythons:
            yield python, "none"
        yield own if self.is_cpython else interpreter_name() + str(major), "none", "any"
        for python in pythons:
            yield python, "none", "any"


def interpreter_name():
    if hasattr(sys, "pypy_version_info"):
        return "pp"
    name = sys.implementation.name if hasattr(sys, "implementation") else "cpython"
    return {"cpython": "cp", "pypy": "pp", "ironpython": "ip", "jython": "jy"}.get(name, name)


def cpython_abis():
    version = "cp%d%d" % sys.version_info[:2]
    debug = "d" if hasattr(sys, "gettotalrefcount") else ""
    if sys.version_info < (3,):
        return [version + debug + "m" + ("u" if sys.maxunicode > 65535 else "")]
    if sys.version_info < (3, 8):
        return [version + debug + ("m" if "m" in sys.abiflags else "")]
    threads = "t" if compat.is_free_threaded() else ""
    return [version + threads + debug] + ([version + threads] if debug else [])


def generic_abi():
    """`pypy310_pp73` out of `.pypy310-pp73-x86_64-linux-gnu.so`; `none` where suffixes do not tell."""
    if sys.version_info < (3,):
        return "pypy_%d%d" % sys.pypy_version_info[:2]
    import _imp

    parts = _imp.extension_suffixes()[0].split(".")
    if len(parts) < 3:
        return "none"
    return "_".join(parts[1].split("-")[:2])


def list_platforms():
    system = os.uname()
    if sys.platform == "darwin":
        return mac_platforms(system)
    if sys.platform.startswith("linux"):
        return linux_platforms(system[4])
    return ["%s_%s_%s" % (system[0].lower(), system[2].replace(".", "_").replace("-", "_"), system[4])]


def linux_platforms(machine):
    machines = NARROW.get(machine, (machine,)) if sys.maxsize < 2**32 else (machine,)
    platforms = ["linux_%s" % each for each in machines]
    libc = libc_version()
    if libc[0] == "glibc" and (machines[0] in MANYLINUX or is_hard_float()):
        oldest = 5 if machines[0] in ("x86_64", "i686") else 17
        for each in machines:
            for number in range(libc[2], oldest - 1, -1):
                platforms.append("manylinux_2_%d_%s" % (number, each))
                if (2, number) in LEGACY:
                    platforms.append("%s_%s" % (LEGACY[(2, number)], each))
    elif libc[0] == "musl":
        for each in machines:
            platforms += ["musllinux_%d_%d_%s" % (libc[1], number, each) for number in range(libc[2], -1, -1)]
    return platforms


def is_hard_float():
    """Wheels for 32-bit ARM are made for its hard-float ABI."""
    return getattr(getattr(sys, "implementation", None), "_multiarch", "").endswith("eabihf")


def libc_version():
    try:
        # Python 2 does not know the name; the number is glibc's.
        name, version = os.confstr(os.confstr_names.get("CS_GNU_LIBC_VERSION", 2)).split()[:2]
    except (AttributeError, ValueError, OSError):
        version = musl_version()
        return ("musl",) + version if version else ("",)
    return (name,) + tuple(int(part) for part in version.split(".")[:2])


def musl_version():
    """The loader of a musl system says its version when it is run."""
    loader = next((path for path in sorted(os.listdir("/lib")) if path.startswith("ld-musl-")), None)
    if not loader:
        return None
    import subprocess

    process = subprocess.Popen(["/lib/" + loader], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    for line in process.communicate()[1].decode("ascii", "replace").splitlines():
        if line.startswith("Version "):
            return tuple(int(part) for part in line[8:].split(".")[:2])
    return None


def mac_platforms(system):
    """Since macOS 11 only the major version counts; before, the minor version did."""
    import platform

    version = tuple(int(part) for part in platform.mac_ver()[0].split(".")[:2])
    version = version if len(version) == 2 else (11, 0)
    formats = {
        "arm64": ("arm64", "universal2"),
        "x86_64": ("x86_64", "intel", "fat64", "fat3", "universal2", "universal"),
    }.get(system[4], (system[4],))
    names = []
    for major in range(version[0], 10, -1):
        names += ["macosx_%d_0_%s" % (major, each) for each in formats]
    older = formats if system[4] != "arm64" else ("universal2",)
    for minor in range(version[1] if version[0] == 10 else 16, 3, -1):
        names += ["macosx_10_%d_%s" % (minor, each) for each in older]
    return names
