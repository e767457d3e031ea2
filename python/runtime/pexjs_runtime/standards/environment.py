"""What the running interpreter is: the values of markers, without `platform`, which costs 6 ms."""

import os
import sys

PHASES = {"alpha": "a", "beta": "b", "candidate": "rc", "final": ""}


def full_version(info):
    version = "%d.%d.%d" % tuple(info[:3])
    return version + PHASES[info[3]] + (str(info[4]) if info[3] != "final" else "")


def release():
    """What constraints and Requires-Python are compared with: a pre-release of Python counts as its release, as it does for pip."""
    return "%d.%d.%d" % sys.version_info[:3]


def marker_environment():
    system = os.uname()
    implementation = getattr(sys, "implementation", None)
    return {
        "implementation_name": implementation.name if implementation else "",
        "implementation_version": full_version(implementation.version) if implementation else "0",
        "os_name": os.name,
        "platform_machine": system[4],
        "platform_python_implementation": implementation_title(),
        "platform_release": system[2],
        "platform_system": system[0],
        "platform_version": system[3],
        "python_full_version": full_version(sys.version_info),
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform,
    }


def implementation_title():
    if hasattr(sys, "pypy_version_info"):
        return "PyPy"
    return {"graalpy": "GraalVM"}.get(sys.implementation.name if hasattr(sys, "implementation") else "", "CPython")
