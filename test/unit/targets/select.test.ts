import { symlinkSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { findAll, searchEntries } from "../../../src/targets/discovery.ts";
import type { ForeignRequest } from "../../../src/targets/foreign-targets.ts";
import { selectAll, selectTargets } from "../../../src/targets/select.ts";
import type { TargetRequest } from "../../../src/targets/select.ts";
import type { Target } from "../../../src/targets/target.ts";
import { fakeInterpreter, fakeProgram } from "../../support/fake-interpreter.ts";
import { Workspace } from "../../support/workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
  fakeInterpreter(path("one/python3.9"), { version: "3.9.1" });
  symlinkSync("python3.9", path("one/python3"));
  fakeInterpreter(path("two/python3.11"), { version: "3.11.7" });
  fakeInterpreter(path("two/python3"), { version: "3.12.1" });
  fakeInterpreter(path("two/pypy3.10"), { version: "3.10.14", implementation: "PyPy" });
  fakeProgram(path("two/python3.8"), "#!/bin/sh\nexit 1\n");
  fakeInterpreter(path("two/python3-config"), { version: "1.0.0" });
  workspace.write("two/python3.7", "not executable");
});
afterEach(() => workspace.remove());

function path(name: string): string {
  return workspace.path(...name.split("/"));
}

async function select(request: Partial<TargetRequest>, env: Record<string, string> = {}): Promise<readonly Target[]> {
  const context = { env: { PATH: `${path("one")}:${path("two")}:/usr/bin:/bin`, ...env }, cwd: workspace.dir };
  const only = request.pythonPath ?? `${path("one")}:${path("two")}`;
  return await selectTargets({ python: [], interpreterConstraints: [], pythonPath: only, ...request }, context);
}

async function names(request: Partial<TargetRequest>, env: Record<string, string> = {}): Promise<string[]> {
  const targets = await select(request, env);
  return targets.map((target) => target.interpreter?.path.replace(`${workspace.dir}/`, "") ?? "");
}

describe("without a wish the target is", () => {
  test("the first python3 of the search path", async () => {
    expect(await names({})).toEqual(["one/python3"]);
    expect(await names({ pythonPath: path("two") })).toEqual(["two/python3"]);
  });

  test("what PEXJS_DEFAULT_PYTHON names", async () => {
    expect(await names({}, { PEXJS_DEFAULT_PYTHON: path("two/python3.11") })).toEqual(["two/python3.11"]);
    expect(await names({}, { PEXJS_DEFAULT_PYTHON: "pypy3.10" })).toEqual(["two/pypy3.10"]);
    expect(await names({ defaultPython: "python3.9" }, { PEXJS_DEFAULT_PYTHON: "pypy3.10" })).toEqual([
      "one/python3.9",
    ]);
  });

  test("the next one where the first does not work", async () => {
    fakeProgram(path("zero/python3"), "#!/bin/sh\nexit 1\n");
    expect(await names({ pythonPath: `${path("zero")}:${path("two")}` })).toEqual(["two/python3"]);
    fakeInterpreter(path("zero/python"), { version: "2.7.18" });
    expect(await names({ pythonPath: path("zero") })).toEqual(["zero/python"]);
  });

  test("on PEX_PYTHON_PATH before PATH", async () => {
    const env = { PATH: `${path("one")}:/usr/bin:/bin`, PEX_PYTHON_PATH: path("two") };
    const context = { env, cwd: workspace.dir };
    const [target] = await selectTargets({ python: [], interpreterConstraints: [] }, context);
    expect(target?.interpreter?.path).toBe(path("two/python3"));
  });
});

