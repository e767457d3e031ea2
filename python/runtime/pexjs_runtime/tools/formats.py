"""Texts that commands of the builder print, too: `pex3 interpreter inspect` above all. A test compares both."""

import os
import sys

from pexjs_runtime import compat
from pexjs_runtime.standards import tag
from pexjs_runtime.standards.environment import implementation_title, release
from pexjs_runtime.standards.requirement import InvalidRequirement, Requirement, normalize
from pexjs_runtime.standards.version import InvalidVersion, Specifiers

ALIASES = {
    "os.name": "os_name", "sys.platform": "sys_platform", "platform.version": "platform_version",
    "platform.machine": "platform_machine", "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}


def requirement(text):
    """As `packaging` writes it; what cannot be read stays as it stands."""
    try:
        parsed = Requirement(text)
    except (InvalidRequirement, InvalidVersion):
        return text
    written = text.partition("[")[2].partition("]")[0].split(",")  # not as they are compared
    extras = "[%s]" % ",".join(sorted(set(extra.strip() for extra in written))) if parsed.extras else ""
    if parsed.url:
        return "%s%s @ %s%s" % (parsed.name, extras, parsed.url, " ; " + marker(parsed.marker.tree) if parsed.marker else "")
    return parsed.name + extras + condition(parsed)


def condition(parsed):
    """All of a requirement but its name and extras."""
    text = parsed.url and "@ " + parsed.url or clauses(parsed.specifiers)
    return text + ("; " + marker(parsed.marker.tree) if parsed.marker else "")


def specifiers(text):
    try:
        return clauses(Specifiers(text))
    except InvalidVersion:
        return text


def clauses(parsed):
    return ",".join(sorted(set(clause.operator + clause.operand for clause in parsed.clauses)))


def marker(tree, inside=None):
    kind, rest = tree
    if kind == "compare":
        return " ".join(operand(token, "extra" in rest) for token in rest)
    text = (" %s " % kind).join(marker(branch, kind) for branch in rest)
    return "(%s)" % text if kind == "or" and inside else text


def operand(token, is_extra):
    if token.startswith('"'):
        return '"%s"' % (normalize(token[1:]) if is_extra else token[1:])
    return ALIASES.get(token, token)


def interpreter_path():
    """By the name that no other version takes over, such as `python3.11` where `python3` was started."""
    name = "%s%d.%d" % (("pypy" if compat.PYPY else "python",) + sys.version_info[:2])
    name += "t" if "t" in getattr(sys, "abiflags", "") else ""
    path = os.path.join(os.path.dirname(sys.executable), name)
    return path if os.path.realpath(path) == os.path.realpath(sys.executable) else sys.executable


def interpreter_requirement():
    """A constraint for exactly the running interpreter."""
    threads = "+t" if compat.is_free_threaded() else ""
    return "%s%s==%s" % (implementation_title(), threads, release())


def platform(ranker):
    """What `--platform` takes. `linux_x86_64` comes first among the tags, but the newest manylinux tells more."""
    python, abi, _ = ranker.most_specific().split("-", 2)
    systems = tag.list_platforms()
    system = next((each for each in systems if not each.startswith("linux_")), systems[0])
    return "-".join((system, python.rstrip("0123456789"), release(), abi))


def supported_tags(ranker):
    """All of them, the best first."""
    tags = []
    for pair in sorted(ranker.pairs, key=ranker.pairs.get):
        if len(pair) == 3:
            tags.append("-".join(pair))
        else:
            tags += ["%s-%s-%s" % (pair + (each,)) for each in tag.list_platforms()]
    return tags
