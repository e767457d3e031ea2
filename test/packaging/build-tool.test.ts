/** A build tool like Pants: one packed `pex`, and every step in a folder of its own that is gone afterwards. */
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { installPythonPackage } from "../support/installed-package.ts";
import { oraclePython } from "../support/python-oracle.ts";
import { pythonVersions } from "../support/python-versions.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { pathWithoutShims, Workspace, type Result } from "../support/workspace.ts";

const user = new Workspace();
const python =
  pythonVersions().findLast(({ major, minor, isPyPy }) => major === 3 && minor >= 8 && !isPyPy)?.path ?? "";
const NAMED_CACHE = user.path("named-caches", "pex_root");
const SETTINGS = ["--tmpdir", ".tmp", "--jobs", "2", "--no-emit-warnings", "--pip-version", "24.2"];
const PYTHON_PATH = ["--python-path", dirname(python)];
const INDEX = ["--no-pypi", `--find-links=${user.path("house")}`];
const RUNNER =
  "import importlib, sys\ndef main(): print(*[importlib.import_module(name).what for name in sys.argv[1:]])\n";

beforeAll(async () => {
  const { wheel, installed } = await installPythonPackage(user);
  const itself = [
    "pexjs",
    "--no-index",
    "-f",
    dirname(wheel),
    "--python",
    python,
    "-c",
    "pex",
    "--no-strip-pex-env",
    "-o",
    "tool/pex",
  ];
  const env = { PYTHONPATH: installed };
  const packed = await user.run(oraclePython(), [join(installed, "bin", "pex"), ...itself], { env });
  expect(packed).toMatchObject({ stdout: "tool/pex\n", stderr: "", status: 0 });
  const entryPoints = "[console_scripts]\nrun-all = runner:main\n";
  writeWheel(user.path("house"), { name: "runner", version: "3", files: { "runner.py": RUNNER }, entryPoints });
  writeWheel(user.path("house"), { name: "helper", version: "1", files: { "helper.py": "what = 'helper 1'\n" } });
  writeWheel(user.path("house"), { name: "helper", version: "2", files: { "helper.py": "what = 'helper 2'\n" } });
  mkdirSync(NAMED_CACHE, { recursive: true });
});
afterAll(() => user.remove());

interface Step {
  readonly env?: Readonly<Record<string, string>>;
  /** What is laid into its folder beside the tool, and what is kept of it. */
  readonly inputs?: readonly string[];
  readonly output?: string;
  readonly files?: Readonly<Record<string, string>>;
}

let steps = 0;

/** Runs a command in a new folder, with a cache that is reached by a link in there. */
async function step(command: readonly string[], { env = {}, inputs = [], output, files = {} }: Step): Promise<Result> {
  const folder = `step-${(steps += 1)}`;
  for (const name of [".cache", ".tmp", "source_files"]) mkdirSync(user.path(folder, name), { recursive: true });
  symlinkSync(NAMED_CACHE, user.path(folder, ".cache", "pex_root"));
  for (const name of ["tool/pex", ...inputs])
    cpSync(user.path(name), user.path(folder, basename(name)), { recursive: true });
  for (const [name, text] of Object.entries(files)) user.write(join(folder, name), text);
  const [program = "", ...args] = command;
  const settings = {
    PATH: `${dirname(python)}:${pathWithoutShims()}`,
    PEX_IGNORE_RCFILES: "true",
    PEX_ROOT: ".cache/pex_root",
  };
  const result = await user.run(program, args, { cwd: user.path(folder), env: { ...settings, ...env } });
  if (output !== undefined) renameSync(user.path(folder, output), user.path(output));
  rmSync(user.path(folder), { recursive: true });
  return result;
}

/** Runs the tool as such callers do: the settings of all calls first, then those of this one. */
function pex(args: readonly string[], more: Step = {}): Promise<Result> {
  return step([python, "pex", ...SETTINGS, ...PYTHON_PATH, ...args], more);
}

const PACKED = ["--python", python, "--sources-directory=source_files", "--no-manylinux", "--layout", "packed"];

test("it asks which interpreter satisfies the constraints", async () => {
  const code = "import os, sys; print(os.path.realpath(sys.executable))";
  const selection = ["--interpreter-constraint", "CPython<4,>=3.8", "--", "-c", code];
  const env = { PEX_PYTHON_PATH: dirname(python) };
  const found = await step(["./pex", ...SETTINGS, ...PYTHON_PATH, ...selection], { env });
  expect(found).toMatchObject({ stdout: `${python}\n`, stderr: "", status: 0 });
});

