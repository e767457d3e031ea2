import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { readDependencyGroup } from "../../../src/inputs/dependency-groups.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "pexjs-groups-"));
  mkdirSync(join(cwd, "sub"));
  const groups = [
    "[dependency-groups]",
    'Test_Group = ["pytest>=8", {include-group = "typing"}, "coverage"]',
    'typing = ["mypy"]',
    'hen = [{include-group = "egg"}]',
    'egg = [{include-group = "hen"}]',
    "broken = [1]",
  ];
  writeFileSync(join(cwd, "sub", "pyproject.toml"), groups.join("\n"));
  writeFileSync(join(cwd, "pyproject.toml"), '[dependency-groups]\ntwo-names = []\ntwo_names = ["x"]\n');
});
afterAll(() => rmSync(cwd, { recursive: true }));

test("included groups stand in their places, names are normalised", async () => {
  expect(await readDependencyGroup("test.group@sub", cwd)).toEqual(["pytest>=8", "mypy", "coverage"]);
});

test.each([
  ["hen@sub", "A dependency group includes itself: hen → egg → hen"],
  ["typng@sub", "No dependency group of that name: `typng`"],
  ["broken@sub", "must hold requirements"],
  ["two-names", "Two dependency groups are called `two_names`"],
])("%s is refused", async (text, message) => {
  await expect(readDependencyGroup(text, cwd)).rejects.toThrow(message);
});
