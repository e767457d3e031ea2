"""Decides which distributions of a PEX its requirements need under the running interpreter."""

from pexjs_runtime import compat
from pexjs_runtime.archive import broken_info
from pexjs_runtime.standards import tag
from pexjs_runtime.standards.environment import implementation_title, marker_environment, release
from pexjs_runtime.standards.requirement import Requirement
from pexjs_runtime.standards.version import InvalidVersion, Specifiers, Version


class Unfit(Exception):
    """The running interpreter cannot run this PEX; `lines` say why, in full."""

    def __init__(self, lines):
        Exception.__init__(self, lines[0])
        self.lines = lines


def activate(boot, container, info):
    """Choose, unpack and merge what is needed, and remember it; another interpreter takes over if this one does not fit."""
    from pexjs_runtime import folders, sites

    choice = decide(boot, info)
    folders.save_modules(boot)  # now that all are imported: other first starts may wait for them
    record = {
        "site": "", "names": (), "pth": False, "requirements": len(choice.roots),
        "distributions": tuple((each["file"], each["sha256"]) for each in choice.chosen),
    }
    if choice.chosen:
        key, contents = sites.ensure(boot, container, choice.chosen)
        record.update(contents, site=key)
    facts = boot.facts
    if boot.settings.get("PEX_IGNORE_ERRORS") is None or not choice.pardoned:
        shared = facts["deps_hash"] and not facts["interpreter_constraints"] and not choice.pardoned
        folders.save_record("%s/activations/%s-%s" % (boot.run, facts["deps_hash" if shared else "pex_hash"], boot.abi), record)
    return record


def decide(boot, info):
    """The choice; if there is none, another interpreter takes over."""
    try:
        return choose(boot, info)
    except Unfit as unfit:
        from pexjs_runtime.interpreters import hand_over

        return hand_over(boot, info, unfit)  # does not return


def choose(boot, info):
    """The distributions that the requirements reach; raises `Unfit` with all that is missing."""
    check_constraints(boot)
    plan = info.get("activation_plan") or {"roots": [], "distributions": []}
    try:
        choice = Choice(plan, info)
        choice.walk()
    except ValueError:  # a name, version, requirement or marker that is none
        raise broken_info(boot.home)
    if choice.missing and not boot.wants("PEX_IGNORE_ERRORS"):
        raise Unfit(choice.explain())
    choice.chosen = [each for each in plan["distributions"] if id(each) in choice.used]
    for each in choice.chosen:
        boot.say(2, "activating %s" % each["file"])
    return choice


def check_constraints(boot):
    constraints = [compat.native(text) for text in boot.facts["interpreter_constraints"]]
    if constraints and not any(meets(text) for text in constraints):
        raise Unfit(["It needs %s" % " or ".join(constraints)])


def meets(constraint):
    """Whether the running interpreter is like `CPython>=3.9,<3.13`, `PyPy` or `>=3.8`."""
    name = constraint.lstrip()
    end = 0
    while end < len(name) and name[end] not in "<>=!~":
        end += 1
    kind, specifiers = name[:end].strip().lower(), name[end:]
    kind, _, build = kind.replace("cpython+t", "cpython[free-threaded]").replace("cpython-t", "cpython[gil]").partition("[")
    if kind and kind != implementation_title().lower():
        return False
    if build and compat.is_free_threaded() != build.startswith("free-threaded"):
        return False
    return Specifiers(specifiers).contains(release())


