/** `python setup.py bdist_pex`, under the oldest and the newest setuptools that come with a Python here. */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { installPythonPackage } from "../support/installed-package.ts";
import { writeProject } from "../support/project-maker.ts";
import { pythonVersions } from "../support/python-versions.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
let installed: string;
beforeAll(async () => {
  user = new Workspace();
  ({ installed } = await installPythonPackage(user));
});
afterAll(() => user.remove());

const SCRIPTS = { "greeter-loud": "greeter:loud", greeter: "greeter:main" };

/** Interpreters with their setuptools. */
const pythons = pythonVersions()
  .filter(({ major, minor, isPyPy }) => major === 3 && minor >= 8 && !isPyPy)
  .flatMap(({ name, path }) => {
    const probe = spawnSync(path, ["-c", "import setuptools; print(setuptools.__version__)"], { encoding: "utf8" });
    return probe.status === 0 ? [{ name, path, setuptools: probe.stdout.trim() }] : [];
  })
  .filter((_, index, all) => index === 0 || index === all.length - 1);

function project(folder: string): string {
  return writeProject(user.path(folder), {
    name: "greeter",
    version: "1.2",
    scripts: SCRIPTS,
    files: { "greeter.py": "import sys\ndef main(): print('hello', sys.argv[1:])\ndef loud(): print('HELLO')\n" },
    beside: {
      "setup.py": "from setuptools import setup\nsetup(name='greeter', version='1.2', py_modules=['greeter'])\n",
    },
  });
}

function bdistPex(python: string, folder: string, ...args: readonly string[]): Promise<Result> {
  return user.run(python, ["-W", "ignore", "setup.py", "bdist_pex", ...args], {
    cwd: folder,
    env: { PYTHONPATH: installed },
  });
}

test("there is an interpreter with setuptools to try it with", () => {
  expect(pythons).not.toEqual([]);
});

describe.each(pythons)("Python $name with setuptools $setuptools", ({ name, path }) => {
  test("dist/NAME-VERSION.pex runs the script of the project's name", async () => {
    const folder = project(`namesake-${name}`);
    const { status, stdout, stderr } = await bdistPex(path, folder);
    const made = join(folder, "dist", "greeter-1.2.pex");
    expect(stderr).toContain(`Writing greeter to ${made}\n`);
    expect(stdout).toBe(`running bdist_pex\n${made}\n`);
    expect(status).toBe(0);
    expect(await user.run(path, [made, "a"])).toMatchObject({ stdout: "hello ['a']\n" });
  });
});

describe("the options", () => {
  const [python] = pythons.slice(-1);

  test("--bdist-all, --bdist-dir and --pex-args", async () => {
    const args = ["--bdist-all", "--bdist-dir=../bin", "--pex-args=--inject-args 'sealed \"two words\"' --no-compress"];
    expect(await bdistPex(python!.path, project("options"), ...args)).toMatchObject({ status: 0 });
    expect(readdirSync(user.path("bin"))).toEqual(["greeter", "greeter-loud"]);
    expect(await user.run(user.path("bin", "greeter"), [])).toMatchObject({
      stdout: "hello ['sealed', 'two words']\n",
    });
    expect(readdirSync(user.path("options"))).not.toContain("dist");
  });

  const FORBIDDEN = "Must not specify entry point, script or output file to --pex-args, given";
  test.each([
    ["-c greeter", `error: ${FORBIDDEN}: -c greeter\n`],
    ["-v -ogreeter.pex --entry-point=a:b", `error: ${FORBIDDEN}: -o greeter.pex --entry-point a:b\n`],
    ["--exe", "error: --pex-args: argument --exe/--executable/--python-script: expected one argument\n"],
    ["'", "error: --pex-args: No closing quotation: '\n"],
    ["--no-such-option", "error: Unknown option: --no-such-option"],
  ])("--pex-args=%s is refused in one line", async (value, message) => {
    const { status, stderr } = await bdistPex(python!.path, project("refused"), `--pex-args=${value}`);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("Traceback");
    expect(status).not.toBe(0);
  });

  test("a project that cannot be built: the backend is quoted, and the status is that of pex", async () => {
    const folder = writeProject(user.path("broken"), {
      name: "greeter",
      version: "1.2",
      files: {},
      beside: {
        "setup.py": "from setuptools import setup\nsetup(name='greeter', py_modules=['greeter'])\n",
        "backend.py": "import nothing_there\n",
      },
    });
    const { status, stderr } = await bdistPex(python!.path, folder);
    expect(stderr).toContain("nothing_there");
    expect(stderr).toMatch(/^error: /m);
    expect(stderr).not.toMatch(/File .*bdist_pex/);
    expect(status).toBe(1);
  });

  test("no Node.js: one line names what to install", async () => {
    const args = ["-W", "ignore", "setup.py", "bdist_pex"];
    const env = { PYTHONPATH: installed, PATH: user.path("nowhere") };
    const { status, stderr } = await user.run(python!.path, args, { cwd: project("no-node"), env });
    expect(stderr).toContain(
      "error: Node.js 20.19 or newer is needed, and there is none on PATH: pip install 'pexjs[node]'\n",
    );
    expect(status).toBe(1);
  });

  test("a Node.js of another platform: one line says so", async () => {
    const node = user.write("foreign/node", "\x7fELF of another machine");
    chmodSync(node, 0o755);
    const env = { PYTHONPATH: installed, PATH: dirname(node) };
    const args = ["-W", "ignore", "setup.py", "bdist_pex"];
    const { status, stderr } = await user.run(python!.path, args, { cwd: project("foreign-node"), env });
    expect(stderr).toMatch(/^error: cannot run \S+foreign\/node: Exec format error: .*'pexjs\[node\]'\n$/m);
    expect(stderr).not.toContain("Traceback");
    expect(status).toBe(1);
  });

  test("a broken setup.py: the last line is Python's own, and nothing is made", async () => {
    const folder = project("broken-setup");
    writeFileSync(
      join(folder, "setup.py"),
      "from setuptools import setup\nsetup(name='greeter', version=unheard_of)\n",
    );
    const { status, stderr } = await bdistPex(python!.path, folder);
    expect(stderr).toMatch(/\nNameError: name 'unheard_of' is not defined\n$/);
    expect(status).toBe(1);
    expect(readdirSync(folder)).not.toContain("dist");
  });
});
