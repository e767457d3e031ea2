/** Builds from what is installed in virtual environments, which pip has filled. */
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { BuildResult } from "../../src/app/build-request.ts";
import { oraclePython } from "../support/python-oracle.ts";
import { pythonVersions } from "../support/python-versions.ts";
import { writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const LONG = "a name that is so long, with blanks, that no first line of a script has room for it";
const TOOL: WheelSpec = {
  name: "Tool",
  version: "1.0",
  requires: ["helper>=0.5"],
  entryPoints: "[console_scripts]\ntool = tool:main\n",
  files: {
    "tool/__init__.py": "import helper\ndef main():\n    print('tool with ' + helper.NAME)\n",
    "Tool-1.0.data/scripts/old-tool": "#!python\nprint('old tool')\n",
    "Tool-1.0.data/scripts/shell-tool": "#!/bin/sh\necho shell tool\n",
    "Tool-1.0.data/data/share/words and more.txt": "words",
    "Tool-1.0.data/headers/tool.h": "// tool",
  },
  executables: ["Tool-1.0.data/scripts/old-tool", "Tool-1.0.data/scripts/shell-tool"],
};
const HELPER: WheelSpec = { name: "helper", version: "1.0rc1", files: { "helper.py": "NAME = 'helper'\n" } };
/** Members of the `.data` directory of a wheel whose tags are those of two platforms. */
const LINUX: WheelSpec = {
  name: "linux",
  version: "2",
  tag: "py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64",
  purelib: false,
  files: { "linux.py": "" },
};

/** The oldest and the newest that the pip of the test tools installs for. */
const [oldest, newest] = pythonVersions()
  .filter(({ major, minor, isPyPy }) => major === 3 && minor > 6 && minor < 15 && !isPyPy)
  .filter((_, at, all) => at === 0 || at === all.length - 1);

let user: Workspace;
beforeAll(async () => {
  user = new Workspace();
  for (const spec of [TOOL, HELPER, LINUX]) writeWheel(user.path("house"), spec);
  await makeVenv(oraclePython(), "venv", ["Tool-1.0-py2.py3-none-any.whl", "helper-1.0rc1-py2.py3-none-any.whl"]);
});
afterAll(() => user.remove());

async function makeVenv(python: string, name: string, wheels: readonly string[]): Promise<void> {
  await succeed(user.run(python, ["-m", "venv", "--without-pip", name]));
  const paths = wheels.map((wheel) => user.path("house", wheel));
  const pip = ["-m", "pip", "--python", user.path(name, "bin", "python"), "install", "--no-deps", "--no-index"];
  await succeed(user.run(oraclePython(), [...pip, "--disable-pip-version-check", "-q", ...paths]));
}

async function succeed(result: Promise<Result>): Promise<Result> {
  const { status, stderr, stdout } = await result;
  if (status !== 0) throw new Error(`${status}: ${stdout}${stderr}`);
  return result;
}

async function build(args: readonly string[], env: Record<string, string> = {}): Promise<BuildResult> {
  const { stdout } = await succeed(user.pex([...args, "-o", "out.pex", "--json"], { env }));
  return JSON.parse(stdout) as BuildResult;
}

const projects = ({ distributions }: BuildResult): string[] => distributions.map(({ project }) => project);

/** Members of an archive and their texts; rows of RECORD in one order. */
function texts(bytes: Uint8Array): Record<string, string> {
  const members = Object.entries(unzipSync(bytes)).map(([name, data]) => [name, Buffer.from(data).toString()] as const);
  const sorted = (text: string): string => text.split("\n").toSorted().join("\n");
  return Object.fromEntries(
    members.map(([name, text]) => [name, name.endsWith("/RECORD") ? sorted(text) : text] as const),
  );
}

test("what pip installed becomes the wheels again that it was installed from", async () => {
  expect(projects(await build(["--venv-repository", "venv"]))).toEqual(["helper", "tool"]);
  const inside = unzipSync(readFileSync(user.path("out.pex")));
  const wheels = ["Tool-1.0-py2.py3-none-any.whl", "helper-1.0rc1-py2.py3-none-any.whl"];
  for (const wheel of wheels) {
    expect(texts(inside[`.deps/${wheel}`] ?? new Uint8Array())).toEqual(texts(readFileSync(user.path("house", wheel))));
  }
  const run = (script: string): Promise<Result> =>
    user.run(oraclePython(), [user.path("out.pex")], { env: { PEX_SCRIPT: script } });
  expect((await run("tool")).stdout).toBe("tool with helper\n");
  expect((await run("old-tool")).stdout).toBe("old tool\n");
  expect((await run("shell-tool")).stdout).toBe("shell tool\n");
});

test("the same distributions in other environments give the same bytes", async () => {
  const wheels = ["Tool-1.0-py2.py3-none-any.whl", "helper-1.0rc1-py2.py3-none-any.whl"];
  await makeVenv(oraclePython(), LONG, wheels);
  const first = await build(["--venv-repository", "venv"]);
  const second = await build(["--venv-repository", join(LONG, "bin", "python")]);
  expect(second.sha256).toBe(first.sha256);
});

test.each<readonly [string, readonly string[], Record<string, string>]>([
  ["the active one", ["--venv-repository", "--no-pypi"], { VIRTUAL_ENV: "venv" }],
  ["that of the directory", ["--venv-repository", "--no-pypi"], {}],
])("without a path it is %s", async (_, args, env) => {
  if (env["VIRTUAL_ENV"] === undefined) await succeed(user.run("ln", ["-s", "venv", ".venv"]));
  const variables = Object.fromEntries(Object.entries(env).map(([name, path]) => [name, user.path(path)]));
  expect(projects(await build(args, variables))).toEqual(["helper", "tool"]);
});

test("requirements choose from it, and nothing is looked up elsewhere", async () => {
  expect(projects(await build(["--venv-repository", "venv", "helper"]))).toEqual(["helper"]);
  for (const [args, message] of [
    [["flask"], 'No project named "flask" in venv'],
    [["helper>=2"], "Usable versions: 1.0rc1"],
    [["-f", "house"], "Option --venv-repository leaves no room for --index and --find-links"],
    [["--pex-repository", "x.pex"], "can be only one source of distributions"],
  ] as const) {
    const { status, stderr } = await user.pex(["--venv-repository", "venv", ...args, "-o", "out.pex"]);
    expect([status === 0, stderr]).toEqual([false, expect.stringContaining(message)]);
  }
});

test("no Python is started for another machine, and none need work", async () => {
  await makeVenv(oraclePython(), "no-python", ["linux-2-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"]);
  for (const name of ["python", "python3", "python3.11"]) rmSync(user.path("no-python", "bin", name), { force: true });
  mkdirSync(user.path("empty"));
  const args = ["--venv-repository", "no-python", "--platform", "linux_x86_64-cp-312-cp312"];
  const { distributions } = await build(args, { PATH: user.path("empty") });
  expect(distributions.map(({ file }) => file)).toEqual([
    "linux-2-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
  ]);
  const { stderr } = await user.pex([...args.slice(0, 3), "macosx_14_0_arm64-cp-312-cp312", "-o", "out.pex"]);
  expect(stderr).toContain("linux");
});

test.skipIf(oldest === undefined || oldest === newest)("each of several serves its own interpreter", async () => {
  if (oldest === undefined || newest === undefined) return;
  const border = `3.${newest.minor}`;
  for (const [version, { path }, requiresPython] of [
    ["1", oldest, `<${border}`],
    ["2", newest, `>=${border}`],
  ] as const) {
    const files = { "both.py": `VERSION = '${version}'\n` };
    writeWheel(user.path("house"), { name: "both", version, requiresPython, files });
    await makeVenv(path, `venv-${version}`, [`both-${version}-py2.py3-none-any.whl`]);
  }
  const venvs = ["--venv-repository", "venv-1", "--venv-repository", "venv-2"];
  const { targets, distributions } = await build(venvs);
  expect(targets).toEqual([expect.stringContaining(oldest.name), expect.stringContaining(newest.name)]);
  expect(distributions.map(({ version }) => version)).toEqual(["1", "2"]);
  for (const [{ path }, version] of [
    [oldest, "1"],
    [newest, "2"],
  ] as const) {
    const code = ["-c", "import both; print(both.VERSION)"];
    expect((await user.run(path, [user.path("out.pex"), ...code])).stdout).toBe(`${version}\n`);
  }
  // For a target of its own choice: the first that has all.
  expect((await build([...venvs, "--python", newest.path, "both==2"])).distributions).toHaveLength(1);
});

test("a project of which only a reference is installed is built, where it is required", async () => {
  user.write(
    "project/pyproject.toml",
    "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
  );
  user.write("project/made.py", "WORD = 'built'\n");
  user.write("project/backend.py", BACKEND);
  cpSync(user.path("venv"), user.path("develop"), { recursive: true, verbatimSymlinks: true });
  const info = "develop/lib/python3.11/site-packages/made-1.0.dist-info";
  user.write(`${info}/METADATA`, "Metadata-Version: 2.1\nName: made\nVersion: 1.0\nRequires-Dist: helper\n");
  user.write(`${info}/WHEEL`, "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
  user.write(`${info}/RECORD`, "");
  user.write(
    `${info}/direct_url.json`,
    JSON.stringify({ url: `file://${user.path("project")}`, dir_info: { editable: true } }),
  );
  expect(projects(await build(["--venv-repository", "develop"]))).toEqual(["helper", "made", "tool"]);
  const { stdout } = await user.run(oraclePython(), [user.path("out.pex"), "-c", "import made; print(made.WORD)"]);
  expect(stdout).toBe("built\n");
  expect(projects(await build(["--venv-repository", "develop", "made"]))).toEqual(["helper", "made"]);
});

test.each<readonly [string, string, string, string]>([
  ["no environment", "house", "Not a virtual environment", "hint: Give the directory that holds its `pyvenv.cfg`"],
  ["an environment that lacks a file", "broken", "a file of it is missing, helper.py", "hint: Install it again"],
])("refuses %s", async (_, name, message, hint) => {
  if (name === "broken") {
    cpSync(user.path("venv"), user.path(name), { recursive: true, verbatimSymlinks: true });
    rmSync(user.path(name, "lib/python3.11/site-packages/helper.py"));
  }
  const { status, stderr } = await user.pex(["--venv-repository", name, "-o", "out.pex"]);
  expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(stderr).toContain(hint);
});

/** A build backend that needs nothing. */
const BACKEND = `
import os, zipfile
INFO = "made-1.0.dist-info/"
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "made-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.write("made.py")
        wheel.writestr(INFO + "METADATA", "Metadata-Version: 2.1\\nName: made\\nVersion: 1.0\\nRequires-Dist: helper\\n")
        wheel.writestr(INFO + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(INFO + "RECORD", "")
    return name
`;
