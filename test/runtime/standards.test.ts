/** The runtime's small versions, markers and tags against `packaging`, on the same cases. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

import { oraclePython } from "../support/python-oracle.ts";
import { builds, newest, oldest, RUNTIME, sample } from "./kit.ts";

const PRELUDE = `
from __future__ import print_function
import itertools, json, random, sys
sys.path.insert(0, ${JSON.stringify(RUNTIME)})
from pexjs_runtime.standards import environment, requirement, tag, version as ours
`;

const VERSIONS = `
random.seed(7)
pieces = [["", "1!", "v"], ["0", "1", "1.0", "1.2.3", "2.0.0", "10.1"], ["", "a1", ".beta2", "-rc.3", "c4", "_pre", "preview_2"],
          ["", ".post1", "-2", "post", ".rev3", "r4"], ["", ".dev0", "dev", "-dev_3"], ["", "+local", "+1.abc-2", "+ubuntu_1"]]
texts = ["".join(each) for each in itertools.product(*pieces)]
wrong = ["", "x", "1.", "1..2", "1.0+", "1.0a1b2", "1-", "1.0.foo", "1.0+a..b", "1.0.dev1.post2x", "1 0"]
`;

/** Runs a script under a Python with \`packaging\`; it prints what differs. */
function differences(script: string, python = oraclePython()): string {
  const packages = join(dirname(dirname(oraclePython())), "lib");
  const find = `import glob\nsys.path += glob.glob(${JSON.stringify(`${packages}/python*/site-packages`)})\n`;
  const run = spawnSync(python, ["-c", PRELUDE + find + script], { encoding: "utf8", maxBuffer: 2 ** 28 });
  return run.stdout + run.stderr;
}

test("versions are read and ordered as `packaging` does", () => {
  const script = `${VERSIONS}
from packaging.version import Version, InvalidVersion
def attempt(make, text, error):
    try: return make(text)
    except error: return None
for text in texts + wrong:
    theirs, own = attempt(Version, text, InvalidVersion), attempt(ours.Version, text, ours.InvalidVersion)
    if (theirs is None) != (own is None): print("parse", text, theirs)
    elif own and (theirs.release, theirs.pre, theirs.post, theirs.dev, theirs.is_prerelease) != (own.release, own.pre, own.post, own.dev, own.is_prerelease): print("parts", text)
good = [text for text in texts if attempt(Version, text, InvalidVersion)]
for left, right in (random.sample(good, 2) for _ in range(40000)):
    a, b = Version(left), Version(right)
    x, y = ours.Version(left).key(), ours.Version(right).key()
    if ((a > b) - (a < b)) != ((x > y) - (x < y)): print("order", left, right)
print(len(good))
`;
  expect(Number(differences(script))).toBeGreaterThan(5000);
});

test("specifiers hold for the same versions", () => {
  const script = `${VERSIONS}
from packaging.specifiers import SpecifierSet, InvalidSpecifier
count = held = 0
plain = [text for text in texts if "+" not in text]
for _ in range(60000):
    operator = random.choice(["==", "!=", "<=", ">=", "<", ">", "~=", "===", "==*", "!=*"])
    operand = random.choice(texts if operator in ("==", "!=", "===") else plain)
    if operator.endswith("*"):
        operand = random.choice(["1.*", "1.0.*", "1!1.2.*", "0.*", "2.0.0.0.*"])
    text = operator.rstrip("*") + operand
    try: theirs = SpecifierSet(text)
    except InvalidSpecifier: continue
    version = random.choice(texts)
    expected = theirs.contains(version, prereleases=True)
    count += 1
    held += expected
    if ours.Specifiers(text).contains(version) != expected: print(text, version, expected)
assert ours.Specifiers(" (>=1, !=1.5) ").contains("1.4") and not ours.Specifiers(">=1,<2").contains("2")
print("fine" if count > 30000 and held > 5000 else (count, held))
`;
  expect(differences(script)).toBe("fine\n");
});

