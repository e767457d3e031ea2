import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { resolveShim } from "../../../src/targets/pyenv.ts";
import { fakeProgram } from "../../support/fake-interpreter.ts";
import { Workspace } from "../../support/workspace.ts";

let workspace: Workspace;
let root: string;

beforeAll(() => {
  workspace = new Workspace();
  root = workspace.path("pyenv");
  for (const version of ["3.9.1", "3.11.2", "3.11.10", "3.11.9", "3.12.0", "pypy3.10-7.3.17", "myenv"]) {
    fakeProgram(`${root}/versions/${version}/bin/python3`, "");
    fakeProgram(`${root}/versions/${version}/bin/python${version.slice(0, version.lastIndexOf("."))}`, "");
  }
  for (const name of ["python3", "python3.9", "python3.11"]) fakeProgram(`${root}/shims/${name}`, shim());
  fakeProgram(workspace.path("bin", "python3"), "");
  workspace.write("nine/.python-version", "3.9.1\n");
  workspace.write("nine/deep/file", "");
  workspace.write("many/.python-version", "# comment\n\n3.12.0 3.9.1\nsystem\n");
  workspace.write("empty/.python-version", "\n");
  workspace.write("evil/.python-version", "../../outside\n/etc\n");
  fakeProgram(workspace.path("outside", "bin", "python3"), "");
});
afterAll(() => workspace.remove());

/** What pyenv writes into its shims. */
function shim(): string {
  return `#!/usr/bin/env bash
set -e
[ -n "$PYENV_DEBUG" ] && set -x

program="\${0##*/}"

export PYENV_ROOT="${root}"
exec "${root}/libexec/pyenv" exec "$program" "$@"
`;
}

function resolved(program: string, cwd: string, env: Record<string, string> = {}): string {
  const found = resolveShim(`${root}/shims/${program}`, {
    env: { PATH: workspace.path("bin"), ...env },
    cwd: workspace.path(cwd),
  });
  return found.kind === "active"
    ? found.path.replace(`${workspace.dir}/`, "")
    : found.kind === "inactive"
      ? found.reason
      : "no shim";
}

describe("a shim of pyenv leads to", () => {
  test.each([
    [
      "the version of PYENV_VERSION",
      "python3",
      "nine",
      { PYENV_VERSION: "3.12.0" },
      "pyenv/versions/3.12.0/bin/python3",
    ],
    ["the version of the directory", "python3", "nine", {}, "pyenv/versions/3.9.1/bin/python3"],
    ["the version of a parent directory", "python3.9", "nine/deep", {}, "pyenv/versions/3.9.1/bin/python3.9"],
    [
      "the directory that PYENV_DIR names",
      "python3",
      "empty",
      { PYENV_DIR: "WORKSPACE/nine" },
      "pyenv/versions/3.9.1/bin/python3",
    ],
    ["the first of several that has it", "python3.9", "many", {}, "pyenv/versions/3.9.1/bin/python3.9"],
    [
      "the newest patch of a minor version",
      "python3",
      "many",
      { PYENV_VERSION: "3.11" },
      "pyenv/versions/3.11.10/bin/python3",
    ],
    [
      "a version with the prefix python-",
      "python3",
      "many",
      { PYENV_VERSION: "python-3.12.0" },
      "pyenv/versions/3.12.0/bin/python3",
    ],
    ["an environment by name", "python3", "many", { PYENV_VERSION: "myenv" }, "pyenv/versions/myenv/bin/python3"],
    [
      "the first of PYENV_VERSION that exists",
      "python3",
      "many",
      { PYENV_VERSION: "9.9:3.9.1" },
      "pyenv/versions/3.9.1/bin/python3",
    ],
    ["the system without any choice", "python3", "empty", {}, "bin/python3"],
    ["the system when asked", "python3", "nine", { PYENV_VERSION: "system" }, "bin/python3"],
  ])("%s", (_what, program, cwd, env, expected) => {
    const variables = Object.entries(env).map(([name, value]) => [name, value.replace("WORKSPACE", workspace.dir)]);
    expect(resolved(program, cwd, Object.fromEntries(variables))).toBe(expected);
  });

  test("the global version where nothing else is chosen", () => {
    workspace.write("pyenv/version", "3.11.9\n");
    expect(resolved("python3", "empty")).toBe("pyenv/versions/3.11.9/bin/python3");
    workspace.write("pyenv/version", "");
  });
});

describe("a shim of pyenv is inactive", () => {
  test.each([
    [
      "when the version lacks the program",
      "python3.11",
      "nine",
      {},
      "pyenv has no `python3.11` in 3.9.1 (set by WORKSPACE/nine/.python-version)",
    ],
    [
      "when the version is not installed",
      "python3",
      "nine",
      { PYENV_VERSION: "9.9" },
      "pyenv has no `python3` in 9.9 (set by PYENV_VERSION)",
    ],
    ["when the system has none", "python3.9", "empty", {}, "pyenv has no `python3.9` in system (set by default)"],
  ])("%s", (_what, program, cwd, env, reason) => {
    expect(resolved(program, cwd, env)).toBe(reason.replace("WORKSPACE", workspace.dir));
  });

  test("rather than led out of pyenv by a project's file", () => {
    expect(resolved("python3", "evil")).toBe("bin/python3");
  });
});

test.each([
  ["in a directory of another name", "bin/python3", shim],
  ["of another tool", "other/shims/python3", () => '#!/bin/sh\nexec asdf exec "python3" "$@"\n'],
  ["that is a real program", "real/shims/python3", () => `#!/bin/sh\n# pyenv exec\n${"x".repeat(5000)}`],
])("a file %s is no shim of pyenv", (_what, path, text) => {
  const file = fakeProgram(workspace.path("none", path), text());
  expect(resolveShim(file, { env: {}, cwd: workspace.dir })).toEqual({ kind: "none" });
});
