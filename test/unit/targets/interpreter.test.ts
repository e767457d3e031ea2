import { readdirSync, writeFileSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Cancelled } from "../../../src/base/errors.ts";
import { BrokenInterpreter, probeInterpreter } from "../../../src/targets/interpreter.ts";
import { fakeInterpreter, fakeProgram, timesAsked } from "../../support/fake-interpreter.ts";
import { Workspace } from "../../support/workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.remove());

const ENV = { PATH: "/usr/bin:/bin" };

describe("an interpreter", () => {
  test.each([
    [
      { version: "3.11.7" },
      { implementation: "CPython", version: [3, 11, 7], shebangName: "python3.11", freeThreaded: false },
    ],
    [
      { version: "3.13.1", freeThreaded: true },
      { shebangName: "python3.13t", freeThreaded: true, versionText: "3.13.1" },
    ],
    [
      { version: "3.10.14", implementation: "PyPy" },
      { implementation: "PyPy", shebangName: "pypy3.10" },
    ],
    [{ version: "2.7.18" }, { version: [2, 7, 18], shebangName: "python2.7" }],
    [{ version: "3.15.0a2+" }, { versionText: "3.15.0a2+local", markers: { python_full_version: "3.15.0a2+local" } }],
  ] as const)("that answers %j is described", async (facts, expected) => {
    const path = fakeInterpreter(workspace.path("bin", "python"), facts);
    const interpreter = await probeInterpreter(path, { env: ENV });
    expect(interpreter).toMatchObject({ path, realPath: path, isVenv: false, baseExecutable: path, ...expected });
  });

  test("has a one-line description", async () => {
    const path = fakeInterpreter(workspace.path("bin", "python"), { version: "3.13.1", freeThreaded: true });
    const { description } = await probeInterpreter(path, { env: ENV });
    expect(description).toBe(`CPython 3.13.1 (free-threaded) at ${path}`);
  });

  test("in a virtual environment knows its base", async () => {
    const base = fakeInterpreter(workspace.path("base", "bin", "python3"), { version: "3.12.1" });
    const path = fakeInterpreter(workspace.path("venv", "bin", "python"), { version: "3.12.1", baseExecutable: base });
    const interpreter = await probeInterpreter(path, { env: ENV });
    expect(interpreter).toMatchObject({ path, isVenv: true, baseExecutable: base, prefix: workspace.path("venv") });
  });

  test("behind a wrapper script is known by its own path", async () => {
    const real = fakeInterpreter(workspace.path("real", "python3"), { version: "3.12.1" });
    const wrapper = fakeProgram(workspace.path("shims", "python3"), `#!/bin/sh\necho starting up\nexec ${real} "$@"\n`);
    expect(await probeInterpreter(wrapper, { env: ENV })).toMatchObject({ path: real, realPath: real });
  });
});