test("requirements and markers mean the same", () => {
  const script = `
from packaging.requirements import Requirement
from packaging.markers import default_environment
environment_here = environment.marker_environment()
theirs = default_environment()
for name, value in theirs.items():
    if environment_here[name] != value: print(name, value, environment_here[name])
random.seed(3)
variables = ["python_version", "python_full_version", "sys_platform", "platform_machine", "implementation_name", "os_name", "platform_release", "platform_python_implementation", "implementation_version", "extra"]
values = ["3.8", "3.11", "2.7", "3", "3.11.7", "linux", "win32", "x86_64", "cpython", "posix", "5.10.0", "CPython", "Some_Extra", "x", "3.8 3.9 3.11", ""]
def atom():
    variable, value = random.choice(variables), random.choice(values)
    operator = random.choice(["==", "!=", "<", ">", "<=", ">=", "in", "not in"] if variable != "extra" else ["==", "!="])
    quoted = random.choice(['"%s"', "'%s'"]) % value
    return "%s %s %s" % ((variable, operator, quoted) if random.random() < .7 else (quoted, operator, variable))
def marker(depth):
    if depth == 0: return atom()
    text = (" %s " % random.choice(["and", "or"])).join(marker(depth - 1) for _ in range(random.randint(1, 3)))
    return "(%s)" % text if random.random() < .5 else text
count = 0
for _ in range(20000):
    text = random.choice(["name", "Na.me[Ex_tra, b]>=1,<2", "na-me (>1)", "name @ https://index.example/a;b.whl"]) + " ; " + marker(random.randint(0, 2))
    try: expected = Requirement(text)
    except Exception: continue
    extra = random.choice(["", "some-extra", "x"])
    own = requirement.Requirement(text)
    try: value = expected.marker.evaluate({"extra": extra})
    except Exception: continue
    count += 1
    if own.marker.evaluate(environment_here, extra) != value: print("marker", text, extra, value)
    if own.name != expected.name or bool(own.url) != bool(expected.url) or len(own.extras) != len(expected.extras): print("parts", text)
print("fine" if count > 15000 else count)
`;
  expect(differences(script)).toBe("fine\n");
});

test.each(builds.filter((each) => each.major === 3 && each.minor >= 9))(
  "tags have the same rank under Python $name",
  (python) => {
    const script = `
from packaging.tags import sys_tags
ranker = tag.Ranker()
known = [(each.interpreter, each.abi, each.platform) for each in sys_tags()]
ranks = [ranker.rank_tag(*each) for each in known]
unknown = [each for each, rank in zip(known, ranks) if rank is None]
print(unknown[:5], ranks == sorted(ranks), len(set(ranks)) == len(set(known)), ranker.most_specific() == "-".join(known[0]))
count = len([pair for pair in ranker.pairs if len(pair) == 2]) * len(ranker.platforms()) + len([pair for pair in ranker.pairs if len(pair) == 3])
print(count == len(set(known)))
`;
    expect(differences(script, python.path)).toBe("[] True True True\nTrue\n");
  },
);

test.each(sample)("a wheel's file name is graded under Python $name", (python) => {
  const script = `
ranker = tag.Ranker()
digits = "%d%d" % sys.version_info[:2]
name = "a-1-1-py2.py3-none-any.whl"
assert ranker.rank(name) is not None and ranker.rank("a-1-py%s-none-any.whl" % digits) < ranker.rank(name)
assert ranker.rank("A_b-1.0-py9-none-any.whl") is None and ranker.rank("a-1-cp%s-cp%s-win_amd64.whl" % (digits, digits)) is None
print("fine")
`;
  const run = spawnSync(python.path, ["-c", PRELUDE + script], { encoding: "utf8" });
  expect(run.stdout + run.stderr).toBe("fine\n");
});

test("constraints on interpreters are understood", () => {
  const script = `
sys.path.insert(0, ${JSON.stringify(RUNTIME)})
from pexjs_runtime.activation import meets
own = "%d.%d" % sys.version_info[:2]
for text in ("CPython", "cpython==%s.*" % own, ">=2.7", "CPython>=2.7,<4", "CPython[gil]>=2.7", "CPython-t", "==%s.%d" % (own, sys.version_info[2])):
    assert meets(text), text
for text in ("PyPy", "PyPy>=2", "CPython<2.7", "CPython+t", "CPython[free-threaded]>=3", "==9.*", "Jython"):
    assert not meets(text), text
print("fine")
`;
  for (const python of [oldest, newest]) {
    const run = spawnSync(python.path, ["-c", PRELUDE + script], { encoding: "utf8" });
    expect(run.stdout + run.stderr).toBe("fine\n");
  }
});
