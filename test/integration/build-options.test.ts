/** Options that shape the file and what happens around it, seen where a user sees them: the file, its output, its next start. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { pythonVersions, type PythonVersion } from "../support/python-versions.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const compiling = pythonVersions().filter((each) => each.major === 3 && each.minor >= 7 && !each.isPyPy);
const [older, newer] = [compiling[0], compiling.at(-1)] as [PythonVersion, PythonVersion];

let user: Workspace;
let common: readonly string[];
beforeAll(() => {
  user = new Workspace();
  writeWheel(user.path("wheels"), {
    name: "demo",
    version: "1.0",
    files: { "demo.py": "def main():\n    print('demo')\n" },
    entryPoints: "[console_scripts]\ndemo = demo:main\n",
  });
  user.write("src/helper.py", "import sys\nNAMES = {'one', 'two', 'three'} and sys.version_info[:2]\n");
  user.write("src/app.py", "import sys, helper\nprint('app under %d.%d' % helper.NAMES, file=sys.stdout)\n");
  common = ["--no-index", "-f", user.path("wheels"), "-D", user.path("src"), "--python", newer.path];
});
afterAll(() => user.remove());

const build = (...args: readonly string[]): Promise<Result> => user.pex([...common, ...args]);

async function pexInfo(pex: string): Promise<Record<string, unknown>> {
  const code = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('PEX-INFO').decode())";
  return JSON.parse((await user.run(newer.path, ["-c", code, user.path(pex)])).stdout) as Record<string, unknown>;
}

describe("--seed", () => {
  const root = (name: string): string => user.path(`root-${name}`);

  test.each<readonly [string, readonly string[], string | RegExp]>([
    ["zipapp", [], "zipapp"],
    ["packed", ["--layout", "packed"], "packed/__main__.py"],
    ["loose", ["--layout", "loose"], "loose/__main__.py"],
    ["venv", ["--venv"], /^root-venv\/pexjs\/1\/run\/venvs\/\w+\/pex$/],
  ])("of a %s PEX prints what to start, which is warm", async (name, args, expected) => {
    const pexRoot = root(name);
    const line = ["demo", "-m", "app", "--pex-root", pexRoot, "-o", name, ...args];
    const plain = await build(...line, "--seed");
    expect(plain).toMatchObject({ status: 0, stderr: "" });
    const path = plain.stdout.trimEnd();
    expect(path.startsWith(`${user.dir}/`)).toBe(true);
    expect(path.slice(user.dir.length + 1)).toMatch(
      typeof expected === "string" ? new RegExp(`^${expected}$`) : expected,
    );
    const verbose = await build(...line, "--seed", "verbose");
    expect(verbose.stdout).toMatch(
      /^\{"seeded_from": "[^"]*", "pex_root": "[^"]*", "python": "[^"]*", "pex": "[^"]*"\}\n$/,
    );
    const answer = JSON.parse(verbose.stdout) as Record<string, string>;
    expect(answer).toMatchObject({ seeded_from: name, pex_root: pexRoot, pex: path });
    const env = { PEX_ROOT: pexRoot, PEX_VERBOSE: "2" };
    const ran = await user.run(answer["python"] ?? "", [user.path(name)], { env });
    expect(ran).toMatchObject({ status: 0, stdout: `app under ${newer.name}\n` });
    expect(ran.stderr).not.toContain("unpacking");
    if (name !== "loose") expect(ran.stderr).toContain("everything is in");
    expect((await user.run(answer["python"] ?? "", [path], { env: { PEX_ROOT: pexRoot } })).stdout).toBe(
      `app under ${newer.name}\n`,
    );
  });

  test("with --json is a field of the result", async () => {
    const { stdout } = await build("-m", "app", "--pex-root", root("json"), "-o", "json", "--seed", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ seeded: { pexRoot: root("json"), pex: user.path("json") } });
  });

  test("names the Python that was asked for, though it is that of an environment", async () => {
    await user.run(newer.path, ["-m", "venv", "--without-pip", user.path("environment")]);
    const python = user.path("environment", "bin", "python");
    const options = ["--python", python, "--inject-python-args=-O", "--seed", "verbose"];
    const { stdout } = await user.pex(["-D", user.path("src"), "-m", "app", "-o", "of-environment", ...options]);
    expect(JSON.parse(stdout)).toMatchObject({ python });
  });

  test("says why a PEX cannot unpack itself; the PEX is there", async () => {
    writeFileSync(user.path("no-folder"), "");
    const args = ["-m", "app", "--runtime-pex-root", user.path("no-folder"), "-o", "unseeded", "--seed"];
    const { status, stdout, stderr } = await build(...args);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`The cache cannot be written: ${user.path("no-folder")}`);
    expect(stderr).toContain("[SEED_FAILED]");
    expect(existsSync(user.path("unseeded"))).toBe(true);
  });
});

describe("--validate-entry-point", () => {
  const validate = (...args: readonly string[]): Promise<Result> =>
    build("--validate-entry-point", ...args, "-o", "validated");

  test.each([["app"], ["helper:NAMES"], ["helper:NAMES.count"]])(
    "accepts %s, and hides what it prints",
    async (name) => {
      expect(await validate("-m", name)).toMatchObject({ status: 0, stdout: "validated\n", stderr: "" });
    },
  );

  test("accepts a script of a distribution", async () => {
    expect(await validate("demo", "-c", "demo")).toMatchObject({ status: 0 });
  });

  test.each([
    ["nosuch:main", "`from nosuch import main` failed", /No module named '?nosuch/],
    ["app:main", "`from app import main` failed", /has no attribute 'main'/],
  ])("refuses %s before a PEX is written", async (name, statement, reason) => {
    const { status, stdout, stderr } = await build("--validate-entry-point", "-m", name, "-o", "refused");
    expect([status, stdout, existsSync(user.path("refused"))]).toEqual([1, "", false]);
    expect(stderr).toContain(`Invalid entry point \`${name}\`: ${statement} under `);
    expect(stderr).toMatch(reason);
  });

  test("needs something to validate", async () => {
    expect(await validate()).toMatchObject({ status: 2, stdout: "" });
    expect(await build("--validate-entry-point")).toMatchObject({ status: 2, stdout: "" });
    expect(await build("--validate-entry-point", "-m", "nosuch")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("Invalid entry point `nosuch`"),
    });
  });
});

test("--compile adds code that Python uses as it is, with equal bytes each time", async () => {
  user.write("src2/broken.py", "x = (\n");
  const args = ["-D", user.path("src2"), "-m", "app", "--compile"];
  const built = await build(...args, "-o", "compiled");
  expect(built).toMatchObject({ status: 0, stdout: "compiled\n" });
  expect(built.stderr).toMatch(/^warning: 1 file cannot be compiled for CPython .*:\n {2}broken\.py: /);
  const UNCHECKED = 1;
  const code = "import helper; print(bytearray(open(helper.__spec__.cached, 'rb').read())[4])"; // `__cached__` ends with 3.15
  const ran = await user.run(newer.path, [user.path("compiled"), "-c", code], { env: { PEX_INTERPRETER: "1" } });
  expect(ran).toMatchObject({ status: 0, stdout: `${UNCHECKED}\n` });
  await build(...args, "-o", "again");
  expect(readFileSync(user.path("again")).equals(readFileSync(user.path("compiled")))).toBe(true);
});

describe("--preamble-file", () => {
  test.each([[["--layout", "zipapp"]], [["--layout", "packed"]], [["--venv"]]])("%j: runs first", async (form) => {
    user.write("preamble.py", "# -*- coding: utf-8 -*-\nFACTS = {'preamble': 'é'}; print('preamble')");
    const name = `preamble${form.at(-1)}`;
    await build("-p", user.path("preamble.py"), "-m", "app", ...form, "-o", name);
    const ran = await user.run(newer.path, [user.path(name)]);
    expect(ran).toMatchObject({ status: 0, stdout: `preamble\napp under ${newer.name}\n`, stderr: "" });
  });

  test("does not come between an interpreter and the question whether it fits", async () => {
    user.write("loud.py", "import os; os.write(1, b'loud\\n')\n");
    const constraint = `==${newer.name}.*`;
    const args = ["-p", user.path("loud.py"), "-m", "app", "--interpreter-constraint", constraint, "-o", "loud"];
    await build(...args, "--python-path", newer.path);
    const env = { PEX_PYTHON_PATH: `${older.path}:${newer.path}` };
    const ran = await user.run(older.path, [user.path("loud")], { env });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toMatch(new RegExp(`^(loud\n)+app under ${newer.name}\n$`));
  });
});

describe("what is recorded", () => {
  test("are properties, single ones over an object, and never another builder", async () => {
    user.write("properties.json", '{"owner": "me", "level": 1}');
    const one = [
      "--build-property",
      "level=2",
      "--build-property",
      "note=no JSON",
      "--build-property",
      "pex_version=9",
    ];
    await build("--build-properties", user.path("properties.json"), ...one, "-o", "properties");
    const { build_properties: properties } = await pexInfo("properties");
    expect(properties).toMatchObject({ owner: "me", level: 2, note: "no JSON", builder: "pexjs" });
    expect(properties).not.toMatchObject({ pex_version: 9 });
  });

  test.each([
    [["--build-properties", "[1]"], 1, "INVALID_BUILD_PROPERTIES"],
    [["--build-properties", "{no"], 1, "INVALID_BUILD_PROPERTIES"],
    [["--build-properties", "nowhere.json"], 1, "INVALID_BUILD_PROPERTIES"],
    [["--build-property", "alone"], 2, "USAGE"],
  ])("%j is refused", async (args, status, code) => {
    const refused = await build(...args, "-o", "x");
    expect(refused).toMatchObject({ status, stdout: "" });
    expect(refused.stderr).toContain(`[${code}]`);
  });

  test("is the commit, with its tag and branch", async () => {
    const git = (...args: readonly string[]): Promise<Result> => {
      const as = ["-c", "user.name=me", "-c", "user.email=me@example", "-C", user.path("src")];
      return user.run("git", [...as, ...args]);
    };
    await git("init", "-q", "-b", "trunk");
    const args = ["--record-git-state", "-o", "git"];
    const without = await user.pex([...common, ...args, "--json"], { cwd: user.path("src") });
    expect(without.stderr).toContain("There is no git commit to record");
    await git("add", ".");
    await git("commit", "-q", "-m", "first");
    await git("tag", "-a", "v1", "-m", "v1");
    const commit = (await git("rev-parse", "HEAD")).stdout.trim();
    await user.pex([...common, "--record-git-state", "-o", user.path("git")], { cwd: user.path("src") });
    expect((await pexInfo("git"))["build_properties"]).toMatchObject({
      git_state: { branch: "trunk", commit, description: `v1-0-g${commit.slice(0, 7)}`, tag: "v1" },
    });
  });
});

test("--use-system-time dates what is inside by the clock", async () => {
  const dates = async (pex: string): Promise<string> => {
    const code = "import sys, zipfile; print({e.date_time[0] for e in zipfile.ZipFile(sys.argv[1]).infolist()})";
    return (await user.run(newer.path, ["-c", code, user.path(pex)])).stdout.trim();
  };
  await build("-o", "dated", "--use-system-time");
  await build("-o", "undated");
  expect(await dates("dated")).toBe(`{${new Date().getFullYear()}}`);
  expect(await dates("undated")).toBe("{1980}");
});

test("--max-install-jobs is sealed, and PEX_MAX_INSTALL_JOBS wins over it", async () => {
  await build("-m", "app", "demo", "--max-install-jobs", "2", "-o", "jobs");
  expect(await pexInfo("jobs")).toMatchObject({ max_install_jobs: 2 });
  const run = (count: string): Promise<Result> =>
    user.run(newer.path, [user.path("jobs")], {
      env: { PEX_MAX_INSTALL_JOBS: count, PEX_ROOT: user.path(`root-of-${count}`) },
    });
  for (const count of ["", "1", "0", "-1", "3"]) expect(await run(count)).toMatchObject({ status: 0, stderr: "" });
  for (const count of ["-2", "many"]) {
    const refused = await run(count);
    expect(refused).toMatchObject({ status: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^jobs: The variable PEX_MAX_INSTALL_JOBS must be .*\nhint: .*\n$/);
  }
});

test("--interpreter-selection-strategy chooses the interpreter of the first line, and of PEX_PYTHON_PATH", async () => {
  const pythons = `${newer.path}:${older.path}`;
  for (const [strategy, expected] of [
    ["oldest", older],
    ["newest", newer],
  ] as const) {
    const args = ["-D", user.path("src"), "-m", "app", "--interpreter-constraint", ">=3.7", "--python-path", pythons];
    await user.pex([...args, "--interpreter-selection-strategy", strategy, "-o", strategy]);
    const [first] = readFileSync(user.path(strategy), "latin1").split("\n", 1);
    expect(first).toBe(`#!/usr/bin/env python${expected.name}`);
    const between = compiling.at(1) ?? newer;
    const ran = await user.run(between.path, [user.path(strategy)], { env: { PEX_PYTHON_PATH: pythons } });
    expect(ran).toMatchObject({ status: 0, stdout: `app under ${expected.name}\n` });
  }
});

test("--check has nothing against a PEX that starts", async () => {
  expect(await build("--check", "error", "-o", "checked")).toMatchObject({
    status: 0,
    stdout: "checked\n",
    stderr: "",
  });
});