test("it joins requirements and a runner, and starts what they became while the folders that made it are gone", async () => {
  const files = { "constraints.txt": "helper<2\n", "arguments.txt": "--constraints\nconstraints.txt\nhelper\n" };
  const requirements = [
    "--output-file",
    "requirements.pex",
    ...PACKED,
    ...INDEX,
    "--no-pre-install-wheels",
    "@arguments.txt",
  ];
  expect(await pex(requirements, { files, output: "requirements.pex" })).toMatchObject({ stderr: "", status: 0 });
  const sources = ["--output-file", "sources.pex", ...PACKED, "--no-transitive", "--no-compile"];
  const made = { files: { "source_files/shipped.py": "what = 'shipped'\n" }, output: "sources.pex" };
  expect(await pex(sources, made)).toMatchObject({ stderr: "", status: 0 });

  const venv = ["--venv", "prepend", "--seed", "verbose", "--venv-site-packages-copies", "--console-script", "run-all"];
  const runner = [
    "--output-file",
    "runner.pex",
    ...PACKED,
    ...INDEX,
    ...venv,
    "--pex-path",
    "requirements.pex:sources.pex",
    "runner",
  ];
  const inputs = ["requirements.pex", "sources.pex"];
  const seeded = await pex(runner, { inputs, output: "runner.pex" });
  expect(seeded).toMatchObject({ stderr: "", status: 0 });
  const seed = JSON.parse(seeded.stdout) as { pex: string; pex_root: string };
  const place = join(".cache/pex_root", relative(seed.pex_root, dirname(seed.pex)));

  const own = { "src/own.py": "what = 'own'\n" };
  const extra = { env: { PEX_EXTRA_SYS_PATH: "src" }, files: own };
  const ran = await step([join(place, "pex"), "helper", "shipped", "own"], extra);
  expect(ran).toMatchObject({ stdout: "helper 1 shipped own\n", stderr: "", status: 0 });
  expect(await step([join(place, "bin", "run-all"), "helper"], {})).toMatchObject({ stdout: "helper 1\n", status: 0 });
  const code = "import shipped; print(shipped.what)";
  expect(await step([join(place, "bin", "python"), "-c", code], {})).toMatchObject({ stdout: "shipped\n", status: 0 });
  const other = await step([join(place, "pex")], { env: { ...extra.env, PEX_MODULE: "own" }, files: own });
  expect(other).toMatchObject({ stdout: "", stderr: "", status: 0 });

  // The cache is lost: the files make the same environment again, in the same place.
  rmSync(NAMED_CACHE, { recursive: true });
  mkdirSync(NAMED_CACHE);
  const env = { PEX_INTERPRETER: "1" };
  const again = await step([python, "runner.pex", "-c", ""], { env, inputs: [...inputs, "runner.pex"] });
  expect(again).toMatchObject({ stdout: "", stderr: "", status: 0 });
  const tools = { env: { PEX_TOOLS: "1" }, inputs: [...inputs, "runner.pex"] };
  const { stdout: listed } = await step([python, "runner.pex", "repository", "info"], tools);
  expect(listed).toMatch(/^runner 3 .*\nhelper 1 .*\n$/);
  expect(await step([join(place, "pex"), "helper", "shipped"], {})).toMatchObject({ stdout: "helper 1 shipped\n" });
});

test("it takes a part of what was resolved once, and looks into it with the tools", async () => {
  const subset = [
    "--output-file",
    "subset.pex",
    ...PACKED,
    "--pex-repository",
    "requirements.pex",
    "helper",
    "-m",
    "helper",
  ];
  const kept = { inputs: ["requirements.pex"], output: "subset.pex" };
  expect(await pex([...subset, "--no-strip-pex-env"], kept)).toMatchObject({ stderr: "", status: 0 });
  const tools = { env: { PEX_MODULE: "pexjs.tools" }, inputs: ["subset.pex"] };
  const info = await step([python, "pex", "subset.pex", "repository", "info", "-v"], tools);
  expect(JSON.parse(info.stdout)).toMatchObject({ project_name: "helper", version: "1", requires_dists: [] });
  const inspected = await step(["./pex", "interpreter", "inspect"], { env: { PEX_SCRIPT: "pex3" } });
  expect(inspected).toMatchObject({ stderr: "", status: 0 });
});

test("another program imports what is in the tool", async () => {
  const code = "import __pex__, pexjs.launcher; print(pexjs.launcher.command_line('pex')[1])";
  const imported = await step([python, "-c", code], { env: { PYTHONPATH: "pex" } });
  expect(imported).toMatchObject({ stdout: expect.stringMatching(/pexjs\/js\/bin\/pex\n$/), stderr: "", status: 0 });
});
