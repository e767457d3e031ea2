import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { newest, oldest, RUNTIME, versions } from "./kit.ts";

const FILES = readdirSync(RUNTIME, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".py"))
  .map((name) => join(RUNTIME, name));

/** Modules that some supported Python does not have (any longer, or yet). */
const REMOVED = [
  "imp",
  "distutils",
  "asyncore",
  "asynchat",
  "smtpd",
  "pipes",
  "cgi",
  "typing",
  "pathlib",
  "pkg_resources",
];

test(`the Pythons under test are ${versions.map((each) => each.name).join(", ")}`, () => {
  expect(oldest.name).toBe("2.7");
  expect(newest.major).toBe(3);
});

test.each([oldest, newest])("every file of the runtime compiles under Python $name without a warning", (python) => {
  const script = "import sys\nfor f in sys.argv[1:]:\n  with open(f) as s: compile(s.read(), f, 'exec', 0, True)";
  const run = spawnSync(python.path, ["-W", "error", "-c", script, ...FILES], { encoding: "utf8" });
  expect(run.stderr).toBe("");
});

test("every file is ASCII, which Python 2 expects of a file that says nothing else", () => {
  for (const file of FILES) expect(readFileSync(file).every((byte) => byte < 128)).toBe(true);
});

test("no file imports what some Python lacks", () => {
  for (const file of FILES) {
    const imports = [...readFileSync(file, "utf8").matchAll(/^\s*(?:import|from) (\w+)/gm)].map(([, name]) => name);
    expect(imports.filter((name) => name !== undefined && REMOVED.includes(name))).toEqual([]);
  }
});

test("the templates have one line for the facts, and `__main__.py` stays small", () => {
  for (const name of ["main.py", "importable.py"]) {
    expect(readFileSync(join(RUNTIME, name), "utf8").match(/^FACTS = /gm)).toHaveLength(1);
  }
  expect(readFileSync(join(RUNTIME, "main.py")).length).toBeLessThan(2048);
});
