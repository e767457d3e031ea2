/** The single executable: what it is made of, and what it does where there is no Node.js. */
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { writeProject } from "../support/project-maker.ts";
import { oraclePython } from "../support/python-oracle.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const { version: VERSION } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string };

let user: Workspace;
let executable: string;

beforeAll(async () => {
  user = new Workspace();
  executable = user.path("pexjs-linux-x64");
  expect(await make(executable)).toEqual({ status: 0, signal: null, stdout: `${executable}\n`, stderr: "" });
  for (const name of ["pex", "pex3", "pex-tools"]) symlinkSync(executable, user.path(name));
});
afterAll(() => user.remove());

function make(path: string): Promise<Result> {
  return user.run(process.execPath, [join(PROJECT, "scripts", "build-executable.mjs"), path]);
}

/** Runs it by one of its names on a machine whose PATH is empty. */
function command(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const PEXJS_DEFAULT_PYTHON = oraclePython();
  return user.run(user.path(name), args, { env: { PATH: user.path("nowhere"), PEXJS_DEFAULT_PYTHON, ...env } });
}

test("it is hardly larger than the Node.js inside, and equal sources make equal bytes", async () => {
  expect(statSync(executable).size).toBeLessThan(1.1 * statSync(process.execPath).size);
  const again = user.path("again");
  await make(again);
  expect(readFileSync(again).equals(readFileSync(executable))).toBe(true);
});

test.each([
  ["pex", "usage: pex "],
  ["pex3", "usage: pex3 "],
  ["pex-tools", "usage: pex-tools "],
  ["pexjs-linux-x64", "usage: pex "],
])("called %s it answers: %s", async (name, beginning) => {
  expect(await command(name, ["--version"])).toMatchObject({ stdout: `${VERSION}\n`, stderr: "", status: 0 });
  expect((await command(name, ["--help"])).stdout.toLowerCase()).toContain(beginning);
});

test("without Node.js it builds a project by its backend, and looks into the file; the bytes are those of `bin/pex`", async () => {
  const project = writeProject(user.path("greeter"), {
    name: "greeter",
    version: "1.2",
    scripts: { greeter: "greeter:main" },
    files: { "greeter.py": "def main(): print('hello')\n" },
  });
  const args = ["--no-index", project, "-c", "greeter", "--python", oraclePython(), "-o"];
  expect(await command("pex", [...args, "greeter.pex"])).toMatchObject({ stdout: "greeter.pex\n", stderr: "" });
  expect(await user.run(oraclePython(), ["greeter.pex"])).toMatchObject({ stdout: "hello\n" });
  const info = await command("pex-tools", ["greeter.pex", "info"]);
  expect(JSON.parse(info.stdout)).toMatchObject({ entry_point: "greeter:main" });
  expect(await user.pex([...args, "other.pex"])).toMatchObject({ stderr: "" });
  expect(readFileSync(user.path("greeter.pex")).equals(readFileSync(user.path("other.pex")))).toBe(true);
});

test("its Python files lie in the cache once, whoever comes first, and are made again when they have been pruned", async () => {
  const root = user.path("pruned");
  const run = (): Promise<Result> => command("pex", ["--no-index", "--", "-c", "print('ran')"], { PEX_ROOT: root });
  for (const first of await Promise.all([run(), run(), run()])) {
    expect(first).toMatchObject({ stdout: "ran\n", stderr: "" });
  }
  const bucket = join(root, "pexjs", "1", "build", "package");
  const made = readdirSync(bucket, { recursive: true });
  expect(made.filter((path) => String(path).endsWith("interpreter_info.py"))).toHaveLength(1);
  expect((await user.run(process.execPath, [user.bin("pex3"), "cache", "purge", "--pex-root", root])).status).toBe(0);
  expect(readdirSync(bucket)).toEqual([]);
  expect(await run()).toMatchObject({ stdout: "ran\n", stderr: "" });
  expect(readdirSync(bucket, { recursive: true })).toEqual(made);
});

test("where no cache can be written they are temporary", async () => {
  const args = ["--no-index", "--disable-cache", "-o", "empty.pex"];
  const built = await command("pex", args, { PEX_ROOT: "/proc/nowhere" });
  expect(built).toMatchObject({ stdout: "empty.pex\n", stderr: "", status: 0 });
  expect(readdirSync(user.path("tmp"))).toEqual([]);
});

test("a Node.js that takes no application is refused in one line", async () => {
  const script = `Object.defineProperty(process, "execPath", { value: ${JSON.stringify(executable)} });`;
  writeFileSync(user.path("inside.cjs"), script);
  const args = ["--require", user.path("inside.cjs"), join(PROJECT, "scripts", "build-executable.mjs"), "none"];
  const { status, stderr } = await user.run(process.execPath, args);
  expect(stderr).toMatch(/^build-executable: [^\n]+\n$/);
  expect(status).toBe(1);
});