describe("the targets of --python", () => {
  test("are those named, each once", async () => {
    expect(
      await names({ python: ["python3.11", path("two/pypy3.10"), "one/../one/python3.9", "./one/python3"] }),
    ).toEqual(["two/python3.11", "two/pypy3.10", "one/python3.9"]);
  });

  test("may be files of the search path", async () => {
    expect(await names({ python: ["python3.11"], pythonPath: path("two/python3.11") })).toEqual(["two/python3.11"]);
  });

  test("have markers, ranked tags and a version", async () => {
    const [target] = await select({ python: ["python3.11"] });
    expect(target).toMatchObject({ kind: "interpreter", description: `CPython 3.11.7 at ${path("two/python3.11")}` });
    expect(target?.markers.python_version).toBe("3.11");
    expect(target?.pythonVersion.release).toEqual([3, 11, 7]);
    expect(target?.tagRanks.get("cp311-cp311-manylinux_2_17_x86_64")).toBe(1);
    expect(target?.tags.map((tag) => target.tagRanks.get(tag))).toEqual(target?.tags.map((_, rank) => rank));
  });

  test("unknown by name are refused with the closest known name", async () => {
    await expect(select({ python: ["python3.10"] })).rejects.toMatchObject({
      code: "UNKNOWN_INTERPRETER",
      message: "Cannot find an interpreter called: python3.10",
      hint: `did you mean \`python3.11\`? (looked in ${path("one")}, ${path("two")})`,
    });
    await expect(select({ python: ["nosuch"], pythonPath: "" })).rejects.toMatchObject({
      hint: "give the path of an interpreter (the search path is empty)",
    });
  });

  test("broken by name are refused with the reason", async () => {
    await expect(select({ python: ["python3.8"] })).rejects.toMatchObject({
      code: "UNKNOWN_INTERPRETER",
      message: `Cannot find an interpreter called: python3.8
  Skipped because they do not work:
    ${path("two/python3.8")}: it does not answer like a Python interpreter`,
    });
  });

  test("broken by path are refused", async () => {
    await expect(select({ python: [path("two/python3.8")] })).rejects.toMatchObject({ code: "BROKEN_INTERPRETER" });
    await expect(select({ python: ["./nosuch"] })).rejects.toMatchObject({ code: "BROKEN_INTERPRETER" });
  });
});

describe("the targets of --interpreter-constraint", () => {
  test("are all interpreters that satisfy one of them", async () => {
    expect(await names({ interpreterConstraints: ["CPython>=3.11"] })).toEqual(["two/python3.11", "two/python3"]);
    const newest = { interpreterConstraints: ["CPython>=3.9"], strategy: "newest" } as const;
    expect(await names(newest)).toEqual(["two/python3", "two/python3.11", "one/python3.9"]);
    expect(await names({ interpreterConstraints: ["PyPy", "==3.9.*"] })).toEqual(["one/python3.9", "two/pypy3.10"]);
    expect(await names({ interpreterConstraints: ["==3.12.*"], python: ["python3.9"] })).toEqual([
      "one/python3.9",
      "two/python3",
    ]);
  });

  test("are one where two interpreters accept the same", async () => {
    fakeInterpreter(path("three/python3.11"), { version: "3.11.7" });
    const pythonPath = `${path("two")}:${path("three")}`;
    expect(await names({ interpreterConstraints: ["==3.11.*"], pythonPath })).toEqual(["two/python3.11"]);
  });

  test("must exist", async () => {
    await expect(select({ interpreterConstraints: ["CPython==3.99.*", "PyPy<3"] })).rejects.toMatchObject({
      code: "NO_INTERPRETER",
      message: `No interpreter satisfies: CPython==3.99.* or PyPy<3
  Examined:
    ${path("one/python3.9")}: CPython 3.9.1
    ${path("two/python3.11")}: CPython 3.11.7
    ${path("two/pypy3.10")}: PyPy 3.10.14
    ${path("two/python3")}: CPython 3.12.1
  Skipped because they do not work:
    ${path("two/python3.8")}: it does not answer like a Python interpreter`,
    });
  });

  test("are refused before anything is searched when one is malformed", async () => {
    await expect(select({ python: ["nosuch"], interpreterConstraints: ["Jython"] })).rejects.toMatchObject({
      code: "INVALID_INTERPRETER_CONSTRAINT",
    });
  });
});