describe("the memory of interpreters", () => {
  test("spares asking twice", async () => {
    const path = fakeInterpreter(workspace.path("bin", "python"), { version: "3.12.1" });
    const context = { env: ENV, cacheDirectory: workspace.path("cache") };
    const first = await probeInterpreter(path, context);
    expect(await probeInterpreter(path, context)).toEqual(first);
    expect(timesAsked(path)).toBe(1);
  });

  test("notices a changed file", async () => {
    const path = fakeInterpreter(workspace.path("bin", "python"), { version: "3.12.1" });
    const context = { env: ENV, cacheDirectory: workspace.path("cache") };
    await probeInterpreter(path, context);
    fakeInterpreter(path, { version: "3.12.10" });
    expect(await probeInterpreter(path, context)).toMatchObject({ versionText: "3.12.10" });
  });

  test("notices that a virtual environment came to be", async () => {
    const path = fakeInterpreter(workspace.path("env", "bin", "python"), { version: "3.12.1" });
    const context = { env: ENV, cacheDirectory: workspace.path("cache") };
    await probeInterpreter(path, context);
    workspace.write("env/pyvenv.cfg", "home = /usr/bin\n");
    await probeInterpreter(path, context);
    expect(timesAsked(path)).toBe(2);
  });

  test("does not trust what is behind a wrapper script", async () => {
    const real = fakeInterpreter(workspace.path("real", "python3"), { version: "3.12.1" });
    const wrapper = fakeProgram(workspace.path("wrapper"), `#!/bin/sh\nexec ${real} "$@"\n`);
    const context = { env: ENV, cacheDirectory: workspace.path("cache") };
    await probeInterpreter(wrapper, context);
    await probeInterpreter(wrapper, context);
    expect(timesAsked(real)).toBe(2);
  });

  test.each(["", "{", "null", "[]", '{"key": 1}'])("survives an entry damaged to %j", async (text) => {
    const path = fakeInterpreter(workspace.path("bin", "python"), { version: "3.12.1" });
    const context = { env: ENV, cacheDirectory: workspace.path("cache") };
    await probeInterpreter(path, context);
    const [entry = ""] = readdirSync(workspace.path("cache", "interpreters"));
    writeFileSync(workspace.path("cache", "interpreters", entry), text);
    expect(await probeInterpreter(path, context)).toMatchObject({ versionText: "3.12.1" });
    expect(timesAsked(path)).toBe(2);
  });

  test("does without, where it cannot be written", async () => {
    const path = fakeInterpreter(workspace.path("bin", "python"), { version: "3.12.1" });
    const context = { env: ENV, cacheDirectory: workspace.write("file", "") };
    expect(await probeInterpreter(path, context)).toMatchObject({ versionText: "3.12.1" });
  });
});

describe("what is no interpreter", () => {
  test.each([
    ["prints something else", "#!/bin/sh\necho hello\n", "it does not answer like a Python interpreter"],
    ["prints nothing", "#!/bin/sh\n", "it does not answer like a Python interpreter"],
    [
      "fails with a message",
      "#!/bin/sh\necho 'first' >&2\necho 'Fatal: no \u001b[1mlibpython\u001b[0m' >&2\nexit 1\n",
      "Fatal: no \\x1b[1mlibpython\\x1b[0m",
    ],
    [
      "reports an error",
      `#!/bin/sh\necho '{"format": 1, "result": "error", "message": "ImportError: no sysconfig"}'\n`,
      "ImportError: no sysconfig",
    ],
    [
      "answers in another format",
      `#!/bin/sh\necho '{"format": 0, "result": "ok"}'\n`,
      "it does not answer like a Python interpreter",
    ],
  ])("is refused when it %s", async (_what, text, reason) => {
    const path = fakeProgram(workspace.path("python"), text);
    const failure = probeInterpreter(path, { env: ENV });
    const message = `Not a working Python interpreter: ${path}: ${reason}`;
    const hint = `run \`${path} --version\` to see what is wrong with it`;
    await expect(failure).rejects.toMatchObject({ code: "BROKEN_INTERPRETER", message, hint });
  });

  test("is refused when it cannot be run", async () => {
    const path = fakeProgram(workspace.path("python"), "#!/nonexistent/sh\n");
    await expect(probeInterpreter(path, { env: ENV })).rejects.toThrow(`Cannot run ${path}`);
    const plain = workspace.write("plain", "");
    await expect(probeInterpreter(plain, { env: ENV })).rejects.toThrow("it is no executable file");
    await expect(probeInterpreter(workspace.path("none"), { env: ENV })).rejects.toThrow(BrokenInterpreter);
    await expect(probeInterpreter(workspace.dir, { env: ENV })).rejects.toThrow(BrokenInterpreter);
  });

  test("is not waited for after cancelling", async () => {
    const path = fakeProgram(workspace.path("python"), "#!/bin/sh\nexec sleep 60\n");
    const signal = AbortSignal.timeout(100);
    await expect(probeInterpreter(path, { env: ENV, signal })).rejects.toThrow(Cancelled);
  });

  test("may recover when legacy environments need their own site module", async () => {
    const path = fakeInterpreter(workspace.path("python"), { version: "2.7.18" });
    const strict = fakeProgram(
      workspace.path("strict"),
      `#!/bin/sh\nfor option in "$@"; do [ "$option" = -S ] && exit 1; done\nexec ${path}\n`,
    );
    expect(await probeInterpreter(strict, { env: ENV })).toMatchObject({ versionText: "2.7.18" });
  });
});
