/** `pex --project DIR --bdist`: files named after a project, whatever builds it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { bdist, PexError } from "../../src/api.ts";
import { writeProject, type ProjectSpec } from "../support/project-maker.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
  writeWheel(user.path("house"), { name: "colours", version: "1.0", files: { "colours.py": "red = 'red'\n" } });
});
afterAll(() => user.remove());

const GREETER = `
import colours, sys
def main(): print("hello", sys.argv[1:], colours.red)
def loud(): print("HELLO")
`;
const BOTH = { loud: "greeter:loud", greeter: "greeter:main" };

function project(folder: string, spec: Partial<ProjectSpec> = {}): string {
  const files = { "greeter.py": GREETER };
  return writeProject(user.path(folder), { name: "greeter", version: "1.2", requires: ["colours"], files, ...spec });
}

const pex = (cwd: string, ...args: readonly string[]): Promise<Result> =>
  user.pex(["--no-index", "-f", user.path("house"), "--project", ".", "--bdist", ...args], { cwd });

test("dist/NAME-VERSION.pex runs the script of the project's name", async () => {
  const folder = project("namesake", { scripts: BOTH });
  const path = join(folder, "dist", "greeter-1.2.pex");
  expect(await pex(folder)).toMatchObject({
    status: 0,
    stdout: `${path}\n`,
    stderr: `Writing greeter to ${path}\n`,
  });
  expect(readdirSync(join(folder, "dist"))).toEqual(["greeter-1.2.pex"]);
  expect(await user.run(path, ["a", "--b"])).toMatchObject({ stdout: "hello ['a', '--b'] red\n" });
});

test("the name is that of the metadata, and another spelling of the script's is the same name", async () => {
  const folder = project("spelled", { name: "My.Greeter", scripts: { "my-greeter": "greeter:main" } });
  const path = join(folder, "dist", "My.Greeter-1.2.pex");
  expect(await pex(folder)).toMatchObject({ stderr: `Writing my-greeter to ${path}\n`, status: 0 });
});

test("without such a script it is an interpreter", async () => {
  const folder = project("environment", { scripts: { other: "greeter:main" } });
  const path = join(folder, "dist", "greeter-1.2.pex");
  expect(await pex(folder)).toMatchObject({ stderr: `Writing environment pex into ${path}\n`, status: 0 });
  expect(await user.run(path, ["-c", "import greeter; greeter.loud()"])).toMatchObject({ stdout: "HELLO\n" });
});

test("--bdist-all makes one file for each script, where --bdist-dir says", async () => {
  const folder = project("all", { scripts: BOTH });
  const [loud, greeter] = [join(folder, "out", "bin", "loud"), join(folder, "out", "bin", "greeter")];
  expect(await pex(folder, "--bdist-all", "--bdist-dir", "out/bin")).toMatchObject({
    status: 0,
    stdout: `${loud}\n${greeter}\n`,
    stderr: `Writing loud to ${loud}\nWriting greeter to ${greeter}\n`,
  });
  expect(await user.run(loud, [])).toMatchObject({ stdout: "HELLO\n" });
  expect(await user.run(greeter, [])).toMatchObject({ stdout: "hello [] red\n" });
});

test("the project may be a wheel, and other options and requirements join it", async () => {
  const wheel = writeWheel(user.path("built"), {
    name: "greeter",
    version: "2.0",
    files: { "greeter.py": GREETER },
    entryPoints: "[console_scripts]\ngreeter = greeter:main\n",
  });
  const args = ["--no-index", "-f", "house", "--project", wheel, "--bdist", "colours", "--inject-args", "sealed", "-q"];
  expect(await user.pex(args)).toMatchObject({ status: 0, stderr: "" });
  expect(await user.run(user.path("dist", "greeter-2.0.pex"), [])).toMatchObject({ stdout: "hello ['sealed'] red\n" });
});

test("--dry-run only resolves", async () => {
  const folder = project("dry", { scripts: BOTH });
  expect(await pex(folder, "--dry-run")).toMatchObject({ status: 0, stdout: "colours==1.0\ngreeter==1.2\n" });
  expect(readdirSync(folder)).not.toContain("dist");
});

test.each<[why: string, spec: Partial<ProjectSpec>, args: readonly string[], message: RegExp]>([
  [
    "no scripts",
    {},
    ["--bdist-all"],
    /^error: The project has no console scripts: greeter 1\.2 \[NO_SCRIPTS\]\nhint: /,
  ],
  [
    "a script that would leave the directory",
    { scripts: { "../x": "greeter:main" } },
    ["--bdist-all"],
    /no name of a file: \.\.\/x/,
  ],
  ["two projects", {}, ["--project", "."], /One project is wanted with --bdist, not 2/],
  ["an excluded project", {}, ["--exclude", "greeter"], /Nothing is left of the project: \.|greeter/],
])("%s: one error, and nothing is written", async (why, spec, args, message) => {
  const folder = project(why.replaceAll(" ", "-"), spec);
  const { status, stderr } = await pex(folder, ...args);
  expect(stderr).toMatch(message);
  expect(status).not.toBe(0);
  expect(readdirSync(folder)).not.toContain("dist");
});

test("the Node API gives the results", async () => {
  const folder = project("api", { scripts: BOTH });
  const host = { cwd: folder, env: { PEX_ROOT: user.path("api-root"), PATH: process.env["PATH"] }, home: user.home };
  const request = { projects: ["."], all: true, defaultIndex: false, findLinks: [user.path("house")] };
  const results = await bdist(request, { host });
  expect(results.map(({ path }) => path)).toEqual([join(folder, "dist", "loud"), join(folder, "dist", "greeter")]);
  await expect(bdist({ projects: [] }, { host })).rejects.toBeInstanceOf(PexError);
});
