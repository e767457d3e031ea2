/** Variables and pexrc files have the same effect in every form of a PEX, cold and warm; a value that cannot be is told in each. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { build, type BuildRequest } from "../../src/api.ts";
import { currentHost } from "../../src/base/host.ts";
import { parseRuntimeVariables } from "../../src/cli/commands/variables-help.ts";
import type { Result } from "../support/workspace.ts";
import { newest, oldest, printed, RUNTIME, User, versions } from "./kit.ts";

const MODES: Readonly<Record<string, BuildRequest>> = {
  zipapp: {},
  "zipapp --sh-boot": { shBoot: true },
  "zipapp --venv": { venv: "false" },
  "zipapp --venv --sh-boot": { venv: "false", shBoot: true },
  packed: { layout: "packed" },
  loose: { layout: "loose" },
  "loose --venv --sh-boot": { layout: "loose", venv: "false", shBoot: true },
};

/** For each variable a value that cannot be, what is told of it, and what else must be set. */
const BAD: Readonly<Record<string, readonly [string, string, Readonly<Record<string, string>>?]>> = {
  PEX_COVERAGE: ["yes", "must be 0, 1, true or false: 'yes'"],
  PEX_COVERAGE_FILENAME: ["data", "`coverage` cannot be imported"],
  PEX_DISABLE_VARIABLES: ["on", "must be 0, 1, true or false: 'on'"],
  PEX_EMIT_WARNINGS: ["no", "must be 0, 1, true or false: 'no'"],
  PEX_IGNORE_ERRORS: ["2", "must be 0, 1, true or false: '2'"],
  PEX_IGNORE_RCFILES: ["y", "must be 0, 1, true or false: 'y'"],
  PEX_INHERIT_PATH: ["true", "must be one of `false`, `prefer`, `fallback`: 'true'"],
  PEX_INTERPRETER: ["-1", "must be 0, 1, true or false: '-1'"],
  PEX_INTERPRETER_HISTORY: ["~", "must be 0, 1, true or false: '~'"],
  PEX_MAX_INSTALL_JOBS: ["-2", "must be at least -1: -2"],
  PEX_MODULE: ["no such:thing", "No function of a module has the name `no such:thing`"],
  PEX_MULTIPROCESSING_START_METHOD: ["thread", "must be one of `fork`, `forkserver`, `spawn`: 'thread'"],
  PEX_PATH: ["/nonexistent/a.pex", "Cannot merge /nonexistent/a.pex"],
  PEX_PROFILE: ["cumulative", "must be 0, 1, true or false: 'cumulative'"],
  PEX_PROFILE_SORT: ["beauty", "must be one of `calls`", { PEX_PROFILE: "1" }],
  PEX_PYTHON: ["/nonexistent/python", "/nonexistent/python is no Python interpreter"],
  PEX_PYTHON_PATH: ["/nonexistent", "No Python is on PEX_PYTHON_PATH=/nonexistent"],
  PEX_SCRIPT: ["../sh", "No script `../sh` is inside"],
  PEX_TOOLS: ["info", "must be 0, 1, true or false: 'info'"],
  PEX_VENV: ["prepend", "must be 0, 1, true or false: 'prepend'"],
  PEX_VENV_BIN_PATH: ["true", "must be one of `false`, `prepend`, `append`: 'true'"],
  PEX_VERBOSE: ["very", "must be an integer: 'very'"],
  PEX_VERIFY: ["all", "must be 0, 1, true or false: 'all'"],
};

/** Any text will do for these, or there is a way without what they name. */
const ANYTHING = [
  "PEX",
  "PEX_ALWAYS_CACHE",
  "PEX_EXTRA_SYS_PATH",
  "PEX_FORCE_LOCAL",
  "PEX_INTERPRETER_HISTORY_FILE",
  "PEX_PROFILE_FILENAME",
  "PEX_ROOT",
  "PEX_TEARDOWN_VERBOSE",
  "PEX_UNZIP",
];

