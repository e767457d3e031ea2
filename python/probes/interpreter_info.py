"""Tells what kind of Python runs it: markers, facts for wheel tags, and paths, as one JSON document in ASCII.

Run by the builder as `python -E -s -S -B interpreter_info.py`; never shipped in a PEX. Works on CPython and PyPy from 2.7 on.
The keys are those of `InterpreterFacts` in src/targets/interpreter-facts.ts. `site` is not loaded (it runs other people's code
and takes longer than all of this), hence virtual environments are recognised here. Imports are kept to what Python has anyway
plus `sysconfig`; `platform`, `json` and `re` together would double the time.
"""

import os
import sys

FORMAT = 1


def main():
    # type: () -> None
    try:
        answer = facts()
    except Exception as error:
        answer = {"format": FORMAT, "result": "error", "message": "%s: %s" % (type(error).__name__, error)}
    sys.stdout.write(to_json(answer) + "\n")
    sys.stdout.flush()


def facts():
    # type: () -> dict
    environment = virtual_environment()
    import sysconfig  # after sys.prefix has been corrected

    implementation = implementation_name()
    return {
        "format": FORMAT,
        "result": "ok",
        "executable": environment["executable"],
        "baseExecutable": environment["baseExecutable"],
        "prefix": environment["prefix"],
        "basePrefix": environment["basePrefix"],
        "isVenv": environment["isVenv"],
        "implementation": implementation,
        "version": list(sys.version_info[:3]),
        "markers": markers(implementation),
        "paths": sysconfig.get_paths(),
        "abi": abi_facts(sysconfig),
        "platform": platform_facts(sysconfig),
    }


def virtual_environment():
    # type: () -> dict
    """Does what `site` does for a virtual environment: finds pyvenv.cfg and corrects the prefixes."""
    executable = sys.executable
    if sys.platform == "darwin" and os.environ.get("__PYVENV_LAUNCHER__"):
        executable = os.environ["__PYVENV_LAUNCHER__"]
    executable = os.path.abspath(executable)
    bin_directory = os.path.dirname(executable)
    base_prefix = getattr(sys, "real_prefix", None) or getattr(sys, "base_prefix", sys.prefix)
    base_executable = getattr(sys, "_base_executable", None) or executable
    for directory in (bin_directory, os.path.dirname(bin_directory)):
        settings = read_settings(os.path.join(directory, "pyvenv.cfg"))
        if "home" in settings:
            sys.prefix = sys.exec_prefix = os.path.dirname(bin_directory)
            base_prefix = settings.get("base-prefix", base_prefix)
            base_executable = base_executable_of(settings, executable, base_executable)
            break
    is_venv = os.path.normpath(sys.prefix) != os.path.normpath(base_prefix)
    return {
        "executable": executable,
        "baseExecutable": base_executable if is_venv else executable,
        "prefix": sys.prefix,
        "basePrefix": base_prefix,
        "isVenv": is_venv,
    }


def read_settings(path):
    # type: (str) -> dict
    settings = {}
    try:
        with open(path) as stream:
            for line in stream:
                key, equals, value = line.partition("=")
                if equals:
                    settings[key.strip().lower()] = value.strip()
    except (IOError, OSError, ValueError):
        pass
    return settings


def base_executable_of(settings, executable, fallback):
    # type: (dict, str, str) -> str
    """`home` is the directory of the base, or of another environment; `executable` may be a copy in another environment."""
    home = settings["home"]
    for _ in range(8):
        outer = read_settings(os.path.join(os.path.dirname(home), "pyvenv.cfg"))
        if "home" not in outer:
            break
        home = outer["home"]
    version = "%d.%d" % sys.version_info[:2]
    family = "pypy" if implementation_name() == "PyPy" else "python"
    flags = getattr(sys, "abiflags", "").replace("m", "")
    names = [family + suffix for suffix in (version + flags, version, version[0], "")]
    candidates = [os.path.join(home, name) for name in names + [os.path.basename(executable)]]
    for candidate in [settings.get("base-executable")] + candidates + [settings.get("executable")]:
        if candidate and os.access(candidate, os.X_OK) and candidate != executable:
            return candidate
    return fallback


def implementation_name():
    # type: () -> str
    if "__pypy__" in sys.builtin_module_names:
        return "PyPy"
    if hasattr(sys, "implementation") and sys.implementation.name != "cpython":
        import platform  # an implementation we do not know

        return platform.python_implementation()
    return "CPython"


