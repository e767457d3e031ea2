/** What PATH may hold under the name of a Python, and which kinds of Python are told apart. */
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { fakeProgram } from "../support/fake-interpreter.ts";
import { shimsOf } from "../support/shims.ts";
import { builds, newest, printed, RUNTIME, User, versions } from "./kit.ts";

const user = new User();
afterAll(() => user.remove());
const third = versions.find((each) => each.name === "3.8") ?? newest;
const narrow = user.make("narrow.pex", {
  sources: { "app.py": "import sys\nprint('%d.%d' % sys.version_info[:2])\n" },
  facts: { entry_point: "app", interpreter_constraints: [`==${third.name}.*`] },
});

/** Programs that are no Python, by the names they hide behind. */
const BROKEN: Readonly<Record<string, string>> = {
  python2: "\x7fELF nothing that a kernel could run",
  "python2.7": "",
  python3: "#!/bin/sh\nexec /bin/sleep 60\n",
  "python3.4": "#!/bin/sh\nexit 3\n",
  "python3.5": "#!/bin/sh\necho pexjs; kill -SEGV $$\n",
  "python3.6": "#!/bin/sh\nwhile :; do echo pexjs garbage; done\n",
  "python3.7": "#!/nonexistent/interpreter\n",
};

test("programs that crash, hang, babble or cannot be run are passed over, and listed when nothing fits", async () => {
  for (const [name, text] of Object.entries(BROKEN)) fakeProgram(user.path("broken", name), text);
  user.write("broken/python3.9", "not executable");
  symlinkSync("/nonexistent", user.path("broken", "pypy3"));
  const env = { PATH: user.path("broken") };
  const found = user.path("fitting");
  fakeProgram(user.path("fitting", "python3.10"), BROKEN["python3.6"] ?? "");
  symlinkSync(third.path, user.path("fitting", "python3.11"));
  const [refused, chosen] = await Promise.all([
    user.run(newest.path, [narrow], { env }),
    user.run(newest.path, [narrow], { env: { PATH: `${env.PATH}:${found}` } }),
  ]);
  const lines = Object.keys(BROKEN).map((name) => `${user.path("broken", name)} does not work`);
  expect([refused.status, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr.split("\n").slice(1, -2)).toEqual(lines);
  expect(printed(chosen)).toBe(third.name);
  // The next start asks nobody: the answer is remembered.
  const started = Date.now();
  expect(printed(await user.run(newest.path, [narrow], { env: { PATH: `${env.PATH}:${found}` } }))).toBe(third.name);
  expect(Date.now() - started).toBeLessThan(9_000);
});

test.each(Object.entries(shimsOf(user, third)))(
  "a shim of %s that runs an active version serves, one that complains is passed over",
  async (_, { folder, active, inactive, complaint }) => {
    const [path, env] = [join(folder, active), { PATH: folder }];
    for (const _coldThenWarm of [0, 1])
      expect(printed(await user.run(newest.path, [narrow], { env }))).toBe(third.name);
    for (const more of [{ PEX_PYTHON: path }, { PEX_PYTHON: active }, { PEX_PYTHON_PATH: path }]) {
      expect(printed(await user.run(newest.path, [narrow], { env: { ...env, ...more } }))).toBe(third.name);
    }
    const wrong = join(folder, inactive);
    for (const more of [{ PEX_PYTHON: wrong }, { PEX_PYTHON: inactive }, { PEX_PYTHON_PATH: wrong }]) {
      const refused = await user.run(newest.path, [narrow], { env: { ...env, ...more } });
      expect([refused.status, refused.stdout]).toEqual([1, ""]);
      expect(refused.stderr).toMatch(
        /^narrow\.pex: (PEX_PYTHON=\S+ is no Python|No fitting Python .*on PATH|No fitting Python is on)/,
      );
      expect(refused.stderr).not.toContain(complaint);
    }
  },
);

/** A constraint, and whether the newest CPython meets it with the GIL and without. */
const CONSTRAINTS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  ">=3.6": [true, true],
  CPython: [true, true],
  "cpython >=3.6,<4": [true, true],
  "CPython==3.*,!=3.6.*": [true, true],
  "CPython+t": [false, true],
  "CPython+t>=3.6": [false, true],
  "CPython[free-threaded]>=3.6": [false, true],
  "CPython-t": [true, false],
  "CPython[gil]>=3.6": [true, false],
  "CPython>=4": [false, false],
  PyPy: [false, false],
  "PyPy>=3.6": [false, false],
};

const KINDS = `
import json, sys
sys.path.insert(0, sys.argv[1])
import _imp
from pexjs_runtime import activation, place
from pexjs_runtime.standards import tag
answers = {}
for flags in ("", "t", "d", "td"):
    sys.abiflags = flags
    if "d" in flags:
        sys.gettotalrefcount = len
    elif hasattr(sys, "gettotalrefcount"):
        del sys.gettotalrefcount
    _imp.extension_suffixes = lambda: [".cpython-3%d%s-x86_64-linux-gnu.so" % (sys.version_info[1], flags)]
    version = "cp3%d" % sys.version_info[1]
    ranker = tag.Ranker()
    answers[flags] = {
        "meets": [activation.meets(each) for each in json.loads(sys.argv[2])],
        "abis": [pair[1].replace(version, "") for pair in ranker.pairs if pair[0] == version and len(pair) == 2],
        "key": place.abi_key(),
    }
print(json.dumps(answers))
`;

test("free-threaded and debug builds are told apart: by constraints, by tags, in the cache", () => {
  const arguments_ = ["-c", KINDS, RUNTIME, JSON.stringify(Object.keys(CONSTRAINTS))];
  const run = spawnSync(newest.path, arguments_, { encoding: "utf8" });
  expect(run.stderr).toBe("");
  const answers = JSON.parse(run.stdout) as Record<string, { meets: boolean[]; abis: string[]; key: string }>;
  expect(answers[""]?.meets).toEqual(Object.values(CONSTRAINTS).map(([gil]) => gil));
  expect(answers["t"]?.meets).toEqual(Object.values(CONSTRAINTS).map(([, free]) => free));
  expect(Object.entries(answers).map(([flags, { abis }]) => [flags, abis])).toEqual([
    ["", ["", "abi3", "none"]],
    ["t", ["t", "abi3t", "none"]],
    ["d", ["d", "", "abi3", "none"]],
    ["td", ["td", "t", "abi3t", "none"]],
  ]);
  expect(new Set(Object.values(answers).map(({ key }) => key)).size).toBe(4);
});

test.each(builds)("Python $name starts with every warning an error, cold and warm, in every form", async (python) => {
  const sources = { "app.py": "import one\nprint(one.NAME)\n" };
  const wheels = [
    { name: "one", version: "1", requires: ['two; python_version>="2"'], files: { "one.py": "NAME = 1\n" } },
    { name: "two", version: "1" },
  ];
  for (const [name, more] of Object.entries({ zipapp: {}, venv: { venv: true } })) {
    const pex = user.make(`${name}-strict.pex`, { sources, wheels, facts: { entry_point: "app", ...more } });
    const env = { PEX_ROOT: user.path(`strict-${name}-${python.name}`) };
    for (const _coldThenWarm of [0, 1]) {
      expect(printed(await user.run(python.path, ["-W", "error", pex], { env }))).toBe("1");
    }
  }
});
