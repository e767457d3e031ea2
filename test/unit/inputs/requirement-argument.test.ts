import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { parseRequirementArgument, supportedRequirement } from "../../../src/inputs/requirement-argument.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "pexjs-argument-"));
  for (const directory of ["project", "plain", "flask"]) mkdirSync(join(cwd, directory));
  writeFileSync(join(cwd, "project", "pyproject.toml"), "");
  for (const file of ["foo-1.0-py3-none-any.whl", "foo-1.0.tar.gz", "notes.txt"]) writeFileSync(join(cwd, file), "");
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe("the form decides", () => {
  test.each([
    ["flask", "named"],
    ["flask[async]>=2; os_name == 'posix'", "named"],
    ["./project", "path"],
    ["./project[extra]", "path"],
    ["foo-1.0.tar.gz", "path"],
    ["./foo-1.0.tar.gz", "path"],
    ["foo-1.0-py3-none-any.whl", "wheel-file"],
    ["./foo-1.0-py3-none-any.whl[x]", "wheel-file"],
    ["https://files.example/foo-1.0-py3-none-any.whl", "url"],
    ["https://files.example/a;b.tar.gz ; os_name == 'nt'", "url"],
    ["foo @ https://files.example/foo-1.0.zip", "url"],
    ["foo@https://files.example/foo-1.0.zip", "url"],
    ["git+https://code.example/foo.git@v1#egg=foo", "vcs"],
    ["foo @ git+ssh://git@code.example/foo.git", "vcs"],
    ["hg+https://code.example/foo#egg=foo", "vcs"],
  ])("%s is %s", (text, kind) => {
    expect(parseRequirementArgument(text, cwd).kind).toBe(kind);
  });
});

test("a wheel file is its pin, with extras and marker, by path and by URL", () => {
  const path = join(cwd, "foo-1.0-py3-none-any.whl");
  const url = pathToFileURL(path).href;
  for (const text of [
    "./foo-1.0-py3-none-any.whl[b,a] ; os_name == 'posix'",
    `${url}[b,a] ; os_name == 'posix'`,
    `Foo[b,a] @ ${url} ; os_name == 'posix'`,
  ]) {
    const argument = parseRequirementArgument(text, cwd);
    expect(argument).toMatchObject({ kind: "wheel-file", path, requirement: { project: "foo", extras: ["a", "b"] } });
    expect(supportedRequirement(argument).requirement.marker).toBeDefined();
    expect(supportedRequirement(argument).requirement.specifier).toHaveLength(1);
  }
});

test.each([
  ["./nope", "FILE", "No such file or directory: ./nope"],
  ["nope-1.0.tar.gz", "FILE", "No such file or directory: nope-1.0.tar.gz"],
  ["./plain", "NOT_INSTALLABLE", "Neither `pyproject.toml` nor `setup.py` in the directory: ./plain"],
  ["./notes.txt", "NOT_INSTALLABLE", "Neither a wheel nor a source distribution: ./notes.txt"],
  ["bar @ file:./foo-1.0-py3-none-any.whl", "FILE", "No such file or directory"],
  ["flask==", "INVALID_REQUIREMENT", "Invalid requirement"],
])("%s is refused", (text, code, message) => {
  expect(() => parseRequirementArgument(text, cwd)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test("a wheel of another project than the one named is refused", () => {
  const url = pathToFileURL(join(cwd, "foo-1.0-py3-none-any.whl")).href;
  expect(() => parseRequirementArgument(`bar @ ${url}`, cwd)).toThrow("Not a wheel of bar");
});