def markers(implementation):
    # type: (str) -> dict
    system, release, version, machine = uname()
    parts = sys.version.split()[0].split(".")
    if len(parts) == 2:
        parts.append("0")
    own = getattr(sys, "implementation", None)
    return {
        "implementation_name": own.name if own else "",
        "implementation_version": full_version(own.version) if own else "0",
        "os_name": os.name,
        "platform_machine": machine,
        "platform_python_implementation": implementation,
        "platform_release": release,
        "platform_system": system,
        "platform_version": version,
        "python_full_version": ".".join(parts),
        "python_version": ".".join(parts[:2]),
        "sys_platform": sys.platform,
    }


def uname():
    # type: () -> tuple
    if sys.platform.startswith("linux") or sys.platform == "darwin":
        system, _, release, version, machine = os.uname()
        return system, release, version, machine
    import platform  # these systems want more than uname

    return platform.system(), platform.release(), platform.version(), platform.machine()


def full_version(info):
    # type: (tuple) -> str
    text = "%d.%d.%d" % (info[0], info[1], info[2])
    return text if info[3] == "final" else "%s%s%d" % (text, info[3][0], info[4])


def abi_facts(sysconfig):
    # type: (object) -> dict
    variable = sysconfig.get_config_var
    debug = variable("Py_DEBUG")
    if debug is None:
        debug = hasattr(sys, "gettotalrefcount") or "_d.pyd" in extension_suffixes()
    pymalloc = variable("WITH_PYMALLOC")
    unicode_size = variable("Py_UNICODE_SIZE")
    wide = sys.maxunicode == 0x10FFFF if unicode_size is None else unicode_size == 4
    return {
        "versionNodot": str(variable("py_version_nodot") or "%d%d" % sys.version_info[:2]),
        "extensionSuffix": variable("EXT_SUFFIX"),
        "soabi": variable("SOABI"),
        "debug": bool(debug),
        "freeThreaded": sys.version_info[:2] >= (3, 13) and bool(variable("Py_GIL_DISABLED")),
        "pymalloc": pymalloc is None or bool(pymalloc),
        "wideUnicode": wide,
    }


def extension_suffixes():
    # type: () -> list
    if os.name != "nt":
        return []
    try:
        from importlib.machinery import EXTENSION_SUFFIXES

        return list(EXTENSION_SUFFIXES)
    except ImportError:
        import imp

        return [suffix[0] for suffix in imp.get_suffixes()]


def platform_facts(sysconfig):
    # type: (object) -> dict
    system = uname()[0]
    name = sysconfig.get_platform()
    result = {"system": system, "name": name, "bits": 64 if sys.maxsize > 2 ** 32 else 32}
    if system == "Linux":
        result["glibc"] = glibc_version()
        elf = read_elf(sys.executable) if result["bits"] == 32 or not result["glibc"] else None
        if elf:
            result["elf"] = {"bits": elf["bits"], "little": elf["little"], "machine": elf["machine"], "flags": elf["flags"]}
            result["musl"] = musl_version(elf["interpreter"])
        refused = manylinux_refusals(sysconfig, name, result["glibc"])
        if refused:
            result["manylinuxRefused"] = refused
    elif system == "Darwin":
        import platform  # reads the version of the system from its property list

        version, _, machine = platform.mac_ver()
        result["version"] = [int(part) for part in (version.split(".") + ["0"])[:2]]
        result["machine"] = machine
    elif system == "iOS":
        import platform

        result["version"] = [int(part) for part in platform.ios_ver().release.split(".")[:2]]
        result["multiarch"] = sys.implementation._multiarch
    elif system == "Android":
        import platform

        result["apiLevel"] = platform.android_ver().api_level
    elif system == "Emscripten":
        result["pyemscripten"] = sysconfig.get_config_var("PYEMSCRIPTEN_PLATFORM_VERSION")
    return result


def glibc_version():
    # type: () -> list | None
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION")
    except (AttributeError, OSError, ValueError):
        text = None
    words = (text or "").split()
    if len(words) == 2:
        return leading_version(words[1])
    try:
        import ctypes  # without confstr only the C library itself can tell

        function = ctypes.CDLL(None).gnu_get_libc_version
        function.restype = ctypes.c_char_p
        return leading_version(function().decode("ascii"))
    except (ImportError, AttributeError, OSError):
        return None