const user = new User();
const started: Record<string, string> = {};
beforeAll(async () => {
  for (const name of ["sealed", "one", "two", "three"]) {
    const code = `import os, sys\nprint('${name}', sorted(n for n in os.environ if n.startswith('PEX_')), `;
    user.write(`src/${name}.py`, `${code}os.path.exists(sys.prefix + '/pyvenv.cfg'))\n`);
  }
  const env = { PATH: user.searchPath, HOME: user.home };
  const host = { ...currentHost(), env, home: user.home, cwd: user.dir, tmp: user.path("tmp") };
  for (const [index, [name, mode]] of Object.entries(MODES).entries()) {
    const outputFile = user.path("apps", String(index), "app");
    const sources = { sourcesDirectories: ["src"], entryPoint: "sealed", python: [newest.path] };
    await build({ ...sources, ...mode, outputFile, defaultIndex: false, usePipConfig: false }, { host });
    started[name] = mode.layout === undefined ? outputFile : join(outputFile, "pex");
  }
});
afterAll(() => user.remove());

test("every variable of the table is tried with a value that cannot be, if there is one", () => {
  const table = readFileSync(join(RUNTIME, "pexjs_runtime", "settings.py"), "utf8");
  const names = parseRuntimeVariables(table).map((each) => each.name);
  expect(new Set([...Object.keys(BAD), ...ANYTHING])).toEqual(new Set(names));
});

describe.each(Object.keys(MODES))("%s:", (mode) => {
  const start = (env: Readonly<Record<string, string>>): Promise<Result> =>
    user.run(started[mode] ?? "", [], { env: { PATH: `${dirname(newest.path)}:${user.searchPath}`, ...env } });
  const inEnvironment = mode.includes("--venv") ? "True" : "False";

  test("a value that cannot be is one line and a hint, with exit code 1", async () => {
    printed(await start({}));
    for (const [name, [value, message, more = {}]] of Object.entries(BAD)) {
      const { status, stdout, stderr } = await start({ [name]: value, ...more });
      expect([name, status, stdout, stderr]).toEqual([
        name,
        1,
        "",
        expect.stringMatching(/^(app|pex): .*\nhint: .*\n$/),
      ]);
      expect(stderr).toContain(message.startsWith("must ") ? `The variable ${name} ${message}` : message);
    }
  });

  test("pexrc files: that beside it wins over that at home, the environment over both", async () => {
    const HOME = user.path(`home of ${mode}`);
    mkdirSync(HOME);
    const beside = join(dirname(started[mode] ?? ""), ".pexrc");
    for (const root of ["cold", "warm"]) {
      const PEX_ROOT = user.path(`root of ${mode}`);
      const run = async (env = {}): Promise<string> => printed(await start({ HOME, PEX_ROOT, ...env }));
      const told = (name: string): string => `${name} [] ${inEnvironment}`;
      user.write(`home of ${mode}/.pexrc`, "PEX_MODULE=one\nPEX_VERBOSE=0\n# PEX_MODULE=three\nPEX_MODULE = three\n");
      expect([root, await run()]).toEqual([root, told("one")]);
      user.write(beside.slice(user.dir.length + 1), "PEX_MODULE=two\n");
      expect(await run()).toBe(told("two"));
      expect(await run({ PEX_MODULE: "three" })).toBe(told("three"));
      expect(await run({ PEX_IGNORE_RCFILES: "1" })).toBe(told("sealed"));
      expect(await run({ PEX_DISABLE_VARIABLES: "1", PEX_MODULE: "one" })).toContain("sealed ");
      user.write(beside.slice(user.dir.length + 1), "PEX_VENV=0\nPEX_IGNORE_RCFILES=1\n");
      expect(await run()).toBe("one [] False");
      user.write(beside.slice(user.dir.length + 1), "PEX_VERBOSE=very\n");
      expect((await start({ HOME, PEX_ROOT })).stderr).toContain("PEX_VERBOSE must be an integer: 'very'");
      rmSync(beside);
    }
  });

  test("another Python is chosen by a pexrc file, too", async () => {
    const other = versions.findLast((each) => each !== newest && !each.isPyPy) ?? oldest;
    const beside = join(dirname(started[mode] ?? ""), ".pexrc");
    const show = "import sys; print('%d.%d' % sys.version_info[:2])";
    for (const text of [
      `PEX_PYTHON=${other.path}`,
      `PEX_PYTHON=python${other.name}`,
      `PEX_PYTHON_PATH=${dirname(other.path)}`,
    ]) {
      user.write(beside.slice(user.dir.length + 1), `PEX_INTERPRETER=1\n${text}\n`);
      const found = await user.run(started[mode] ?? "", ["-c", show], { env: { PATH: user.searchPath } });
      expect([text, printed(found)]).toEqual([text, other.name]);
    }
    rmSync(beside);
  });
});