class Choice(object):
    """The walk from the roots along the requirements of what was chosen."""

    def __init__(self, plan, info):
        self.environment = marker_environment()
        self.ranker = tag.Ranker()
        self.roots = [Requirement(text) for text in plan["roots"]]
        self.candidates = {}
        for each in plan["distributions"]:
            self.candidates.setdefault(each["project"], []).append(each)
        excluded = [Requirement(text) for text in info.get("excluded") or ()]
        self.excluded = [each for each in excluded if each.applies(self.environment, ())]
        overrides = [read_override(text) for text in info.get("overridden") or ()]
        self.overrides = dict((project, each) for project, each in overrides if each.applies(self.environment, ()))
        self.used = {}  # id of a distribution: the extras of it that have been followed
        self.best = {}
        self.limits = {}  # by project, what all requirements met so far allow
        self.taken = {}
        self.missing = {}
        self.pardoned = False
        self.chosen = []

    def walk(self):
        """Again with what was learned, as long as a requirement ruled out what an earlier one had taken."""
        self.changed = True
        while self.changed:
            self.changed = False
            self.used.clear()
            self.missing.clear()
            self.walk_once()

    def walk_once(self):
        queue = [(requirement, (), None) for requirement in self.roots]
        while queue:
            requirement, extras, parent = queue.pop()
            if not requirement.applies(self.environment, extras):
                continue
            if parent is not None:  # what the user asked for stands
                requirement = self.overrides.get(requirement.project, requirement)
            found = self.find(requirement, parent)
            if found is not None:
                queue += self.follow(found, requirement.extras)

    def find(self, requirement, parent):
        """The distribution for a requirement; what is not there is noted."""
        if any(each.project == requirement.project and not each.specifiers.clauses for each in self.excluded):
            self.pardoned = True
            return None
        limits = self.limits.setdefault(requirement.project, {})
        if str(requirement) not in limits and not requirement.url:
            limits[str(requirement)] = requirement.specifiers
            taken = self.taken.get(requirement.project)
            if taken and not requirement.specifiers.contains(taken["version"]):
                self.changed = True
        for _, each in self.fitting(requirement.project):
            version = each["version"]
            if all(limit.contains(version) for limit in limits.values()):
                self.taken[requirement.project] = each
                return each
        if any(each.project == requirement.project for each in self.excluded):
            self.pardoned = True
            return None
        self.missing.setdefault(str(requirement), (requirement, []))[1].append(parent)
        self.pardoned = True
        return None

    def follow(self, found, extras):
        """The requirements of a distribution that have not been followed yet."""
        before = self.used.get(id(found))
        new = extras if before is None else extras - before
        if before is not None and not new:
            return []
        self.used[id(found)] = extras | (before or frozenset())
        requirements = [Requirement(text) for text in found["requires"]]
        if before is not None:  # what needs no extra has been followed
            requirements = [each for each in requirements if each.marker and not each.applies(self.environment, ())]
        return [(each, sorted(new), found) for each in requirements]

    def fitting(self, project):
        """What this interpreter can use of a project: the best tags first, of these the newest version."""
        if project not in self.best:
            ranked = []
            for each in self.candidates.get(project, ()):
                rank = self.ranker.rank(each["file"])
                if rank is not None and self.supports(each.get("requires_python")):
                    ranked.append((rank, each))
            if len(ranked) > 1:
                ranked.sort(key=lambda pair: Version(pair[1]["version"]).key(), reverse=True)
                ranked.sort(key=lambda pair: pair[0])
            self.best[project] = ranked
        return self.best[project]

    def supports(self, requires_python):
        try:
            return not requires_python or Specifiers(requires_python).contains(release())
        except InvalidVersion:  # nonsense is ignored, as pip does
            return True

    def explain(self):
        lines = ["Distributions that %s needs are not inside" % self.ranker.most_specific()]
        for text, (requirement, parents) in sorted(self.missing.items()):
            lines.append("  %s" % text)
            names = sorted(set("%s %s" % (each["project"], each["version"]) for each in parents if each is not None))
            lines.append("    required by %s" % (", ".join(names) if names else "the PEX itself"))
            there = self.candidates.get(requirement.project, ())
            for each in there:
                lines.append("    inside is %s%s" % (each["file"], self.objection(each)))
            if not there:
                lines.append("    inside is no %s" % requirement.project)
        return lines

    def objection(self, each):
        if self.ranker.rank(each["file"]) is None:
            return ", whose tags do not fit"
        if not self.supports(each.get("requires_python")):
            return ", which requires Python %s" % each["requires_python"]
        return ""


def read_override(text):
    """`project==1` replaces the requirements of its own project, `one=two==1` those of another."""
    end = 0
    while end < len(text) and text[end] not in "=<>!~;@[ ":
        end += 1
    rest = text[end:].lstrip()
    if rest.startswith("=") and not rest.startswith("=="):
        return Requirement(text[:end]).project, Requirement(rest[1:])
    requirement = Requirement(text)
    return requirement.project, requirement