describe("the targets of --platform and --complete-platform", () => {
  const complete = JSON.stringify({
    marker_environment: { python_full_version: "3.11.7", sys_platform: "linux", platform_release: "elsewhere" },
    compatible_tags: ["cp311-cp311-linux_x86_64"],
  });

  async function described(request: Partial<TargetRequest>, foreign: Partial<ForeignRequest>): Promise<string[]> {
    const nothing = { platforms: [], completePlatforms: [], resolveLocalPlatforms: false };
    const targets = await select({ ...request, foreign: { ...nothing, ...foreign } });
    return targets.map((target) => target.interpreter?.path.replace(`${workspace.dir}/`, "") ?? target.description);
  }

  test("need no interpreter", async () => {
    const foreign = { platforms: ["linux_x86_64-cp-39-cp39"], completePlatforms: [complete] };
    expect(await described({ pythonPath: workspace.home }, foreign)).toEqual([
      "linux_x86_64-cp-39-cp39",
      "complete platform cp311-cp311-linux_x86_64",
    ]);
  });

  test("stand behind the interpreters, each once", async () => {
    const platforms = ["macosx_11_0_arm64-cp-39-cp39", "macosx-11.0-arm64-cp-3.9-cp39"];
    expect(await described({ python: ["python3.9"] }, { platforms })).toEqual([
      "one/python3.9",
      "macosx_11_0_arm64-cp-39-cp39",
    ]);
  });

  test("mean the first --python, else the default interpreter where they tell no Python", async () => {
    expect(await described({}, { platforms: ["current"] })).toEqual(["one/python3"]);
    expect(await described({}, { platforms: ["macosx-10.6-x86_64"] })).toEqual(["macosx_10_6_x86_64-cp-3.9.1-cp39"]);
    expect(await described({ python: ["pypy3.10"] }, { platforms: ["linux-x86_64", "current"] })).toEqual([
      "two/pypy3.10",
      "linux_x86_64-pp-3.10.14-pypy310_pp73",
    ]);
  });

  test("are refused before anything is searched when one is malformed", async () => {
    await expect(described({ python: ["nosuch"] }, { platforms: ["bogus"] })).rejects.toMatchObject({
      code: "INVALID_PLATFORM",
    });
  });

  test("are interpreters of this machine where they match and --resolve-local-platforms is given", async () => {
    const platforms = ["linux_x86_64-cp-39-cp39", "linux_x86_64-cp-3.9.2-cp39", "linux_aarch64-cp-39-cp39"];
    expect(await described({}, { platforms, completePlatforms: [complete], resolveLocalPlatforms: true })).toEqual([
      "one/python3.9",
      "linux_x86_64-cp-3.9.2-cp39",
      "linux_aarch64-cp-39-cp39",
      "two/python3.11",
    ]);
  });
});

describe("all interpreters", () => {
  const all = async (request: Partial<TargetRequest>): Promise<string[]> => {
    const context = { env: { PATH: "/usr/bin:/bin" }, cwd: workspace.dir };
    const pythonPath = `${path("one")}:${path("two")}`;
    const found = await selectAll({ python: [], interpreterConstraints: [], pythonPath, ...request }, context);
    return found.map((each) => each.path.replace(`${workspace.dir}/`, ""));
  };

  test("are those of the search path, the default one first", async () => {
    expect(await all({ pythonPath: path("two") })).toEqual(["two/python3", "two/python3.11", "two/pypy3.10"]);
  });

  test("satisfy the constraints and stand behind those that are named", async () => {
    expect(await all({ interpreterConstraints: ["CPython>=3.10"] })).toEqual(["two/python3.11", "two/python3"]);
    expect(await all({ interpreterConstraints: ["CPython"], python: ["pypy3.10", "python3.9"] })).toEqual([
      "two/pypy3.10",
      "one/python3.9",
      "two/python3.11",
      "two/python3",
    ]);
    await expect(all({ interpreterConstraints: ["PyPy>4"] })).rejects.toMatchObject({ code: "NO_INTERPRETER" });
  });
});

test("a machine without Python is told so", async () => {
  await expect(select({ pythonPath: workspace.home })).rejects.toMatchObject({
    code: "NO_INTERPRETER",
    message: "Cannot find a working `python3` or `python` on the search path",
    hint: "install Python, or name an interpreter with --python",
  });
});

test("inactive shims of pyenv are skipped, active ones followed", async () => {
  const root = path("pyenv");
  const shim = `#!/usr/bin/env bash\nexport PYENV_ROOT="${root}"\nexec "${root}/libexec/pyenv" exec "$program" "$@"\n`;
  for (const name of ["python3", "python3.11", "python3.12"]) fakeProgram(`${root}/shims/${name}`, shim);
  const real = fakeInterpreter(`${root}/versions/3.12.0/bin/python3.12`, { version: "3.12.0" });
  symlinkSync("python3.12", `${root}/versions/3.12.0/bin/python3`);
  const env = { PATH: "/usr/bin:/bin", PYENV_VERSION: "3.12.0" };
  const found = await findAll(searchEntries(`${root}/shims`, "/"), { env, cwd: workspace.dir });
  expect(found.interpreters.map((each) => each.path)).toEqual([real]);
  expect(found.skipped).toEqual([
    { path: `${root}/shims/python3.11`, reason: "pyenv has no `python3.11` in 3.12.0 (set by PYENV_VERSION)" },
  ]);
  expect(await names({ pythonPath: `${root}/shims` }, env)).toEqual(["pyenv/versions/3.12.0/bin/python3"]);
});
