import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { statedMetadata } from "../../../src/sources/project-table.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function stated(...lines: readonly string[]): ReturnType<typeof statedMetadata> {
  writeFileSync(join(folder, "pyproject.toml"), lines.join("\n"));
  return statedMetadata(folder);
}

const NAMED = ["[project]", "name = 'Tool'", "version = '1.0'"];

test("dependencies and extras are those of the wheel", async () => {
  const metadata = await stated(
    ...NAMED,
    "requires-python = '>=3.9'",
    "dependencies = ['a>=1', \"b ; os_name == 'posix'\"]",
    "dynamic = ['readme', 'classifiers']",
    "[project.optional-dependencies]",
    "x = ['c[y]==2', \"d ; os_name == 'posix' or os_name == 'nt'\", 'e @ https://files.example/e.zip']",
    "none = []",
  );
  expect(metadata).toMatchObject({
    name: "Tool",
    version: "1.0",
    requiresPython: ">=3.9",
    providesExtra: ["x", "none"],
  });
  expect(metadata?.requiresDist).toEqual([
    "a>=1",
    'b; os_name == "posix"',
    'c[y]==2 ; extra == "x"',
    'd ; (os_name == "posix" or os_name == "nt") and extra == "x"',
    'e @ https://files.example/e.zip ; extra == "x"',
  ]);
});

test("nothing stated is nothing needed", async () => {
  expect(await stated(...NAMED)).toMatchObject({ requiresDist: [], requiresPython: undefined, providesExtra: [] });
});

test.each<readonly [string, readonly string[]]>([
  ["no table", ["[tool.poetry]", "name = 'x'"]],
  ["no version", ["[project]", "name = 'x'"]],
  ["a version that the build finds", ["[project]", "name = 'x'", "dynamic = ['version']"]],
  ["dependencies that the build finds", [...NAMED, "dynamic = ['dependencies']"]],
  ["extras that the build finds", [...NAMED, "dynamic = ['optional-dependencies']"]],
  ["an invalid requirement", [...NAMED, "dependencies = ['a >>1']"]],
  ["a list that is none", [...NAMED, "dependencies = 'a'"]],
  ["broken TOML", [...NAMED, "dependencies = ["]],
])("%s is left to the build", async (_, lines) => {
  expect(await stated(...lines)).toBeUndefined();
});

test("no file is no statement", async () => {
  rmSync(join(folder, "pyproject.toml"));
  expect(await statedMetadata(folder)).toBeUndefined();
});
