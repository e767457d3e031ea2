/** The Python package in virtual environments of a machine without Node.js: installed by pip, from the real index. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { writePythonPackage } from "../../scripts/python-package.ts";
import { writeProject } from "../support/project-maker.ts";
import { hasPip, pythonVersions } from "../support/python-versions.ts";
import { pathWithoutShims, Workspace, type Result, type RunOptions } from "../support/workspace.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const python = pythonVersions().findLast((each) => each.major === 3 && each.minor >= 8 && !each.isPyPy && hasPip(each));

let user: Workspace;
let sdist: string;
/** A PATH with the Python, and with what the first lines of scripts need. */
let path: string;

beforeAll(async () => {
  user = new Workspace();
  mkdirSync(user.path("bin"));
  for (const name of ["env", "sh"]) symlinkSync(join("/usr/bin", name), user.path("bin", name));
  symlinkSync(python?.path ?? "python3", user.path("bin", `python${python?.name}`));
  path = user.path("bin");
  const [wheel = "", source = ""] = await writePythonPackage(PROJECT, user.path("dist"));
  sdist = source;
  await venv("venv", `${wheel}[node]`, "setuptools");
});
afterAll(() => user.remove());

function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return user.run(command, args, { online: true, ...options, env: { PATH: path, ...options.env } });
}

/** Makes a virtual environment with these packages. */
async function venv(name: string, ...packages: readonly string[]): Promise<void> {
  const made = await run(python?.path ?? "python3", ["-m", "venv", name]);
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages];
  const filled = await run(user.path(name, "bin", "python"), pip);
  expect(made.stderr + filled.stderr).toBe("");
}

test("there is no Node.js on this machine, and pex runs a program of the index", async () => {
  expect((await run("/bin/sh", ["-c", "command -v node"])).stdout).toBe("");
  const result = await run(user.path("venv", "bin", "pex"), ["cowsay==6.1", "-c", "cowsay", "--", "-t", "no Node"]);
  expect(result).toMatchObject({ stdout: expect.stringContaining("| no Node |"), stderr: "", status: 0 });
});

test("the sdist installs as the wheel does, and the Node.js of PATH will do", async () => {
  await venv("from-sdist", sdist);
  const env = { PATH: `${dirname(process.execPath)}:${pathWithoutShims()}` };
  const result = await run(user.path("from-sdist", "bin", "pex3"), ["--version"], { env });
  expect(result).toMatchObject({ stdout: expect.stringMatching(/^\d+\.\d+/), status: 0 });
});

test("bdist_pex under the current setuptools", async () => {
  const project = writeProject(user.path("greeter"), {
    name: "greeter",
    version: "1.2",
    scripts: { greeter: "greeter:main" },
    files: { "greeter.py": "def main(): print('hello')\n" },
    beside: {
      "setup.py": "from setuptools import setup\nsetup(name='greeter', version='1.2', py_modules=['greeter'])\n",
    },
  });
  const made = join(project, "dist", "greeter-1.2.pex");
  const result = await run(user.path("venv", "bin", "python"), ["setup.py", "bdist_pex"], { cwd: project });
  expect(result).toMatchObject({ stdout: `running bdist_pex\n${made}\n`, status: 0 });
  expect(await run(made, [])).toMatchObject({ stdout: "hello\n" });
});

test("pex packs itself into one file, which builds without Node.js in and outside of virtual environments", async () => {
  const itself = ["pexjs[node]", "requests==2.32.3", "-f", user.path("dist"), "-c", "pex", "-o", "packed/pex"];
  expect(await run(user.path("venv", "bin", "pex"), itself)).toMatchObject({ stdout: "packed/pex\n", status: 0 });
  rmSync(user.path("venv"), { recursive: true });
  const packed = user.path("packed", "pex");
  expect(await run(packed, ["cowsay==6.1", "-c", "cowsay", "-o", "cow.pex"])).toMatchObject({ stdout: "cow.pex\n" });
  const said = await run(user.path("cow.pex"), ["-t", "packed"]);
  expect(said.stdout).toContain("| packed |");
  const inside = await run(user.path("from-sdist", "bin", "python"), [
    packed,
    "cowsay==6.1",
    "--",
    "-c",
    "import cowsay",
  ]);
  expect(inside).toMatchObject({ stderr: "", status: 0 });
});
