/** What `npm pack` makes installs from the file alone, holds nothing that is not needed, and works from there. */
import { cpSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let user: Workspace;
let packed: Packed;

beforeAll(async () => {
  user = new Workspace();
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", user.dir];
  [packed] = JSON.parse((await npm(PROJECT, ...pack)).stdout) as [Packed];
  const install = ["install", "--global", "--offline", "--no-audit", "--no-fund", "--prefix", user.path("prefix")];
  const installed = await npm(user.dir, ...install, user.path(packed.filename));
  expect(installed.status, installed.stderr).toBe(0);
});
afterAll(() => user.remove());

const npm = (cwd: string, ...args: readonly string[]): Promise<Result> => user.run("npm", args, { cwd });

test("it holds the built commands, the API with its types, and the Python that goes with them", () => {
  const folders = new Set(packed.files.map(({ path }) => path.split("/").slice(0, -1).join("/") || "."));
  expect(
    [...folders].filter((path) => !/^dist\/types\/|^docs\/|^python\/runtime\/pexjs_runtime/.test(path)).toSorted(),
  ).toEqual([".", "bin", "dist", "dist/api", "dist/bytecode", "dist/types", "docs", "python/probes", "python/runtime"]);
  expect(packed.files.filter(({ path }) => /__pycache__|\.pyc$|\.test\./.test(path))).toEqual([]);
});

test("the three commands are there, and build", async () => {
  const bin = (name: string): string => user.path("prefix", "bin", name);
  for (const name of ["pex", "pex3", "pex-tools"]) {
    expect(await user.run(bin(name), ["--version"])).toMatchObject({
      stdout: expect.stringMatching(/^\d+\.\d+/),
      stderr: "",
    });
  }
  for (const command of [
    ["pex", "--docs"],
    ["pex3", "docs"],
  ]) {
    const [name = "", ...args] = command;
    const { stdout } = await user.run(bin(name), args);
    expect(readFileSync(stdout.trimEnd(), "utf8")).toMatch(/^# Documentation\n/);
  }
  const entryPoints = "[console_scripts]\ngreet = greet:main\n";
  writeWheel(user.path("house"), {
    name: "greet",
    version: "1.0",
    files: { "greet.py": "def main(): print('hi')\n" },
    entryPoints,
  });
  const built = await user.run(bin("pex"), ["--no-index", "-f", "house", "greet", "-c", "greet", "-o", "greet.pex"]);
  expect(built).toMatchObject({ stdout: "greet.pex\n", stderr: "", status: 0 });
  expect(await user.run(user.path("greet.pex"), [])).toMatchObject({ stdout: "hi\n" });
});

test("the API is imported by the package's name", async () => {
  cpSync(user.path("prefix", "lib", "node_modules"), user.path("app", "node_modules"), { recursive: true });
  const script = user.write(
    "app/list.mjs",
    "import { listTargets } from 'pexjs';\nconsole.log(listTargets().length > 0);\n",
  );
  expect(await user.run(process.execPath, [script])).toMatchObject({ stdout: "true\n", stderr: "" });
});