def leading_version(text):
    # type: (str) -> list | None
    """`2.20-2014.11` is 2.20: patched libraries append what they like."""
    major, _, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return [int(major), int(rest[:digits])] if major.isdigit() and digits else None


def read_elf(path):
    # type: (str) -> dict | None
    import struct

    try:
        with open(path, "rb") as stream:
            ident = bytearray(stream.read(16))
            if bytes(ident[:4]) != b"\x7fELF" or ident[4] not in (1, 2) or ident[5] not in (1, 2):
                return None
            order, wide = "<>"[ident[5] - 1], ident[4] == 2
            # e_type e_machine e_version e_entry e_phoff e_shoff e_flags e_ehsize e_phentsize e_phnum
            header = order + ("HHIQQQIHHH" if wide else "HHIIIIIHHH")
            fields = struct.unpack(header, stream.read(struct.calcsize(header)))
            interpreter = None
            for index in range(fields[9]):
                stream.seek(fields[4] + fields[8] * index)
                # 64 bits: p_type p_flags p_offset p_vaddr p_paddr p_filesz; 32 bits: p_type p_offset p_vaddr p_paddr p_filesz
                program = order + ("IIQQQQ" if wide else "IIIII")
                segment = struct.unpack(program, stream.read(struct.calcsize(program)))
                if segment[0] == 3:  # PT_INTERP
                    stream.seek(segment[2 if wide else 1])
                    interpreter = stream.read(segment[5 if wide else 4]).rstrip(b"\0")
                    break
    except (IOError, OSError, ValueError, struct.error):
        return None
    return {
        "bits": 64 if wide else 32,
        "little": order == "<",
        "machine": fields[1],
        "flags": fields[6],
        "interpreter": interpreter,
    }


def musl_version(loader):
    # type: (bytes | None) -> list | None
    """The dynamic loader of musl prints its version when it is run without arguments."""
    if not loader or b"musl" not in loader:
        return None
    import subprocess

    try:
        process = subprocess.Popen([loader], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = process.communicate()[1].decode("ascii", "replace").split("\n")
    except OSError:
        return None
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) < 2 or not lines[0].startswith("musl") or not lines[1].startswith("Version "):
        return None
    return leading_version(lines[1][len("Version ") :])


def manylinux_refusals(sysconfig, name, glibc):
    # type: (object, str, list | None) -> list
    """Platform tags that a `_manylinux` module (PEP 600) of this installation forbids, such as `2_17_x86_64`."""
    if not glibc:
        return []
    sys.path.extend(sysconfig.get_path(key) for key in ("purelib", "platlib"))
    try:
        policy = __import__("_manylinux")
    except Exception:
        return []
    architecture = name.split("-", 1)[-1].replace("-", "_").replace(".", "_")
    architectures = {"x86_64": ["x86_64", "i686"], "aarch64": ["aarch64", "armv8l", "armv7l"]}
    refused = []
    for candidate in architectures.get(architecture, [architecture]):
        for minor in range(glibc[1] if glibc[0] == 2 else 50, 4, -1):
            if not is_allowed(policy, minor, candidate):
                refused.append("2_%d_%s" % (minor, candidate))
    return refused


def is_allowed(policy, minor, architecture):
    # type: (object, int, str) -> bool
    if hasattr(policy, "manylinux_compatible"):
        answer = policy.manylinux_compatible(2, minor, architecture)
        return True if answer is None else bool(answer)
    legacy = {5: "manylinux1_compatible", 12: "manylinux2010_compatible", 17: "manylinux2014_compatible"}
    return bool(getattr(policy, legacy.get(minor, ""), True)) if minor in legacy else True


def to_json(value):
    # type: (object) -> str
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{%s}" % ",".join("%s:%s" % (to_json(key), to_json(value[key])) for key in sorted(value))
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join(to_json(item) for item in value)
    if isinstance(value, bytes):
        value = value.decode(sys.getfilesystemencoding() or "utf-8", "replace")
    if not hasattr(value, "encode"):
        return str(value)
    return '"%s"' % "".join(json_character(character) for character in value)


def json_character(character):
    # type: (str) -> str
    code = ord(character)
    if 32 <= code < 127 and character not in '"\\':
        return str(character)
    if code > 0xFFFF:
        code -= 0x10000
        return "\\u%04x\\u%04x" % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))
    return "\\u%04x" % code


if __name__ == "__main__":
    main()
